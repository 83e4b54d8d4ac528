import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../../../ports.ts'
import { plainName } from './steps.ts'

/**
 * The tables of a database made for this whose rows were written, or that got a new file; so that the others need not be read.
 * From 15 on a session's counts are in shared memory when it has ended; before, they travelled and could be lost (manual, 28.2 of
 * each): then nothing is known, and every table is read.
 */
export async function touchedTables(
  before: Session,
  after: Session,
  ended: readonly number[],
  serverMajor: number,
): Promise<ReadonlySet<string> | undefined> {
  if (serverMajor < 15 || !(await hasEnded(after, ended))) return undefined
  const [setting] = await after.query<{ on: boolean }>("SELECT pg_catalog.current_setting('track_counts') = 'on' AS on")
  if (setting?.on !== true) return undefined
  const files = new Map((await filesOf(before)).map((one) => [plainName(one), one.file]))
  const now = await filesOf(after)
  return new Set(now.filter((one) => Number(one.writes) > 0 || files.get(plainName(one)) !== one.file).map(plainName))
}

interface TableFile {
  readonly schema: string
  readonly name: string
  readonly file: string
  readonly writes: string
}

function filesOf(session: Session): Promise<readonly TableFile[]> {
  return session.query<TableFile>(
    `SELECT n.nspname AS schema, c.relname AS name, c.relfilenode::text AS file,
            (pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid) + pg_catalog.pg_stat_get_tuples_deleted(c.oid))::text AS writes
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`,
  )
}

async function hasEnded(session: Session, pids: readonly number[]): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const there = await session.query('SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ANY ($1)', [pids])
    if (there.length === 0) return true
    await sleep(20)
  }
  return false
}
