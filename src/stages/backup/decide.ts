import type { Failure } from '../../errors.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'

/** Sorts by time, says which database, and is a file name everywhere. */
export function nameBackup(database: string, startedAt: Date): string {
  const stamp = startedAt.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  const safe = database.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, 60)
  return `${safe}-${stamp}`
}

/**
 * A compressed dump is nearly always smaller than the tables it comes from (indexes are not in it), so less than that
 * is refused before anything is read from production. A dump that grows beyond still ends with BACKUP.NO_SPACE.
 */
export function decideSpace(tableBytes: number, freeBytes: number, directory: string): Failure | undefined {
  if (freeBytes >= tableBytes) return undefined
  return {
    code: 'BACKUP.NO_SPACE',
    what: `${directory} has too little free space for the backup.`,
    why: `The tables take ${inMebibytes(tableBytes)}, ${inMebibytes(freeBytes)} are free. Nothing was written.`,
    next: nextForSpace,
  }
}

export function spaceRanOut(directory: string, said: string): Failure {
  return {
    code: 'BACKUP.NO_SPACE',
    what: `${directory} ran out of space while the backup was written.`,
    why: `${said}. What was written has been removed.`,
    next: nextForSpace,
  }
}

const nextForSpace = [
  'Free space there, or write to a larger disk: --backup-dir DIR (the action’s input `backup-dir`).',
]

function inMebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}

interface DumpProblem {
  readonly pattern: RegExp
  readonly next: (match: RegExpMatchArray, user: string) => readonly string[]
}

/** Messages of pg_dump and of the server, which a client run with LC_ALL=C prints in English unless lc_messages says otherwise. */
const dumpProblems: readonly DumpProblem[] = [
  {
    pattern: /query would be affected by row-level security policy for table "([^"]+)"/,
    next: ([, table = ''], user) => [
      `Row-level security hides rows of ${quoteIdentifier(table)} from ${quoteIdentifier(user)}: a dump by this role would be incomplete.`,
      `Let a superuser allow the role to read everything: ALTER ROLE ${quoteIdentifier(user)} BYPASSRLS;`,
      'Or back up with the URL of a role that has BYPASSRLS.',
    ],
  },
  {
    pattern:
      /permission denied for (?:table|relation|sequence|schema|view|materialized view|large object) "?([^\s"]+)"?/,
    next: (_, user) => [
      `Back up as the owner of the tables, or let the role read everything: GRANT pg_read_all_data TO ${quoteIdentifier(user)};`,
    ],
  },
  {
    // --lock-wait-timeout works through statement_timeout, so that is what the server names (measured with 15.18 to 18.6).
    pattern: /canceling statement due to (?:lock|statement) timeout\n.*LOCK TABLE/,
    next: () => [
      'Another session holds a lock on a table that the dump has to read. See which:',
      "SELECT pid, relation::regclass, mode FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock';",
      'Then run again.',
    ],
  },
  {
    // Each job takes its table's lock again, without waiting, and gives up behind a session that waits for a stronger one
    // (manual of pg_dump, --jobs).
    pattern: /could not obtain lock on relation "(.+)"$/m,
    next: ([, table = '']) => [
      `A session asked for a strong lock on ${table} while several jobs were dumping. Run again when it is through.`,
      'Or dump with one job: backup: { jobs: 1 }.',
    ],
  },
  {
    pattern: /No space left on device/,
    next: () => nextForSpace,
  },
]

export function explainDumpFailure(stderr: string, code: number | null, user: string): Failure {
  const matched = dumpProblems
    .map(({ pattern, next }) => ({ match: stderr.match(pattern), next }))
    .find(({ match }) => match !== null)
  const next = matched?.match ? matched.next(matched.match, user) : ['Correct what pg_dump says above, then run again.']
  return {
    code: 'BACKUP.DUMP_FAILED',
    what: `pg_dump did not finish (${code === null ? 'it was killed' : `exit code ${code}`}), so there is no backup.`,
    why: stderr === '' ? 'It said nothing.' : stderr,
    next,
  }
}

export function dumpUnreadable(dump: string, why: string): Failure {
  return {
    code: 'BACKUP.UNREADABLE',
    what: `The dump of ${dump} was written but cannot be read back, so it was removed.`,
    why,
    next: ['Check the disk it was written to, then run again.'],
  }
}

export const notIncludedInDump: readonly string[] = [
  'roles and their passwords, tablespaces (pg_dumpall --globals-only writes them)',
  'settings made with ALTER DATABASE … SET and privileges on the database itself, unless restored with pg_restore --create',
  'replication slots, subscriptions’ positions, statistics',
]

export const notCheckedByDecoding: readonly string[] = [
  'restored: the dump was decoded to its end but not restored into a database',
  'compared: no data was compared with the source',
]
