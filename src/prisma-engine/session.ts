import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { messageOf } from '../errors.ts'
import { connectAdapter, detachedAdapter, type Mishaps } from './adapter.ts'
import type { ModelOf } from './execution.ts'
import { EngineFailure } from './failures.ts'
import { failedMigrationMessage } from './script.ts'
import { connectToShadow, type SessionTarget } from './shadow.ts'
import { enginePanic, type SchemaFile, type WasmEngine, wasmEngine } from './wasm.ts'

/** One database and the engine that is connected to it. */
export interface EngineSession {
  call(method: string, params: unknown): Promise<unknown>
  dispose(): Promise<void>
}

export async function openSession(
  target: SessionTarget,
  schemaFiles: readonly SchemaFile[],
  models: () => Promise<ModelOf>,
): Promise<EngineSession> {
  const mishaps: Mishaps = {}
  const { main } = target
  // Before the engine does it: an error of ours names the server, one that went through the engine does not.
  const adapter = main === undefined ? detachedAdapter() : await connectAdapter(main, models, mishaps)
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: adapter.adapterName,
    connect: async () => adapter,
    connectToShadowDb: () => connectToShadow(target, models),
  })
  try {
    const engine = await wasmEngine(schemaFiles, factory)
    const lostError = (id: number) => factory.errorRegistry.consumeError(id)?.error
    return {
      call: (method, params) => callEngine(engine, { mishaps, lostError }, method, params),
      dispose: () => adapter.dispose(),
    }
  } catch (thrown) {
    await adapter.dispose()
    throw thrown
  }
}

/** Puts right what got lost on the way through the engine. */
async function callEngine(
  engine: WasmEngine,
  { mishaps, lostError }: { readonly mishaps: Mishaps; readonly lostError: (id: number) => unknown },
  method: string,
  params: unknown,
): Promise<unknown> {
  delete mishaps.failedMigration
  delete mishaps.unreadableHistory
  // By name, with parameters that only the engine reads: engine.ts says which names there are, its types know neither.
  const methods = engine as unknown as Methods
  try {
    const result = await replayedIfNeeded(methods, () => methods[method]?.call(engine, params), params)
    throwUnreadableHistory(mishaps)
    return result
  } catch (thrown) {
    const panic = enginePanic()
    if (panic !== undefined) throw panic
    if (method === 'applyMigrations') throwFailedMigration(mishaps)
    // An error of ours that the engine does not know comes back as its number.
    const [, id] = /External error id#(\d+)/.exec(messageOf(thrown)) ?? []
    throw (id === undefined ? undefined : lostError(Number(id))) ?? thrown
  }
}

type Methods = Readonly<Record<string, (params: unknown) => Promise<unknown>>>

/**
 * Two methods of the engine in WebAssembly cannot reach a shadow database and count on what an earlier call learnt
 * from one (schema-engine-wasm 7.10.0); after `applyMigrations` nobody has learnt it yet.
 */
async function replayedIfNeeded<Result>(
  engine: Methods,
  call: () => Promise<Result> | undefined,
  params: unknown,
): Promise<Result | undefined> {
  try {
    return await call()
  } catch (thrown) {
    if (!messageOf(thrown).includes('must be provided through an external factory')) throw thrown
    await engine.devDiagnostic?.call(engine, params)
    return call()
  }
}

function throwUnreadableHistory({ unreadableHistory }: Mishaps): void {
  if (unreadableHistory === undefined) return
  throw new EngineFailure(undefined, `The migration history cannot be read: ${unreadableHistory}`)
}

function throwFailedMigration({ failedMigration }: Mishaps): void {
  if (failedMigration === undefined) return
  const { name, failure } = failedMigration
  throw new EngineFailure('P3018', failedMigrationMessage(name, failure), {
    migration_name: name,
    database_error_code: failure.sqlState ?? 'none',
    database_error: failure.report,
  })
}
