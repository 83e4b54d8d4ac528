import { listed, quoted } from '../../sql/identifiers.ts'
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
  check: (context) => changesOf(context, 'alter-column').flatMap((located) => remark(located, context)),
}

function remark({ statement, change }: Located<'alter-column'>, context: RuleContext): readonly Remark[] {
  const { typeChange } = change
  if (typeChange === undefined || !isInUse(change.table, statement, context)) return []
  if (!typeChange.rewrites && !typeChange.loses && !typeChange.mayFail) return []
  // Labels that go are told by the rule for them, with what to do about the rows.
  if (statement.effects.loses.some((loss) => loss.kind === 'enum-label')) return []
  const table = relation(change.table, context)
  const column = quoted(change.name)
  const from = typeText(typeChange.from, context)
  const to = typeText(typeChange.to, context)
  const consequences = [
    typeChange.rewrites
      ? `nobody can read or write ${table} while ${typeChange.doubt === undefined ? 'it is' : 'it may be'} rewritten`
      : undefined,
    typeChange.loses ? `values of ${column} are changed for good` : undefined,
    typeChange.mayFail ? `it fails on a value that does not fit` : undefined,
  ].filter((one) => one !== undefined)
  const key = keyOf(change.table, context.catalogBefore)
  // A type that somebody created and Prisma recreates has the same name in the end, and the application sees the same labels.
  const recreated = typeChange.from?.name.includes('.') === true && typeChange.to.name.includes('.')
  const why = [
    'The lock (ACCESS EXCLUSIVE) is held until the transaction ends.',
    typeChange.doubt === undefined ? undefined : `It cannot be told for certain: ${typeChange.doubt}.`,
    recreated ? undefined : `The running release goes on sending and expecting ${from}.`,
  ]
  const using = /\busing\s+([\s\S]+)$/i.exec(clauseText(statement, change.clause))?.[1] ?? `${column}::${to}`
  const next = quoted(`${change.name}_new`)
  return [
    {
      statement,
      clause: change.clause,
      relation: change.table,
      severity: typeChange.loses ? 'error' : 'warning',
      message: `Changes ${column} of ${table} from ${from} to ${to}: ${listed(consequences)}.`,
      why: why.filter((one) => one !== undefined).join(' '),
      instead: [
        `ALTER TABLE ${table} ADD COLUMN ${next} ${to};`,
        '-- release an application that writes both; then, repeated until no row is changed',
        `UPDATE ${table} SET ${next} = ${using} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${next} IS NULL AND ${column} IS NOT NULL LIMIT 5000);`,
        '-- once nothing reads the old one',
        `ALTER TABLE ${table} RENAME COLUMN ${column} TO ${quoted(`${change.name}_old`)};`,
        `ALTER TABLE ${table} RENAME COLUMN ${next} TO ${column};`,
      ].join('\n'),
    },
  ]
}
