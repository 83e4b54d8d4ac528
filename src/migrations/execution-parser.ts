// The package keeps its glue out of `exports`, and its own loader looks for the .wasm where no bundle has it.
import {
  initSync,
  parse_sql,
  validate_sql,
} from '../../node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm.js'
import type { SqlParser } from './execution-model.ts'
import { wasmBytes } from './execution-wasm.ts'
import { shapesOf } from './statement-shapes.ts'

let loading: Promise<SqlParser> | undefined

/** sqlparser 0.61, the version inside the engine of Prisma 7.10 (its WebAssembly names the crate). Loaded once. */
export function loadSqlParser(): Promise<SqlParser> {
  loading ??= load()
  return loading
}

async function load(): Promise<SqlParser> {
  const source = { packageName: '@guanmingchiu/sqlparser-ts', fromEntry: '../wasm' }
  initSync({ module: await wasmBytes('sqlparser_rs_wasm_bg.wasm', source) })
  return { countStatements }
}

const readable = new Map<string, boolean>()

/** A shape has no semicolon, so it is one statement or none that it reads. Each is asked about once, however often it comes. */
function isReadable(shape: string): boolean {
  const known = readable.get(shape) ?? unlessRefused(() => validate_sql('postgresql', shape)) === true
  readable.set(shape, known)
  return known
}

function countStatements(sql: string): number | undefined {
  const shapes = shapesOf(sql)
  if (shapes?.every(isReadable)) return shapes.length
  return unlessRefused(() => (parse_sql('postgresql', sql) as readonly unknown[]).length)
}

function unlessRefused<Answer>(ask: () => Answer): Answer | undefined {
  try {
    return ask()
  } catch (error) {
    // A refusal is an object with a message; a trap means that the module itself is broken from here on.
    if (error instanceof Error && error.name === 'RuntimeError') throw error
    return undefined
  }
}
