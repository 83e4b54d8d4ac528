import { randomUUID } from 'node:crypto'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { messageOf } from '../errors.ts'
import { connectAdapter } from './adapter.ts'
import { openConnection } from './connection.ts'
import type { ConnectionSettings } from './connection-url.ts'
import type { ModelOf } from './execution.ts'
import { EngineFailure } from './failures.ts'

export interface SessionTarget {
  /** `undefined`: nothing that is asked needs the database. */
  readonly main: ConnectionSettings | undefined
  readonly shadow: ConnectionSettings | undefined
}

/** An empty database to replay migrations in: the one that was given for it, or one made for the purpose and dropped. */
export async function connectToShadow(
  { main, shadow }: SessionTarget,
  models: () => Promise<ModelOf>,
): Promise<SqlDriverAdapter> {
  if (shadow !== undefined) {
    refuseMain(main, shadow)
    await onServer(shadow, (client) => empty(client, shadow))
    return connectAdapter(shadow, models, {})
  }
  if (main === undefined)
    throw new EngineFailure(undefined, 'A shadow database is needed, and there is no URL for one.')
  const temporary = { ...main, database: `prisma_migrate_shadow_db_${randomUUID()}` }
  const name = pg.escapeIdentifier(temporary.database)
  await onServer(main, (client) => client.query(`CREATE DATABASE ${name}`))
  const drop = () => onServer(main, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  try {
    const adapter = await connectAdapter(temporary, models, {})
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

function refuseMain(main: ConnectionSettings | undefined, shadow: ConnectionSettings): void {
  if (main?.host === shadow.host && main.port === shadow.port && main.database === shadow.database) {
    throw new EngineFailure(
      undefined,
      'The shadow database you configured appears to be the same as the main database, and it would be emptied. Specify another one.',
    )
  }
}

/** The native engine empties the database it is given; the one in WebAssembly takes it as it is (7.10.0). */
async function empty(client: pg.Client, { database, schema = 'public' }: ConnectionSettings): Promise<void> {
  const history = await client.query("SELECT 1 FROM pg_class WHERE relname = '_prisma_migrations' AND relkind = 'r'")
  if (history.rows.length > 0) {
    // One host has many names, but only a database that is really migrated has a history.
    throw new EngineFailure(
      undefined,
      `The shadow database \`${database}\` has a migration history (_prisma_migrations), so it may be one that is in use, and it would be emptied. Specify another one.`,
    )
  }
  const { rows } = await client.query<{ nspname: string }>(
    `SELECT nspname FROM pg_namespace
      WHERE nspname = $1
         OR (nspname !~ '^pg_' AND nspname <> 'information_schema' AND pg_has_role(nspowner, 'USAGE'))`,
    [schema],
  )
  for (const { nspname } of rows) await client.query(`DROP SCHEMA ${pg.escapeIdentifier(nspname)} CASCADE`)
  await client.query(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`)
}

async function onServer(settings: ConnectionSettings, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = await openConnection(settings)
  try {
    await work(client)
  } catch (thrown) {
    if (thrown instanceof EngineFailure) throw thrown
    throw new EngineFailure('P3014', `The shadow database cannot be prepared or dropped: ${messageOf(thrown)}`)
  } finally {
    await client.end()
  }
}
