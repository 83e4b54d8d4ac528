import type { Index } from '../../sql/catalog/model.ts'
import { beside } from '../../sql/catalog/names.ts'
import { quoted, splitName } from '../../sql/identifiers.ts'
import { tokens } from '../../sql/lexer.ts'
import type { RelationName } from '../../sql/model.ts'
import { holdsOnlyNulls, isEmpty } from '../empty.ts'
import { atLines, type Group, groupedBy, named } from '../grouped.ts'
import { changesOf, hasBody, isInUse, type Located } from '../in-use.ts'
import { columnList, relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'create-index-blocks-writes',
  title: 'Creating an index blocks writes to the table until it is built',
  group: 'lock',
  documentation: {
    summary:
      'CREATE INDEX reads the whole table under SHARE: reads go on, every INSERT, UPDATE and DELETE waits. CONCURRENTLY takes ' +
      'longer and blocks nobody; it must stand alone in its migration, and when it fails it leaves an invalid index to drop.',
    bad: 'CREATE INDEX "Post_authorId_idx" ON "Post" ("authorId");',
    good: 'CREATE INDEX CONCURRENTLY "Post_authorId_idx" ON "Post" ("authorId");',
  },
  growsWithTable: true,
  about: ['create-index'],
  check: (context) => {
    const blocking = changesOf(context, 'create-index').filter((located) => blocks(located, context))
    return groupedBy(blocking, ({ change }) => change.index.table, context).map((group) => remark(group, context))
  },
}

type Creation = Located<'create-index'>

function blocks({ statement, change: { index, concurrently } }: Creation, context: RuleContext): boolean {
  if (!(statement.kind === 'IndexStmt' || hasBody(statement)) || concurrently || statement.effects.scans.length === 0)
    return false
  if (isEmpty(index.table, statement, context)) return false
  return isInUse(index.table, statement, context) && !belongsToConstraint(index, statement)
}

function belongsToConstraint(index: Index, { changes }: AnalysedStatement): boolean {
  return changes.some(
    (change) => change.kind === 'add-constraint' && beside(change.table, change.constraint.name) === index.name,
  )
}

/** One finding for a table: whoever builds one of its indexes another way builds all of them so. */
function remark(group: Group<Creation>, context: RuleContext): Remark {
  const [{ statement, change }] = group
  const table = relation(change.index.table, context)
  const several = group.length > 1
  const names = group.map((one) => quoted(splitName(one.change.index.name).name))
  const renamings = { columns: changesOf(context, 'rename-column'), dropped: changesOf(context, 'drop-index') }
  const colliding = group.some((one) => renamedInstead(one, renamings) === undefined && canCollide(one, context))
  const kept = group.flatMap((one) => {
    const old = renamedInstead(one, renamings)
    const name = quoted(splitName(one.change.index.name).name)
    return old === undefined ? [] : [`ALTER INDEX ${relation(old, context)} RENAME TO ${name};`]
  })
  return {
    statement,
    relation: change.index.table,
    severity: 'warning',
    mayFail: colliding,
    message: `Creates the ${several ? 'indexes' : 'index'} ${named(names)}${atLines(group)}: every write to ${table} waits until ${several ? 'they are' : 'it is'} built.`,
    why: `The lock (SHARE) is held while the whole table is read and until the transaction ends; writers queue behind it.${colliding ? ` It also fails if two rows have the same values${several ? ' in a unique one' : ''}.` : ''}`,
    instead: [
      ...(kept.length > 0 ? ['-- the same index is there under another name', ...kept, '-- else'] : []),
      `-- ${several ? 'each ' : ''}alone in a migration of its own: builds while everybody works on`,
      ...group.map((one) => `${concurrently(one, context)};`),
      `-- only if ${several ? 'one' : 'that'} failed: it leaves an invalid index behind, to be dropped before the next attempt`,
      ...group.map((one) => `DROP INDEX CONCURRENTLY IF EXISTS ${relation(one.change.index.name, context)};`),
    ].join('\n'),
  }
}

/** Not where a key is among its columns, or a column that has no value yet: NULL equals nothing. */
function canCollide({ statement, change: { index } }: Creation, context: RuleContext): boolean {
  if (!index.unique) return false
  if (!index.plain) return true
  const table = context.catalogBefore.relations.get(index.table)
  const keys = table?.kind === 'table' ? table.constraints : []
  const has = (columns: readonly string[]) => columns.length > 0 && columns.every((one) => index.columns.includes(one))
  if (keys.some(({ kind, columns }) => (kind === 'primary' || kind === 'unique') && has(columns))) return false
  const distinct = !/\bnulls\s+not\s+distinct\b/i.test(statement.sql)
  return !(distinct && index.columns.some((column) => holdsOnlyNulls(index.table, column, statement, context)))
}

interface Renamings {
  readonly columns: readonly Located<'rename-column'>[]
  readonly dropped: readonly Located<'drop-index'>[]
}

/** Prisma names indexes after their columns, and where a column was renamed drops the index and makes it again. */
function renamedInstead({ change: { index } }: Creation, { columns, dropped }: Renamings): RelationName | undefined {
  const renames = columns.filter(({ change }) => change.table === index.table)
  if (renames.length === 0 || !index.btree) return undefined
  const before = index.columns.map(
    (column) => renames.find(({ change }) => change.to === column)?.change.from ?? column,
  )
  return dropped.find(({ change: { known } }) => {
    if (known?.table !== index.table || known.unique !== index.unique || !known.btree) return false
    return [before.join(), index.columns.join()].includes(known.columns.join())
  })?.change.name
}

/** The statement as written, with CONCURRENTLY after INDEX; that of a block, which may hold more, from what it makes. */
function concurrently({ statement, change: { index } }: Creation, context: RuleContext): string {
  const { kind, sql } = statement
  if (kind !== 'IndexStmt') {
    const columns = index.plain ? columnList(index.columns) : '…'
    return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${quoted(splitName(index.name).name)} ON ${relation(index.table, context)} (${columns})`
  }
  for (const token of tokens(sql)) {
    if (token.kind !== 'word' || sql.slice(token.start, token.end).toUpperCase() !== 'INDEX') continue
    return `${sql.slice(0, token.end)} CONCURRENTLY${sql.slice(token.end)}`
  }
  return sql
}
