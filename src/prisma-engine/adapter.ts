import { PrismaPg } from '@prisma/adapter-pg'
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import { messageOf } from '../errors.ts'
import { OneConnection, openConnection } from './connection.ts'
import type { ConnectionSettings } from './connection-url.ts'
import type { ModelOf } from './execution.ts'
import { textField } from './failures.ts'
import { failedMigrationMessage, runScript, type ScriptFailure } from './script.ts'

/** What went wrong underneath and does not come out of the engine again as it went in. */
export interface Mishaps {
  /** The migration whose script failed. */
  failedMigration?: { readonly name: string; readonly failure: ScriptFailure }
  /** The history table is there and could not be read; the engine takes that for "there is none". */
  unreadableHistory?: string
}

export async function connectAdapter(
  settings: ConnectionSettings,
  models: () => Promise<ModelOf>,
  mishaps: Mishaps,
): Promise<SqlDriverAdapter> {
  const client = await openConnection(settings)
  return migrationAdapter(new OneConnection(client, settings.socketTimeoutMs), settings.schema, models, mishaps)
}

/** Prisma's adapter over the one connection, with migrations executed as the served version of Prisma does it. */
async function migrationAdapter(
  connection: OneConnection,
  schema: string | undefined,
  models: () => Promise<ModelOf>,
  mishaps: Mishaps,
): Promise<SqlDriverAdapter> {
  const options = { disposeExternalPool: true, ...(schema === undefined ? {} : { schema }) }
  const adapter: SqlDriverAdapter = await new PrismaPg(connection, options).connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  let migration = ''
  let lastFailure: ScriptFailure | undefined

  // The adapter's own cuts at every semicolon, those in strings and function bodies too (adapter-pg 7.10.1).
  adapter.executeScript = async (script) => {
    const modelOf = await models()
    lastFailure = await runScript(modelOf(script), script, (sql) => connection.send(sql))
    if (lastFailure === undefined) return
    // A transaction of the file's own is left aborted, and nobody could write down why the file failed (prisma/orm#15295).
    await connection.send('ROLLBACK').catch(() => undefined)
    if (lastFailure.sqlState !== undefined) mishaps.failedMigration = { name: migration, failure: lastFailure }
    throw new DriverAdapterError(asAdapterError(lastFailure))
  }
  adapter.queryRaw = async (query) => {
    migration = startedMigration(query) ?? migration
    const failure = lastFailure
    const asked = failure === undefined ? query : withLogs(query, () => failedMigrationMessage(migration, failure))
    try {
      return await queryRaw(asked)
    } catch (thrown) {
      noteUnreadableHistory(query, thrown, mishaps)
      throw thrown
    }
  }
  return adapter
}

const historyTable = '"_prisma_migrations"'

/** The name in the row that the engine writes before it executes a migration. */
function startedMigration({ sql, args }: SqlQuery): string | undefined {
  if (!sql.startsWith('INSERT INTO') || !sql.includes(historyTable)) return undefined
  const columns = /\(([^)]*)\) VALUES/.exec(sql)?.[1]?.split(',') ?? []
  const name = args[columns.findIndex((column) => column.trim() === '"migration_name"')]
  return typeof name === 'string' ? name : undefined
}

/** The engine in WebAssembly would log where in its own source the error passed instead of what the server said. */
function withLogs(query: SqlQuery, logs: () => string): SqlQuery {
  const isLog =
    query.sql.startsWith('UPDATE') && query.sql.includes(historyTable) && query.sql.includes('SET "logs" = $1')
  return isLog ? { ...query, args: [logs(), ...query.args.slice(1)] } : query
}

function noteUnreadableHistory({ sql }: SqlQuery, thrown: unknown, mishaps: Mishaps): void {
  if (!sql.startsWith('SELECT "id", "checksum"') || !sql.includes(historyTable)) return
  const cause: unknown = thrown instanceof DriverAdapterError ? thrown.cause : undefined
  const sqlState = typeof cause === 'object' && cause !== null ? textField(cause, 'originalCode') : undefined
  // 42P01: there is no such table, which is an answer.
  if (sqlState !== '42P01') mishaps.unreadableHistory = messageOf(thrown)
}

function asAdapterError({ sqlState, severity, message }: ScriptFailure): DriverAdapterError['cause'] {
  const said = { severity, message, detail: undefined, column: undefined, hint: undefined }
  if (sqlState === undefined) return { kind: 'ConnectionClosed', originalMessage: message }
  return { kind: 'postgres', code: sqlState, ...said, originalCode: sqlState, originalMessage: message }
}

/** Stands where a database is not needed, as for the difference between two schema files. */
export function detachedAdapter(): SqlDriverAdapter {
  const noDatabase = (): Promise<never> => {
    const message = 'This needs a database, and no connection URL was given'
    throw new DriverAdapterError({
      kind: 'postgres',
      code: 'none',
      severity: 'ERROR',
      message,
      detail: undefined,
      column: undefined,
      hint: undefined,
    })
  }
  return {
    provider: 'postgres',
    adapterName: 'airlock-detached',
    // The one question the engine asks of every connection: is the schema there, and which server is it.
    queryRaw: async (query): Promise<SqlResultSet> =>
      query.sql.includes('server_version_num')
        ? {
            columnNames: ['exists', 'version', 'numeric_version'],
            columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
            rows: [[true, 'PostgreSQL 17', 170000]],
          }
        : noDatabase(),
    executeRaw: noDatabase,
    executeScript: noDatabase,
    startTransaction: noDatabase,
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: async () => undefined,
  }
}
