// The package keeps its glue out of `exports`, and its own loader looks for the .wasm where no bundle has it.
import { initSync, parse_sql } from '../../node_modules/@guanmingchiu/sqlparser-ts/wasm/sqlparser_rs_wasm.js'
import type { SqlParser } from './execution-model.ts'
import { wasmBytes } from './execution-wasm.ts'

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

function countStatements(sql: string): number | undefined {
  try {
    return (parse_sql('postgresql', sql) as readonly unknown[]).length
  } catch (error) {
    // A refusal is an object with a message; a trap means that the module itself is broken from here on.
    if (error instanceof Error && error.name === 'RuntimeError') throw error
    return undefined
  }
}
