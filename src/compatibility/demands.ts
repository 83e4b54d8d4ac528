/** Columns that demand a value which the running release does not send. */

import { relation, typeText } from '../rules/naming.ts'
import type { AnalysedStatement, Remark, RuleContext } from '../rules/rule.ts'
import { quoted } from '../sql/identifiers.ts'
import type { RelationName } from '../sql/model.ts'
import type { RunningRelease } from './prisma-schema.ts'
import { fieldNames, fieldsOfColumn, modelNames, modelsOf } from './usage.ts'

export function demandsOf(
  statement: AnalysedStatement,
  context: RuleContext,
  running: RunningRelease,
): readonly Remark[] {
  return statement.changes.flatMap((change) => {
    if (change.kind === 'add-column' && change.column.notNull && change.filledBy === 'none') {
      const { table, column, clause } = change
      const instead = `ALTER TABLE ${relation(table, context)} ADD COLUMN ${quoted(column.name)} ${typeText(column.type, context)};`
      return ofColumn({ table, column: column.name, clause, what: 'Adds the required column', instead })
    }
    if (change.kind !== 'alter-column') return []
    const { table, name, set, known, clause } = change
    const hasDefault = defaultAfter(table, name, context) ?? known?.hasDefault ?? false
    const filled = hasDefault || known?.identity === true || known?.generated === true
    if (set.notNull === true && !filled) {
      const instead = `ALTER TABLE ${relation(table, context)} ALTER COLUMN ${quoted(name)} SET DEFAULT …;`
      return ofColumn({ table, column: name, clause, what: 'Makes required without a default', instead })
    }
    if (set.hasDefault === false && !hasDefault && known?.notNull === true)
      return ofColumn({ table, column: name, clause, what: 'Takes the default from the required column', instead: '' })
    return []
  })

  function ofColumn(demand: Demand): readonly Remark[] {
    return remark(demand, statement, context, running)
  }
}

interface Demand {
  readonly table: RelationName
  readonly column: string
  readonly clause: number
  readonly what: string
  readonly instead: string
}

/** Whether the last word of the file on the column's default gives it one; `undefined` where it says nothing. */
function defaultAfter(table: RelationName, column: string, { statements }: RuleContext): boolean | undefined {
  let last: boolean | undefined
  for (const { changes } of statements)
    for (const change of changes)
      if (change.kind === 'alter-column' && change.table === table && change.name === column)
        last = change.set.hasDefault ?? last
  return last
}

function remark(
  { table, column, clause, what, instead }: Demand,
  statement: AnalysedStatement,
  context: RuleContext,
  { schema, ref }: RunningRelease,
): readonly Remark[] {
  const models = modelsOf(schema, table)
  if (models.length === 0 || context.notYetInUse.has(table)) return []
  const fields = fieldsOfColumn(schema, table, column)
  const sent = fields.filter(({ field }) => field.required && !field.filledByDatabase)
  if (sent.length === models.length) return []
  const creates = `creates of ${modelNames(models)}`
  const because =
    fields.length === 0
      ? `does not know the column, so all its ${creates} fail`
      : `has it as ${fieldNames(fields)} and need not send it, so its ${creates} without one fail`
  return [
    {
      statement,
      clause,
      severity: 'error',
      message: `${what} ${quoted(column)} of ${relation(table, context)}: the release that is running (${ref}) ${because}.`,
      why: `Prisma Client of the running release leaves the column out of the INSERT, PostgreSQL puts NULL there, and refuses the row; that lasts until the new release is everywhere.`,
      instead: [
        '-- now, and release an application that always fills it',
        ...(instead === '' ? ['-- leave the default as it is'] : [instead]),
        '-- in a later migration, when that release runs everywhere',
        `${statement.sql};`,
      ].join('\n'),
    },
  ]
}
