import type { Failure } from '../errors.ts'
import { fail } from '../errors.ts'
import { quoteIdentifier, quoteLiteral, shellWord } from '../postgres/quoting.ts'
import { foreignHistory } from './foreign-history.ts'
import type { History } from './history.ts'
import type { Migration } from './migration.ts'
import type { MigrationHistory } from './source.ts'

export interface DrizzleTable {
  readonly schema: string
  readonly table: string
}

/** `drizzle.__drizzle_migrations`, as drizzle-orm 0.45 makes and reads it (pg-core/dialect.js). */
export function drizzleHistory(
  { schema, table }: DrizzleTable,
  dataSchema: string,
  names: () => ReadonlyMap<string, string>,
): MigrationHistory {
  const quoted = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
  return foreignHistory({
    schema,
    table,
    dataSchema,
    reader: 'Drizzle',
    key: 'created_at',
    content: (rows) => `${rows}.hash`,
    create: [
      `CREATE TABLE IF NOT EXISTS ${quoted} (
				id SERIAL PRIMARY KEY,
				hash text NOT NULL,
				created_at bigint
			)`,
    ],
    row: ({ checksum, recordedAs = '' }) => ({ hash: quoteLiteral(checksum), created_at: quoteLiteral(recordedAs) }),
    checksumOf: (hash) => hash,
    names,
    async look(session) {
      const [newer] = await session.query(
        `SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass($1) AND attname = 'name' AND NOT attisdropped`,
        [quoted],
      )
      if (newer !== undefined) throw ofAnotherVersion(quoted)
    },
    problems: (history) => [neverApplied(history.pending, history), notAscending(history.pending)].filter(isThere),
    acceptEdited: ({ migration, recorded }) =>
      `UPDATE ${quoted} SET hash = ${quoteLiteral(migration.checksum)} WHERE created_at = ${migration.recordedAs} AND hash = ${quoteLiteral(recorded)};`,
    insertFrom: (when, own) =>
      `INSERT INTO ${quoted} (hash, created_at) SELECT checksum, ${quoteLiteral(when)} FROM ${own}`,
    findInGit: (when) => `git log --all --oneline -S ${shellWord(when)} -- ${shellWord('*_journal.json')}`,
  })
}

function ofAnotherVersion(table: string) {
  return fail('MIGRATIONS.UNSUPPORTED_LAYOUT', {
    what: `${table} has been upgraded by drizzle-orm 1.0.`,
    why: 'That version is a release candidate and records migrations by their names; Airlock applies what drizzle-orm 0.45 applies.',
    next: ['Apply with drizzle-kit 1.0 itself until it is released: npx drizzle-kit migrate'],
  })
}

const whenOf = ({ recordedAs }: Migration) => Number(recordedAs)
const isThere = (failure: Failure | undefined): failure is Failure => failure !== undefined

/** Drizzle compares with the newest row and nothing else: what was merged late and generated early is passed over without a word. */
function neverApplied(pending: readonly Migration[], { applied, missing }: History): Failure | undefined {
  const newest = Math.max(...applied.map(whenOf), ...missing.map(Number).filter(Number.isSafeInteger))
  const late = pending.filter((migration) => migration.resume === undefined && whenOf(migration) <= newest)
  const [first] = late
  if (first === undefined) return undefined
  const names = late.map(({ name }) => `\`${name}\``).join(', ')
  return {
    code: 'HISTORY.NEVER_APPLIED',
    what: `${names} ${late.length === 1 ? 'is' : 'are'} not applied, and Drizzle is never going to apply ${late.length === 1 ? 'it' : 'them'}.`,
    why: `In the journal \`when\` of \`${first.name}\` is ${whenOf(first)}; the newest applied one has ${newest}, and Drizzle applies only what is newer. This happens where two branches generated migrations.`,
    next: [
      'Generate it anew, on top of what is applied: remove the file, its snapshot and its entry in meta/_journal.json, then',
      'npx drizzle-kit generate',
      'Or give it a `when` in meta/_journal.json that is later than all others, where nothing of it is in force anywhere.',
    ],
  }
}

/** Drizzle applies them in one go; where a deploy stops between two of them, it would pass over the older one afterwards. */
function notAscending(pending: readonly Migration[]): Failure | undefined {
  const index = pending.findIndex((migration, at) => {
    const before = pending[at - 1]
    return before !== undefined && whenOf(migration) <= whenOf(before)
  })
  const [before, first] = [pending[index - 1], pending[index]]
  if (before === undefined || first === undefined) return undefined
  return {
    code: 'MIGRATIONS.AMBIGUOUS_ORDER',
    what: `\`${first.name}\` stands behind \`${before.name}\` in the journal and is not newer.`,
    why: `\`when\` is ${whenOf(before)} and then ${whenOf(first)}. Once the first is applied, Drizzle passes over the second.`,
    next: ['Correct `when` in meta/_journal.json, so that it rises from entry to entry.'],
  }
}
