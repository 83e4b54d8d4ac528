import type { Failure } from '../../errors.ts'
import { quoteIdentifier, quoteLiteral, shellWord } from '../../postgres/quoting.ts'
import { type ContentComparison, sayDifference } from '../backup/content/decide-comparison.ts'
import type { CountedTable, Manifest } from '../backup/manifest.ts'

const longestName = 63

/** Cut to what PostgreSQL keeps of a name (63 bytes), without cutting the ending off. */
export function nameWithEnding(name: string, ending: string): string {
  let kept = [...name]
  while (byteLength(kept.join('') + ending) > longestName) kept = kept.slice(0, -1)
  return kept.join('') + ending
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/**
 * Puts the restored database in the place of the other one. Both renames in one transaction, so there is no moment
 * without a database of that name; both are shut to new sessions and emptied of old ones first, because a database in
 * use cannot be renamed. To be run while connected to neither, for example to `postgres`.
 */
export function swapSql(database: string, restored: string, at: Date): readonly string[] {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  const aside = nameWithEnding(database, `_before_${stamp}`)
  const both = [database, restored]
  return [
    ...both.map((name) => `ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS false;`),
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (${both.map(quoteLiteral).join(', ')});`,
    'BEGIN;',
    `ALTER DATABASE ${quoteIdentifier(database)} RENAME TO ${quoteIdentifier(aside)};`,
    `ALTER DATABASE ${quoteIdentifier(restored)} RENAME TO ${quoteIdentifier(database)};`,
    'COMMIT;',
    `ALTER DATABASE ${quoteIdentifier(database)} ALLOW_CONNECTIONS true;`,
    `-- ${quoteIdentifier(aside)} keeps what was there, shut to connections, until you drop it.`,
  ]
}

export function swapNotes(database: string, manifest: Manifest): readonly string[] {
  return [
    `Everything written to ${quoteIdentifier(database)} since ${manifest.startedAt} is not in the restored database and has to be carried over by hand.`,
    'Settings made with ALTER DATABASE … SET and privileges granted on the database itself do not follow a rename. Read them before the swap:',
    `SELECT setrole::regrole, setconfig FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = ${quoteLiteral(database)});`,
    `SELECT datacl FROM pg_database WHERE datname = ${quoteLiteral(database)};`,
  ]
}

export interface CountDifference {
  readonly table: string
  readonly expected: number
  /** null: the table is not there, or could not be counted. */
  readonly found: number | null
}

export interface CountComparison {
  readonly compared: number
  readonly differences: readonly CountDifference[]
  /** Tables whose rows were not counted when the backup was made. */
  readonly notCompared: readonly string[]
}

export function compareCounts(expected: readonly CountedTable[], found: readonly CountedTable[]): CountComparison {
  const key = ({ schema, name }: CountedTable) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
  const restored = new Map(found.map((table) => [key(table), table.rows]))
  const known = new Set(expected.map(key))
  const counted = expected.flatMap((table) =>
    table.rows === null ? [] : [{ table: key(table), expected: table.rows }],
  )
  return {
    compared: counted.length,
    differences: counted
      .map(({ table, expected: rows }) => ({ table, expected: rows, found: restored.get(table) ?? null }))
      .filter((row) => row.found !== row.expected),
    // A table that the manifest does not have was not compared either: silence about it would read as a pass.
    notCompared: [
      ...expected.filter((table) => table.rows === null),
      ...found.filter((table) => !known.has(key(table))),
    ].map(key),
  }
}

/** With `tolerant`, errors do not stop pg_restore, and `isOnlyUnknownTimeout` decides afterwards. */
export function restoreArguments(dbname: string, jobs: number, tolerant: boolean): readonly string[] {
  return ['--no-password', `--dbname=${dbname}`, ...(tolerant ? [] : ['--exit-on-error', `--jobs=${jobs}`])]
}

interface RestoreProblem {
  readonly pattern: RegExp
  readonly next: (match: RegExpMatchArray) => readonly string[]
}

const restoreProblems: readonly RestoreProblem[] = [
  {
    pattern: /role "([^"]+)" does not exist/,
    next: ([, role = '']) => [
      'Roles are not in a dump. Create the missing one, then restore again:',
      `CREATE ROLE ${quoteIdentifier(role)};`,
    ],
  },
  {
    pattern: /must be (?:owner of|a superuser|member of|able to SET ROLE)|permission denied/,
    next: () => [
      'Restore with the URL of a role that may do what the message names: the owner of the objects, or a superuser.',
    ],
  },
  {
    pattern: /could not access file "([^"]+)"|extension "([^"]+)" is not available/,
    next: ([, file, extension]) => [`Install the extension ${extension ?? file} on the server, then restore again.`],
  },
  {
    pattern: /No space left on device/,
    next: () => ['Free space on the database server, then restore again.'],
  },
]

export function restoreFailed(into: string, stderr: string, after: string): Failure {
  const matched = restoreProblems
    .map(({ pattern, next }) => ({ match: stderr.match(pattern), next }))
    .find(({ match }) => match !== null)
  return {
    code: 'RESTORE.FAILED',
    what: `The backup could not be restored into ${quoteIdentifier(into)}. ${after}`,
    why: stderr === '' ? 'pg_restore said nothing.' : stderr,
    next: matched?.match ? matched.next(matched.match) : ['Correct what pg_restore says above, then restore again.'],
  }
}

export function countsDiffer(into: string, { differences }: CountComparison, after: string): Failure {
  const shown = differences
    .slice(0, 20)
    .map(
      ({ table, expected, found }) => `${table}: ${expected} rows in the backup, ${found ?? 'not countable'} restored`,
    )
  const more = differences.length > shown.length ? [`and ${differences.length - shown.length} more`] : []
  return {
    code: 'RESTORE.FAILED',
    what: `What was restored into ${quoteIdentifier(into)} is not what was backed up. ${after}`,
    why: [...shown, ...more].join('\n'),
    next: ['Do not use this backup without finding out why. Restore an older one, or report this with both counts.'],
  }
}

export function contentDiffers(into: string, { differences }: ContentComparison, after: string): Failure {
  const shown = differences.slice(0, 20).map(sayDifference)
  const more = differences.length > shown.length ? [`and ${differences.length - shown.length} more`] : []
  return {
    code: 'RESTORE.FAILED',
    what: `What was restored into ${quoteIdentifier(into)} is not what was backed up. ${after}`,
    why: [...shown, ...more].join('\n'),
    next: ['Do not use this backup without finding out why. Restore an older one.'],
  }
}

export function targetExists(into: string): Failure {
  return {
    code: 'RESTORE.TARGET_EXISTS',
    what: `There is a database ${quoteIdentifier(into)} already.`,
    why: 'A backup is only ever restored into a new database, so that nothing can be overwritten.',
    next: [`Name another one: --into ${shellWord(nameWithEnding(into, '_2'))}`],
  }
}

export function restoredBefore(into: string): Failure {
  return {
    code: 'RESTORE.TARGET_EXISTS',
    what: `There is a database ${quoteIdentifier(into)} already, restored from this very backup.`,
    why: 'An earlier run restored it and compared it.',
    next: [
      'Look at it. To put it in the place of the present database, run the same command with `--swap` added.',
      `To restore it once more, drop it first: DROP DATABASE ${quoteIdentifier(into)};`,
    ],
  }
}

export function beingRestored(into: string): Failure {
  return {
    code: 'RESTORE.TARGET_EXISTS',
    what: `Another run is restoring into ${quoteIdentifier(into)} right now.`,
    why: 'It holds a lock that disappears with its connection.',
    next: [`Wait for it, or name another database: --into ${shellWord(nameWithEnding(into, '_2'))}`],
  }
}
