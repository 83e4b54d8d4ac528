import { quoteIdentifier } from '../../../postgres/quoting.ts'
import type { Activity, ReadActivity } from '../../backup/activity.ts'

/**
 * What was written to a database between two moments, told from the server's own counters. They count what rolled-back
 * transactions wrote as well, and TRUNCATE as a change of the schema: the number is an upper limit of the rows that
 * changed, and zero only where nothing was written.
 */

export interface TableWrites {
  readonly table: string
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

export type WritesSince =
  | {
      readonly kind: 'counted'
      readonly since: string
      /** Of rows of tables and of the catalog together. */
      readonly changes: number
      readonly catalogChanges: number
      readonly tables: readonly TableWrites[]
      readonly walBytes: number
    }
  | { readonly kind: 'unknown'; readonly because: string; readonly walBytes: number | null }

export interface Moment {
  /** Of the server (pg_control_system); null where the role may not read it. */
  readonly systemIdentifier: string | null
  /** undefined: a manifest of a release that did not write it down. */
  readonly activity: Activity | undefined
}

export function writesBetween(then: Moment, now: Moment): WritesSince {
  const unknown = (because: string, walBytes: number | null = null): WritesSince => ({
    kind: 'unknown',
    because,
    walBytes,
  })
  if (then.activity === undefined) return unknown('The manifest does not say how much had been written by then.')
  if (then.activity.kind === 'unknown') return unknown(`When the backup was made: ${then.activity.because}`)
  if (now.activity === undefined || now.activity.kind === 'unknown') {
    return unknown(now.activity?.because ?? 'The server was not asked.')
  }
  if (then.systemIdentifier === null || now.systemIdentifier === null) {
    return unknown(
      'It cannot be told whether this is the server that was backed up: it keeps its identifier to itself.',
    )
  }
  if (then.systemIdentifier !== now.systemIdentifier) return unknown('The backup is of another server.')
  if (then.activity.timeline !== now.activity.timeline) {
    return unknown('The server was promoted or put back to an earlier moment since the backup.')
  }
  const walBytes = bytesBetween(then.activity.lsn, now.activity.lsn)
  if (walBytes < 0)
    return unknown('The server’s log is shorter than it was then: it was put back to an earlier moment.')
  if (then.activity.databaseOid !== now.activity.databaseOid) {
    return unknown('The database is not the one that was backed up: it is another, or was replaced since.', walBytes)
  }
  return countedBetween(then.activity, now.activity, walBytes) ?? unknown(countersLost, walBytes)
}

const countersLost =
  'The server’s counters do not go back to the backup: they were reset, or emptied by a crash of the server.'

function countedBetween(then: ReadActivity, now: ReadActivity, walBytes: number): WritesSince | undefined {
  if (then.databaseResetAt !== now.databaseResetAt || then.serverResetAt !== now.serverResetAt) return undefined
  const before = new Map(then.counters.map((counter) => [counter.oid, counter]))
  const tables = now.counters
    .map(({ oid, schema, name, inserted, updated, deleted }) => ({
      table: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
      inserted: inserted - (before.get(oid)?.inserted ?? 0),
      updated: updated - (before.get(oid)?.updated ?? 0),
      deleted: deleted - (before.get(oid)?.deleted ?? 0),
    }))
    .filter((table) => table.inserted !== 0 || table.updated !== 0 || table.deleted !== 0)
  const catalogChanges = now.catalogChanges - then.catalogChanges
  if (catalogChanges < 0 || tables.some((table) => Math.min(table.inserted, table.updated, table.deleted) < 0)) {
    return undefined
  }
  const rows = tables.reduce((sum, table) => sum + changesOf(table), 0)
  return {
    kind: 'counted',
    since: then.at,
    changes: rows + catalogChanges,
    catalogChanges,
    tables: tables.toSorted((a, b) => changesOf(b) - changesOf(a)),
    walBytes,
  }
}

function changesOf({ inserted, updated, deleted }: TableWrites): number {
  return inserted + updated + deleted
}

/** A position is written as two halves in hexadecimal digits (manual, 8.20). */
function bytesBetween(from: string, to: string): number {
  const position = (lsn: string) => {
    const [high = '', low = ''] = lsn.split('/')
    return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
  }
  return Number(position(to) - position(from))
}
