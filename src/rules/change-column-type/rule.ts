import type { TypeChange } from '../../sql/catalog/change.ts'
import { listed, quoted } from '../../sql/identifiers.ts'
import { isEmpty } from '../empty.ts'
import { atLines, type Group, groupedBy } from '../grouped.ts'
import { changesOf, clauseText, isInUse, type Located } from '../in-use.ts'
import { columnList, keyOf, relation, rowOf, typeText } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'change-column-type',
  title: 'Changing the type of a column rewrites the table while nobody can use it',
  group: 'rewrite',
  documentation: {
    summary:
      'Unless the old bytes are valid values of the new type (a longer VARCHAR, VARCHAR to TEXT, more digits before the point), ' +
      'PostgreSQL writes the whole table and all its indexes anew under ACCESS EXCLUSIVE. Values that do not fit make it fail ' +
      'or are rounded. A second column, filled in batches, needs no such lock.',
    bad: 'ALTER TABLE "Order" ALTER COLUMN "id" TYPE BIGINT;',
    good: 'ALTER TABLE "Order" ADD COLUMN "id_new" BIGINT;',
  },
  growsWithTable: true,
  about: ['alter-column'],
  check: (context) => {
    const changed = changesOf(context, 'alter-column').flatMap((located) => retyped(located, context) ?? [])
    return groupedBy(changed, sameForAll, context).map((group) => remark(group, context))
  },
}

interface Retyped extends Located<'alter-column'> {
  readonly type: TypeChange
  readonly from: string
  readonly to: string
}

function retyped({ statement, change }: Located<'alter-column'>, context: RuleContext): Retyped | undefined {
  const type = change.typeChange
  if (type === undefined || !isInUse(change.table, statement, context)) return undefined
  if (!type.rewrites && !type.loses && !type.mayFail) return undefined
  if (isEmpty(change.table, statement, context)) return undefined
  // Labels that go are told by the rule for them, with what to do about the rows.
  if (statement.effects.loses.some((loss) => loss.kind === 'enum-label')) return undefined
  return { statement, change, type, from: typeText(type.from, context), to: typeText(type.to, context) }
}

/** Columns of one table that change from one type to another have one story. */
function sameForAll({ change, type: { rewrites, loses, mayFail, doubt }, from, to }: Retyped): string {
  return JSON.stringify([change.table, from, to, rewrites, loses, mayFail, doubt])
}

function remark(group: Group<Retyped>, context: RuleContext): Remark {
  const [{ statement, change, type, from, to }] = group
  const table = relation(change.table, context)
  const columns = listed(group.map((one) => quoted(one.change.name)))
  const consequences = [
    type.rewrites
      ? `nobody can read or write ${table} while ${type.doubt === undefined ? 'it is' : 'it may be'} rewritten`
      : undefined,
    type.loses ? `values of ${columns} are changed for good` : undefined,
    type.mayFail ? `it fails on a value that does not fit` : undefined,
  ].filter((one) => one !== undefined)
  const key = keyOf(change.table, context.catalogBefore)
  // A type that somebody created and Prisma recreates has the same name in the end, and the application sees the same labels.
  const recreated = type.from?.name.includes('.') === true && type.to.name.includes('.')
  const why = [
    'The lock (ACCESS EXCLUSIVE) is held until the transaction ends.',
    type.doubt === undefined ? undefined : `It cannot be told for certain: ${type.doubt}.`,
    recreated ? undefined : `The running release goes on sending and expecting ${from}.`,
  ]
  const pairs = group.map((one) => ({
    old: quoted(one.change.name),
    kept: quoted(`${one.change.name}_old`),
    next: quoted(`${one.change.name}_new`),
    value:
      /\busing\s+([\s\S]+)$/i.exec(clauseText(one.statement, one.change.clause))?.[1] ??
      `${quoted(one.change.name)}::${to}`,
  }))
  const missing = pairs.map(({ old, next }) => `(${next} IS NULL AND ${old} IS NOT NULL)`).join(' OR ')
  return {
    statement,
    clause: change.clause,
    relation: change.table,
    severity: type.loses ? 'error' : 'warning',
    mayFail: type.mayFail,
    message: `Changes ${columns} of ${table} from ${from} to ${to}${atLines(group)}: ${listed(consequences)}.`,
    why: why.filter((one) => one !== undefined).join(' '),
    instead: isOfTimeZone(type)
      ? inUtc(group, table, to)
      : [
          `ALTER TABLE ${table} ${pairs.map(({ next }) => `ADD COLUMN ${next} ${to}`).join(', ')};`,
          '-- release an application that writes both; then, repeated until no row is changed',
          `UPDATE ${table} SET ${pairs.map(({ next, value }) => `${next} = ${value}`).join(', ')} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${missing} LIMIT 5000);`,
          '-- once nothing reads the old',
          ...pairs.flatMap(({ old, kept, next }) => [
            `ALTER TABLE ${table} RENAME COLUMN ${old} TO ${kept};`,
            `ALTER TABLE ${table} RENAME COLUMN ${next} TO ${old};`,
          ]),
        ].join('\n'),
  }
}

function isOfTimeZone({ from, to }: TypeChange): boolean {
  return from?.name === 'timestamp' && to.name === 'timestamptz' && from.modifiers.join() === to.modifiers.join()
}

/** Measured on 14 to 18: where the session's TimeZone is UTC nothing is rewritten. */
function inUtc(group: Group<Retyped>, table: string, to: string): string {
  const commands = group.map((one) => `ALTER COLUMN ${quoted(one.change.name)} TYPE ${to}`)
  return [
    '-- where the values are UTC, as Prisma writes them: each keeps its instant, and nothing is rewritten',
    "SET TimeZone = 'UTC';",
    `ALTER TABLE ${table} ${commands.join(', ')};`,
    'RESET TimeZone;',
  ].join('\n')
}
