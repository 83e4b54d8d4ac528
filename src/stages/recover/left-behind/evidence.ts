import type { HistoryRow } from '../../../migrations/history.ts'
import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { as } from '../../../sql/effects/tree.ts'
import type { Statement } from '../../../sql/model.ts'
import { type Parser, parseMigration } from '../../../sql/parse.ts'
import { type Made, madeBy } from '../must-show.ts'
import type { LeftBehind, Trace } from './decide.ts'

/** The others leave nothing behind that could be in force. */
export function changes({ kind }: Pick<Statement, 'kind'>): boolean {
  return kind !== 'VariableSetStmt' && kind !== 'TransactionStmt'
}

/** What the statements of a file make, looked for in the catalog. Names that look alike in other schemas leave it open. */
export async function tracesOf(
  session: Session,
  schema: string,
  row: Pick<HistoryRow, 'id'>,
  { parser, statements }: { readonly parser: Parser; readonly statements: readonly Statement[] },
): Promise<LeftBehind['statements']> {
  const changing = statements.filter(changes)
  const alone = changing.length === 1 ? concurrentIndex(parser, changing) : undefined
  const made = alone === undefined ? madeBy(parser, changing) : [[alone]]
  const changesRows = changing.some(({ kind }) => rowChanging.has(kind))
  const seen: LeftBehind['statements'][number][] = []
  for (const [at, { range }] of changing.entries()) {
    const traces: Trace[] = []
    for (const one of made[at] ?? []) traces.push(await traceOf(session, schema, row, one, changesRows))
    const [first, ...others] = traces
    const alike = first !== undefined && others.every(({ kind }) => kind === first.kind)
    seen.push({ line: range.line, trace: alike ? first : { kind: 'not known' } })
  }
  return seen
}

/** Twice is not the same as once, and the server does not refuse it. */
const rowChanging: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'SelectStmt'])

function concurrentIndex(parser: Parser, [statement]: readonly Statement[]): Made | undefined {
  const parsed = parseMigration(parser, statement?.sql ?? '')
  const node = parsed.kind === 'syntax-error' ? undefined : parsed.statements[0]?.node
  const index = node && as(node, 'IndexStmt')
  if (index?.concurrent !== true || index.if_not_exists === true || index.idxname === undefined) return undefined
  return { kind: 'attached', name: index.idxname, table: index.relation?.relname }
}

interface Seen {
  readonly found: number
  readonly young: boolean | null
  readonly whole: boolean | null
  readonly dropped: boolean
  /** Of an index, with its schema. */
  readonly index: string | null
}

async function traceOf(
  session: Session,
  schema: string,
  row: Pick<HistoryRow, 'id'>,
  { kind, name, table }: Made,
  changesRows: boolean,
): Promise<Trace> {
  const [seen] = await session.query<Seen>(seenSql(schema), [row.id, kind, name, table ?? null])
  if (seen === undefined || seen.found > 1) return { kind: 'not known' }
  if (seen.found === 1) {
    if (seen.young !== true) return { kind: 'not known' }
    return seen.whole === true ? { kind: 'there' } : { kind: 'half', index: seen.index ?? name }
  }
  // A column that was dropped stays visible. Whoever took away something else by hand, rows included, left no sign.
  if (seen.dropped || (changesRows && kind !== 'column')) return { kind: 'not known' }
  return { kind: 'absent' }
}

/**
 * Prisma writes its row before the first statement: what the migration made is younger, in transactions of the server.
 * `age` of a row that VACUUM froze stays what it was (manual, 24.1.5: from 9.4 on xmin is preserved).
 */
function seenSql(schema: string): string {
  return `
WITH began AS (SELECT pg_catalog.age(xmin) AS age FROM ${quoteIdentifier(schema)}."_prisma_migrations" WHERE id = $1),
relations AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.xmin FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
found AS (
  SELECT xmin, true AS whole, NULL AS index FROM relations WHERE $2 = 'relation' AND relname = $3 AND relkind <> 'i'
  UNION ALL
  SELECT t.xmin, true, NULL FROM pg_catalog.pg_type t WHERE $2 = 'relation' AND t.typname = $3 AND t.typtype IN ('e', 'd', 'r')
  UNION ALL
  SELECT a.xmin, true, NULL FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
   WHERE $2 = 'column' AND r.relname = $4 AND a.attname = $3 AND NOT a.attisdropped
  UNION ALL
  SELECT e.xmin, true, NULL FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
   WHERE $2 = 'column' AND t.typname = $4 AND e.enumlabel = $3
  UNION ALL
  SELECT r.xmin, i.indisvalid, pg_catalog.quote_ident(r.nspname) || '.' || pg_catalog.quote_ident(r.relname) FROM relations r JOIN pg_catalog.pg_index i ON i.indexrelid = r.oid
   WHERE $2 = 'attached' AND r.relname = $3 AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = r.oid AND k.conname = $3)
  UNION ALL
  SELECT k.xmin, true, NULL FROM pg_catalog.pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE $2 = 'attached' AND k.conname = $3
)
SELECT pg_catalog.count(*)::pg_catalog.int4 AS found,
       pg_catalog.bool_and(pg_catalog.age(f.xmin) < (SELECT age FROM began)) AS young,
       pg_catalog.bool_and(f.whole) AS whole, pg_catalog.min(f.index) AS index,
       EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN relations r ON r.oid = a.attrelid
                WHERE r.relname = $4 AND a.attisdropped AND pg_catalog.age(a.xmin) < (SELECT age FROM began)) AS dropped
  FROM found f`
}
