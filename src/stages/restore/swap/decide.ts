import type { Failure } from '../../../errors.ts'
import { quoteIdentifier, quoteLiteral } from '../../../postgres/quoting.ts'
import { plural } from '../../../report/words.ts'

/** What can keep a database from being renamed, and what a rename breaks that hangs on the database and not on its name. */
export interface SwapFacts {
  readonly database: string
  readonly role: string
  /** The database belongs to the role, or to one that it is a member of. */
  readonly owns: boolean
  readonly mayCreateDatabases: boolean
  readonly preparedTransactions: readonly string[]
  /** Sessions that the role may not end. */
  readonly foreignSessions: readonly { readonly pid: number; readonly role: string }[]
  readonly slots: readonly string[]
  readonly subscriptions: readonly string[]
}

/** Everything that stands in the way, at once. */
export function decideSwap(facts: SwapFacts): Failure | undefined {
  const obstacles = obstaclesOf(facts)
  if (obstacles.length === 0) return undefined
  return {
    code: 'RESTORE.CANNOT_SWAP',
    what: `${quoteIdentifier(facts.database)} cannot be renamed by ${quoteIdentifier(facts.role)}. Nothing was changed.`,
    why: obstacles.map(({ why }) => why).join('\n'),
    next: [...new Set(obstacles.flatMap(({ next }) => next))],
  }
}

function obstaclesOf(facts: SwapFacts): readonly { readonly why: string; readonly next: readonly string[] }[] {
  const { database, role, preparedTransactions, foreignSessions } = facts
  const asOwner = `Swap with the URL of the owner of ${quoteIdentifier(database)}, who must have CREATEDB, or of a superuser.`
  return [
    ...(facts.owns ? [] : [{ why: `It does not belong to ${quoteIdentifier(role)}.`, next: [asOwner] }]),
    ...(facts.mayCreateDatabases ? [] : [{ why: `${quoteIdentifier(role)} lacks CREATEDB.`, next: [asOwner] }]),
    ...(preparedTransactions.length === 0
      ? []
      : [
          {
            why: `${plural(preparedTransactions.length, 'prepared transaction')} in it: ${preparedTransactions.join(', ')}.`,
            next: preparedTransactions.map(
              (gid) => `COMMIT PREPARED ${quoteLiteral(gid).trim()}; -- or ROLLBACK PREPARED`,
            ),
          },
        ]),
    ...(foreignSessions.length === 0
      ? []
      : [
          {
            why: `Sessions that ${quoteIdentifier(role)} may not end: ${foreignSessions.map(({ pid, role: of }) => `${pid} of ${quoteIdentifier(of)}`).join(', ')}.`,
            next: [
              `GRANT pg_signal_backend TO ${quoteIdentifier(role)}; -- ends all sessions but those of superusers`,
              ...foreignSessions.map(({ pid }) => `SELECT pg_terminate_backend(${pid}); -- as a superuser`),
            ],
          },
        ]),
  ]
}

/** What stays with the old database, because it hangs on it. */
export function breaksWithSwap({ slots, subscriptions }: SwapFacts, aside: string): readonly string[] {
  return [
    ...slots.map(
      (slot) =>
        `The replication slot ${quoteIdentifier(slot)} stays with ${quoteIdentifier(aside)} and keeps the server’s log from being removed: make it anew, then SELECT pg_drop_replication_slot(${quoteLiteral(slot).trim()});`,
    ),
    ...subscriptions.map(
      (subscription) =>
        `The subscription ${quoteIdentifier(subscription)} stays with ${quoteIdentifier(aside)} and receives nothing there; the restored one is disabled: copy its data anew, then ALTER SUBSCRIPTION ${quoteIdentifier(subscription)} ENABLE;`,
    ),
  ]
}

export interface Cutover {
  readonly database: string
  readonly databaseOid: number
  readonly restored: string
  readonly aside: string
  readonly comment: string | null
  readonly asideComment: string
  readonly limit: WriteLimit | null
  readonly serverMajor: number
}

/** Row changes of the whole database as the server has counted them, and how many more there may be. */
export interface WriteLimit {
  readonly counted: string
  readonly more: number
}

/** Ours alone: classes with letters from I on are not the server's (SQL standard; src/include/utils/errcodes). */
export const moreWrittenState = 'ALK01'

/**
 * The whole swap as one message to the server, which is one transaction: whatever becomes of this process, of the connection
 * or of the server, either all of it is done or nothing.
 *
 * RENAME takes the strongest lock on the database before it waits (up to 5 s, the server's own limit) for the sessions in it to
 * end. A new session needs that lock too, so from that moment nobody comes in, and whoever waits at the door is told when it
 * is over that the database has just been renamed (measured on 14 to 18; InitPostgres and RenameDatabase of the source).
 * So the old database does not have to be shut before, which nobody would open again after a crash.
 */
export function cutoverSql(cutover: Cutover): string {
  const { database, restored, aside, comment, asideComment } = cutover
  const literal = (text: string | null) => (text === null ? 'NULL' : quoteLiteral(text).trim())
  return [
    'BEGIN',
    `ALTER DATABASE ${quoteIdentifier(database)} RENAME TO ${quoteIdentifier(aside)}`,
    ...(cutover.limit === null ? [] : [limitSql(cutover, cutover.limit)]),
    `ALTER DATABASE ${quoteIdentifier(aside)} ALLOW_CONNECTIONS false`,
    `COMMENT ON DATABASE ${quoteIdentifier(aside)} IS ${literal(asideComment)}`,
    `ALTER DATABASE ${quoteIdentifier(restored)} RENAME TO ${quoteIdentifier(database)}`,
    `COMMENT ON DATABASE ${quoteIdentifier(database)} IS ${literal(comment)}`,
    'COMMIT',
  ].join(';\n')
}

/**
 * A session reports what it wrote when it ends, before it counts as gone. Up to 14 the numbers come from a collector whose
 * file may be half a second old (PGSTAT_STAT_INTERVAL in pgstat.c).
 */
function limitSql({ databaseOid, serverMajor }: Cutover, { counted, more }: WriteLimit): string {
  return `DO $airlock$ DECLARE written bigint; BEGIN
  ${serverMajor < 15 ? 'PERFORM pg_catalog.pg_sleep(0.6);' : ''}
  SELECT tup_inserted + tup_updated + tup_deleted - ${counted} INTO written FROM pg_catalog.pg_stat_database WHERE datid = ${databaseOid};
  IF written IS NULL OR written < 0 OR written > ${more} THEN
    RAISE EXCEPTION USING ERRCODE = '${moreWrittenState}', MESSAGE = coalesce(written::text, 'unknown');
  END IF; END $airlock$`
}

export function stillInUse(database: string, said: string): Failure {
  return {
    code: 'RESTORE.CANNOT_SWAP',
    what: `${quoteIdentifier(database)} or the restored database stayed in use. Nothing was swapped, both are as they were.`,
    why: said,
    next: [
      'See who is connected, then swap again:',
      `SELECT pid, usename, application_name, backend_type, state FROM pg_stat_activity WHERE datname = ${quoteLiteral(database).trim()};`,
    ],
  }
}

export function notCarriedOver(what: string, restored: string, said: string): Failure {
  return {
    code: 'RESTORE.CANNOT_SWAP',
    what: `The ${what} could not be given to ${quoteIdentifier(restored)}. Nothing was swapped.`,
    why: said,
    next: [
      'Swap with the URL of a role that may do that, or of a superuser; the restored database is kept and used again.',
    ],
  }
}

export function carriedOverOtherwise(restored: string, differences: readonly string[]): Failure {
  return {
    code: 'RESTORE.CANNOT_SWAP',
    what: `${quoteIdentifier(restored)} did not get everything that belongs to the present database. Nothing was swapped.`,
    why: `Not the same: ${differences.join(', ')}.`,
    next: ['Report this with the names above; the SQL for a swap by hand is printed by `restore` without `--swap`.'],
  }
}
