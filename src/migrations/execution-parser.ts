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
/** Once it ran out of stack or memory it has lost its bearings, and nothing it says from then on counts. */
let broken = false

function countStatements(sql: string): ReturnType<SqlParser['countStatements']> {
  const shapes = shapesOf(sql)
  if (shapes?.every(isReadable)) return shapes.length
  // Most files that come to this are refused, which is told without making objects of all that was read.
  const count = validates(sql)
    ? unlessRefused(() => (parse_sql('postgresql', sql) as readonly unknown[]).length)
    : undefined
  return broken ? 'unknown' : count
}

function validates(sql: string): boolean {
  return unlessRefused(() => validate_sql('postgresql', sql)) === true
}

/** A shape has no semicolon, so it is one statement or none that it reads. Each is asked about once, however often it comes. */
function isReadable(shape: string): boolean {
  const known = readable.get(shape)
  if (known !== undefined) return known
  const answer = validates(shape)
  if (!broken) readable.set(shape, answer)
  return answer
}

/** A refusal is an object with a message; an error of the machine is not one. */
function unlessRefused<Answer>(ask: () => Answer): Answer | undefined {
  if (broken) return undefined
  try {
    return ask()
  } catch (error) {
    broken = error instanceof Error && (error.name === 'RuntimeError' || error instanceof RangeError)
    return undefined
  }
}
