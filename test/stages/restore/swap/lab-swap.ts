import pg from 'pg'
import { connect, type OpenSession } from '../../../../src/postgres/connection.ts'
import { databasesBeside, openBeside } from '../../../../src/postgres/open-beside.ts'
import { withDatabase } from '../../../../src/postgres/url.ts'
import { performSwap, type Swapped, type SwapRequest } from '../../../../src/stages/restore/swap/perform.ts'
import type { Moment } from '../../../../src/stages/restore/writes-since/count.ts'
import { readMoment } from '../../../../src/stages/restore/writes-since/read.ts'
import { query } from '../../../lab/query.ts'
import type { LabServer } from '../../../lab/server.ts'
import { parsed } from '../../backup/lab-backup.ts'

/** Two databases as a swap finds them: `shop` in use with the row 'present', and `shop_restored` with the row 'restored'. */
export async function twoDatabases(server: LabServer, database = 'shop', restored = 'shop_restored'): Promise<string> {
  for (const [name, row] of [
    [database, 'present'],
    [restored, 'restored'],
  ] as const) {
    await query(await server.createDatabase(name), `CREATE TABLE "T" (v text); INSERT INTO "T" VALUES ('${row}')`)
  }
  return server.ownerUrl(database)
}

export async function dropDatabases(server: LabServer): Promise<void> {
  const rows = await query<{ name: string }>(
    server.superuserUrl(),
    `SELECT datname AS name FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'`,
  )
  for (const { name } of rows) {
    await query(server.superuserUrl(), `DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`)
  }
}

export const sha256 = 'a'.repeat(64)

/** `url` names the database in use, and the role that swaps. The moment of the backup is now. */
export async function swapRequest(
  url: string,
  present: OpenSession,
  changed: Partial<SwapRequest> = {},
): Promise<SwapRequest> {
  const target = parsed(url)
  const restored = changed.restored ?? 'shop_restored'
  const beside = await databasesBeside(present, [target.database, restored])
  const [version] = await present.query<{ num: string }>(`SELECT current_setting('server_version_num') AS num`)
  return {
    database: target.database,
    restored,
    backup: { name: 'shop-20261121T000000Z', sha256, moment: await readMoment(present) },
    accepted: undefined,
    present,
    openBeside: () => openBeside(target, beside, 'airlock swap'),
    openSession: (name) => connect(withDatabase(target, name)),
    serverMajor: Math.floor(Number(version?.num) / 10_000),
    throwIfCancelled: () => undefined,
    onProgress: () => undefined,
    ...changed,
  }
}

export async function swap(url: string, changed: Partial<SwapRequest> = {}): Promise<Swapped> {
  await using present = await connect(parsed(url))
  return await performSwap(await swapRequest(url, present, changed))
}

/** As a backup that is made now would remember it. */
export async function momentOf(url: string): Promise<Moment> {
  await using session = await connect(parsed(url))
  return await readMoment(session)
}

export async function rowIn(url: string): Promise<string | undefined> {
  const [row] = await query<{ v: string }>(url, `SELECT v FROM "T" WHERE v IN ('present', 'restored')`)
  return row?.v
}

export async function databasesOf(server: LabServer): Promise<readonly string[]> {
  const rows = await query<{ name: string }>(
    server.superuserUrl(),
    `SELECT datname || CASE WHEN datallowconn THEN '' ELSE ' (shut)' END AS name FROM pg_database
      WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}
