import type { ErrorCapturingSqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg'
import { wasmBytes } from '../migrations/execution-wasm.ts'
import { EngineFailure } from './failures.ts'

export type WasmEngine = glue.SchemaEngine

export type SchemaFile = readonly [path: string, content: string]

/** A global of which the types of Node.js know the types only (@types/node 20.19). */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

let loaded: Promise<void> | undefined
let panic: string | undefined

/** The engine connects while it is made. */
export async function wasmEngine(
  schemaFiles: readonly SchemaFile[],
  adapters: ErrorCapturingSqlMigrationAwareDriverAdapterFactory,
): Promise<WasmEngine> {
  await load()
  const datamodels =
    schemaFiles.length === 0 ? undefined : schemaFiles.map(([path, content]): [string, string] => [path, content])
  return glue.SchemaEngine.new({ datamodels }, () => undefined, adapters)
}

export async function engineHash(): Promise<string> {
  await load()
  return glue.version()
}

/** What the engine said before it stopped for good, if it did. */
export function enginePanic(): EngineFailure | undefined {
  return panic === undefined ? undefined : new EngineFailure(undefined, `The schema engine stopped: ${panic}`)
}

function load(): Promise<void> {
  loaded ??= instantiate()
  return loaded
}

/** By hand, because the package's own loader is for bundlers that know how to import a .wasm file. */
async function instantiate(): Promise<void> {
  const source = { packageName: '@prisma/schema-engine-wasm', fromEntry: '.' }
  const bytes = await wasmBytes('schema_engine_bg.wasm', source)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(exports)
  const start = exports.__wbindgen_start as () => void
  start()
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => (panic = message) } })
}
