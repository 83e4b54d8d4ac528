import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { attempt } from '../attempt.ts'
import type { SequenceContent } from './content.ts'

interface ListedSequence {
  readonly schema: string
  readonly name: string
  readonly ascending: boolean
  readonly cycles: boolean
}

const inOneQuery = 200

/**
 * Where every sequence stands at this moment. Read it before the dump begins and after it has ended, and join the two
 * with `spanSequences`; in a transaction of the caller, whose snapshot plays no part.
 */
export async function readSequences(session: Session): Promise<readonly SequenceContent[]> {
  const listed = await session.query<ListedSequence>(
    `SELECT n.nspname AS schema, c.relname AS name, s.seqincrement > 0 AS ascending, s.seqcycle AS cycles
       FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
              WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname`,
  )
  const read: SequenceContent[] = []
  for (let at = 0; at < listed.length; at += inOneQuery) {
    read.push(...(await readSome(session, listed.slice(at, at + inOneQuery))))
  }
  return read
}

/** All in one query; where one of them cannot be read, each on its own. */
async function readSome(session: Session, some: readonly ListedSequence[]): Promise<readonly SequenceContent[]> {
  const read = await attempt(session, () =>
    session.query<{ position: number; value: string; called: boolean }>(
      some
        .map(
          ({ schema, name }, position) =>
            `SELECT ${position} AS position, last_value::text AS value, is_called AS called FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
        )
        .join(' UNION ALL '),
    ),
  )
  if (read.kind === 'refused') {
    const [only] = some
    if (some.length === 1 && only !== undefined) {
      return [{ kind: 'not-read', schema: only.schema, name: only.name, because: read.because }]
    }
    const each: SequenceContent[] = []
    for (const one of some) each.push(...(await readSome(session, [one])))
    return each
  }
  const values = new Map(read.value.map((row) => [row.position, row]))
  return some.map((sequence, position): SequenceContent => {
    const { schema, name } = sequence
    const row = values.get(position)
    if (row === undefined) return { kind: 'not-read', schema, name, because: 'it has no row' }
    const at = { lastValue: row.value, isCalled: row.called }
    return { kind: 'read', ...sequence, from: at, to: at }
  })
}
