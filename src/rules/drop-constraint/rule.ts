import type { Constraint, ConstraintKind, Table } from '../../sql/catalog/model.ts'
import { listed, quoted, splitName } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'
import { groupedBy } from '../grouped.ts'
import { changesOf, hasBody, isInUse } from '../in-use.ts'
import { columnList, relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { type IndexesOf, indexesIn } from '../table-indexes.ts'

export const rule: Rule = {
  id: 'drop-constraint',
  title: 'What a constraint kept out can come in, and then it cannot be added back',
  group: 'irreversible',
  documentation: {
    summary:
      'A dropped unique constraint, primary key or check can be written again, but only while no row contradicts ' +
      'it; the first duplicate makes that fail. Prisma Client upserts with ON CONFLICT, which PostgreSQL refuses ' +
      'where the unique index is gone. Replaced in the same migration by one on the same columns, nothing is lost.',
    bad: 'ALTER TABLE "Ticket" DROP CONSTRAINT "Ticket_pkey";',
    good: 'ALTER TABLE "Ticket" DROP CONSTRAINT "Ticket_pkey", ADD CONSTRAINT "Ticket_pkey" PRIMARY KEY ("number", state);',
  },
  about: ['drop-constraint', 'drop-index'],
  check: (context) => {
    const indexes = indexesIn(context.catalogAfter)
    const dropped = [...droppedConstraints(context), ...droppedIndexes(context)]
      .filter((one) => matters(one, indexes, context))
      .toSorted((one, other) => one.statement.index - other.statement.index)
    return groupedBy(dropped, (one) => `${one.table} ${one.dropped.kind}`, context).map((group) =>
      remark(group, context),
    )
  },
}

/** NOT NULL has a rule of its own; a relation that ends is named in schema.prisma, and its foreign key can come back NOT VALID. */
const silent: ReadonlySet<ConstraintKind> = new Set(['not-null', 'foreign'])

type Dropped = Pick<Constraint, 'name' | 'kind' | 'columns'>

const comesIn: Readonly<Record<ConstraintKind, string>> = {
  primary: 'two rows may have the same key',
  unique: 'two rows may have the same values',
  foreign: 'rows stay behind when the row that they reference is deleted',
  check: 'rows may come in that it refused',
  exclusion: 'rows may come in that exclude each other',
  'not-null': 'rows may come in without a value',
}

interface Drop {
  readonly statement: AnalysedStatement
  readonly clause: number | undefined
  readonly table: RelationName
  readonly dropped: Dropped
}

function droppedConstraints(context: RuleContext): readonly Drop[] {
  return changesOf(context, 'drop-constraint').flatMap(({ statement, change: { known, table, clause } }) =>
    known === undefined ? [] : [{ statement, clause, table, dropped: known }],
  )
}

/** Prisma makes what is unique as an index. */
function droppedIndexes(context: RuleContext): readonly Drop[] {
  return changesOf(context, 'drop-index').flatMap(({ statement, change: { known } }) => {
    if (known === undefined || !known.unique || !known.plain) return []
    if (statement.kind !== 'DropStmt' && !hasBody(statement)) return []
    const { name } = splitName(known.name)
    const dropped = {
      name,
      kind: 'unique',
      columns: known.columns,
    } as const
    return [{ statement, clause: undefined, table: known.table, dropped }]
  })
}

function matters({ statement, table, dropped }: Drop, indexes: IndexesOf, context: RuleContext): boolean {
  if (!isInUse(table, statement, context) || silent.has(dropped.kind)) return false
  const after = context.catalogAfter.relations.get(table)
  return (
    after?.kind === 'table' &&
    !isKept(dropped, after, indexes, isMadeAgain(dropped, table, context)) &&
    !provesOnlyNotNull(dropped, after)
  )
}

const words: Readonly<Record<ConstraintKind, readonly [one: string, several: string]>> = {
  primary: ['primary key', 'primary keys'],
  unique: ['unique constraint', 'unique constraints'],
  foreign: ['foreign key', 'foreign keys'],
  check: ['check', 'checks'],
  exclusion: ['exclusion constraint', 'exclusion constraints'],
  'not-null': ['constraint', 'constraints'],
}

function remark(group: readonly [Drop, ...Drop[]], context: RuleContext): Remark {
  const [{ statement, clause, table, dropped: first }] = group
  const { kind } = first
  const name = relation(table, context)
  const upserts = kind === 'unique' || kind === 'primary'
  const shown = group.map(({ dropped }) =>
    dropped.columns.length > 0
      ? `${quoted(dropped.name)} (${dropped.columns.map(quoted).join(', ')})`
      : quoted(dropped.name),
  )
  const why = [
    'After the first such row it cannot be added back.',
    upserts ? 'Upserts of the running release that rely on it (ON CONFLICT) fail at once.' : undefined,
    kind === 'primary' ? 'Without a key logical replication refuses UPDATE and DELETE.' : undefined,
  ]
  return {
    statement,
    clause: statement.kind === 'AlterTableStmt' ? clause : undefined,
    severity: kind === 'primary' ? 'warning' : 'notice',
    message: `Drops the ${words[kind][group.length === 1 ? 0 : 1]} ${listed(shown)} of ${name}: ${comesIn[kind]}.`,
    why: why.filter((one) => one !== undefined).join(' '),
    instead: upserts
      ? [
          '-- before it can be added back, what must come out empty',
          ...group.map(({ dropped: { columns } }) => duplicates(columns, name)),
        ].join('\n')
      : 'Keep the ALTER TABLE that would add it again, with NOT VALID where it is a check: VALIDATE CONSTRAINT then finds the rows that came in meanwhile.',
  }
}

function duplicates(columns: readonly string[], name: string): string {
  return `SELECT ${columnList(columns)} FROM ${name} GROUP BY ${columnList(columns)} HAVING count(*) > 1;`
}

/** Another one of its kind on the same columns, or for what was unique on some of them, or the columns are gone too. */
function isKept(dropped: Dropped, after: Table, indexes: IndexesOf, madeAgain: boolean): boolean {
  const { kind, columns } = dropped
  if (columns.some((column) => after.columnsKnown && !after.columns.has(column))) return true
  // One that is dropped in a branch may still be there; what is judged is that it goes.
  const left = after.constraints.filter((one) => one.name !== dropped.name || madeAgain)
  const leftIndexes = indexes(after.name).filter((one) => splitName(one.name).name !== dropped.name || madeAgain)
  if (kind === 'primary' && left.some((one) => one.kind === 'primary')) return true
  const same = (others: readonly string[]) => others.length > 0 && others.every((column) => columns.includes(column))
  const unique = kind === 'unique' || kind === 'primary'
  if (unique && leftIndexes.some((index) => index.unique && index.plain && same(index.columns))) return true
  return left.some((one) => {
    if (one.kind !== kind) return false
    if (kind === 'check' || kind === 'exclusion')
      return one.name === dropped.name || one.columns.join() === columns.join()
    return same(one.columns)
  })
}

function isMadeAgain({ name }: Dropped, table: RelationName, context: RuleContext): boolean {
  return (
    changesOf(context, 'add-constraint').some(
      ({ change }) => change.table === table && change.constraint.name === name,
    ) || changesOf(context, 'create-index').some(({ change }) => splitName(change.index.name).name === name)
  )
}

/** The helper of a safe SET NOT NULL has done its work. */
function provesOnlyNotNull(dropped: Dropped, after: Table): boolean {
  const proves = (dropped as Partial<Constraint>).provesNotNull ?? []
  return proves.length > 0 && proves.every((column) => after.columns.get(column)?.notNull === true)
}
