import { randomUUID } from 'node:crypto'
import { bindMigrationAwareSqlAdapterFactory, type SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { messageOf } from '../errors.ts'
import { detachedAdapter, type Mishaps, migrationAdapter } from './adapter.ts'
import { OneConnection, openConnection } from './connection.ts'
import type { ConnectionSettings } from './connection-url.ts'
import type { ModelOf } from './execution.ts'
import { EngineFailure } from './failures.ts'
import { failedMigrationMessage } from './script.ts'
import { enginePanic, type SchemaFile, type WasmEngine, wasmEngine } from './wasm.ts'

export interface SessionTarget {
  /** `undefined`: nothing that is asked needs the database. */
  readonly main: ConnectionSettings | undefined
  readonly shadow: ConnectionSettings | undefined
}

type Models = () => Promise<ModelOf>

/** One database and the engine that is connected to it. */
export interface EngineSession {
  call(method: string, params: unknown): Promise<unknown>
  dispose(): Promise<void>
}

export async function openSession(
  target: SessionTarget,
  schemaFiles: readonly SchemaFile[],
  models: Models,
): Promise<EngineSession> {
  refuseShadowThatIsMain(target)
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
  const methods = engine as unknown as Readonly<Record<string, (params: unknown) => Promise<unknown>>>
  try {
    const result = await methods[method]?.call(engine, params)
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

async function connectAdapter(
  settings: ConnectionSettings,
  models: Models,
  mishaps: Mishaps,
): Promise<SqlDriverAdapter> {
  const client = await openConnection(settings)
  return migrationAdapter(new OneConnection(client, settings.socketTimeoutMs), settings.schema, models, mishaps)
}

/** The engine empties the shadow database before it uses it. */
function refuseShadowThatIsMain({ main, shadow }: SessionTarget): void {
  if (main === undefined || shadow === undefined) return
  if (main.host === shadow.host && main.port === shadow.port && main.database === shadow.database) {
    throw new EngineFailure(
      undefined,
      'The shadow database you configured appears to be the same as the main database, and it would be emptied. Specify another one.',
    )
  }
}

async function connectToShadow({ main, shadow }: SessionTarget, models: Models): Promise<SqlDriverAdapter> {
  const mishaps: Mishaps = {}
  if (shadow !== undefined) return connectAdapter(shadow, models, mishaps)
  if (main === undefined) throw new EngineFailure(undefined, 'A shadow database is needed, and there is no URL for one')
  return connectToTemporary(main, models, mishaps)
}

async function connectToTemporary(
  main: ConnectionSettings,
  models: Models,
  mishaps: Mishaps,
): Promise<SqlDriverAdapter> {
  const database = `prisma_migrate_shadow_db_${randomUUID()}`
  await onServer(main, `CREATE DATABASE ${pg.escapeIdentifier(database)}`)
  const drop = () => onServer(main, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)} WITH (FORCE)`)
  try {
    const adapter = await connectAdapter({ ...main, database }, models, mishaps)
    const disconnect = adapter.dispose.bind(adapter)
    adapter.dispose = async () => {
      await disconnect()
      await drop()
    }
    return adapter
  } catch (thrown) {
    await drop()
    throw thrown
  }
}

async function onServer(settings: ConnectionSettings, sql: string): Promise<void> {
  const client = await openConnection(settings)
  try {
    await client.query(sql)
  } catch (thrown) {
    throw new EngineFailure('P3014', `The shadow database could not be created or dropped: ${messageOf(thrown)}`)
  } finally {
    await client.end()
  }
}
