/** Tables and columns that go or get another name while the running release still asks for them. */

import { columnOf, relation, relations } from '../rules/naming.ts'
import type { AnalysedStatement, Remark, RuleContext } from '../rules/rule.ts'
import { quoted, splitName } from '../sql/identifiers.ts'
import type { RelationName } from '../sql/model.ts'
import { columnAfter, relationAfter } from './later.ts'
import type { RunningRelease } from './prisma-schema.ts'
import { fieldNames, fieldsOfColumn, joinTableOf, modelNames, modelsOf } from './usage.ts'

/** What went under its name: dropped where `to` is missing. */
interface Gone {
  readonly name: string
  readonly to?: string | undefined
  readonly clause?: number | undefined
}

export function goneFrom(
  statement: AnalysedStatement,
  context: RuleContext,
  running: RunningRelease,
): readonly Remark[] {
  return [
    ...relationsGone(statement, running).flatMap((gone) => ofRelation(gone, statement, context, running)),
    ...ofColumns(statement, context, running),
  ]
}

function relationsGone({ effects, changes }: AnalysedStatement, { schema }: RunningRelease): readonly Gone[] {
  const gone: Gone[] = []
  for (const { kind, name } of effects.loses) if (kind === 'table' || kind === 'view') gone.push({ name })
  const inSchema = (name: string) =>
    [...schema.models, ...schema.joinTables]
      .map(({ table }) => table)
      .filter((table) => splitName(table).schema === name)
  for (const loss of effects.loses)
    if (loss.kind === 'schema') gone.push(...inSchema(loss.name).map((name) => ({ name })))
  for (const change of changes) {
    if (change.kind === 'rename-table' || change.kind === 'rename-view') gone.push({ name: change.from, to: change.to })
    if (change.kind === 'rename-schema')
      gone.push(...inSchema(change.from).map((name) => ({ name, to: `${change.to}.${splitName(name).name}` })))
  }
  return [...new Map(gone.map((one) => [one.name, one])).values()]
}

function ofRelation(
  { name, to }: Gone,
  statement: AnalysedStatement,
  context: RuleContext,
  { schema, ref }: RunningRelease,
): readonly Remark[] {
  const models = modelsOf(schema, name)
  const join = joinTableOf(schema, name)
  if ((models.length === 0 && join === undefined) || context.notYetInUse.has(name)) return []
  const replacement = relationAfter(name, statement, context)
  const has = (column: string) => {
    if (replacement?.kind === 'table') return replacement.columns?.has(column) ?? true
    return replacement?.mentions?.has(column) ?? true
  }
  const missing = models.flatMap((model) =>
    model.fields.filter((field) => !has(field.column)).map((field) => ({ model, field })),
  )
  if (replacement !== undefined && missing.length === 0) return []
  const table = relation(name, context)
  const used = join === undefined ? modelNames(models) : `the relation between ${join.models[0]} and ${join.models[1]}`
  const what = to === undefined ? `Drops ${table}` : `Renames ${table} to ${relation(to, context)}`
  const incomplete =
    replacement === undefined ? '' : ` What takes its place in this file has no ${fieldNames(missing)}.`
  return [
    {
      statement,
      severity: 'error',
      message: `${what}: the release that is running (${ref}) still uses it for ${used}.${incomplete}`,
      why: `Prisma Client of the running release sends every query of ${used} to ${table}; they fail until the new release is everywhere.`,
      instead:
        to === undefined
          ? [
              `-- now: release an application that does not use ${used}`,
              '-- in a later migration, when that release runs everywhere',
              `DROP TABLE ${table};`,
            ].join('\n')
          : [
              `-- leave the table as it is and rename in schema.prisma only: @@map(${JSON.stringify(splitName(name).name)})`,
              '-- or keep the old name for as long as the running release needs it',
              'BEGIN;',
              `${statement.sql};`,
              `CREATE VIEW ${table} AS SELECT * FROM ${relation(to, context)};`,
              'COMMIT;',
            ].join('\n'),
    },
  ]
}

function ofColumns(statement: AnalysedStatement, context: RuleContext, running: RunningRelease): readonly Remark[] {
  const gone = new Map<RelationName, Gone[]>()
  const add = (table: RelationName, one: Gone) => gone.set(table, [...(gone.get(table) ?? []), one])
  for (const loss of statement.effects.loses) {
    if (loss.kind !== 'column') continue
    const { table, column } = columnOf(loss.name)
    const drop = statement.changes.find((change) => change.kind === 'drop-column' && change.name === column)
    const clause = drop?.kind === 'drop-column' && statement.kind === 'AlterTableStmt' ? drop.clause : undefined
    add(table, { name: column, clause })
  }
  for (const change of statement.changes)
    if (change.kind === 'rename-column') add(change.table, { name: change.from, to: change.to })
  return [...gone].flatMap(([table, columns]) => ofTable(table, columns, statement, context, running))
}

function ofTable(
  table: RelationName,
  gone: readonly Gone[],
  statement: AnalysedStatement,
  context: RuleContext,
  { schema, ref }: RunningRelease,
): readonly Remark[] {
  if (context.notYetInUse.has(table)) return []
  const missed = gone.filter(
    ({ name }) =>
      fieldsOfColumn(schema, table, name).length > 0 && columnAfter(table, name, statement, context) === undefined,
  )
  const [first] = missed
  if (first === undefined) return []
  const fields = missed.flatMap(({ name }) => fieldsOfColumn(schema, table, name))
  const name = relations([table], context)
  const columns = missed.map((one) => quoted(one.name)).join(', ')
  const several = missed.length > 1
  const what =
    first.to === undefined
      ? `Drops ${columns} of ${name}`
      : `Renames ${columns} of ${name} to ${missed.map(({ to }) => quoted(to ?? '')).join(', ')}`
  const models = modelNames(fields.map(({ model }) => model))
  return [
    {
      statement,
      clause: first.clause,
      severity: 'error',
      message: `${what}: the release that is running (${ref}) still uses ${several ? 'them' : 'it'} as ${fieldNames(fields)}.`,
      why:
        `Prisma Client of the running release selects ${fieldNames(fields)} in every query of ${models} that does not list its ` +
        'fields; those queries, and writes that set the field, fail until the new release is everywhere.',
      instead:
        first.to === undefined
          ? [
              `-- now: mark ${fieldNames(fields)} with @ignore in schema.prisma, or remove ${several ? 'them' : 'it'} there, and release that`,
              '-- in a later migration, when that release runs everywhere',
              `ALTER TABLE ${name} ${missed.map((one) => `DROP COLUMN ${quoted(one.name)}`).join(', ')};`,
            ].join('\n')
          : `-- leave the column as it is and rename in schema.prisma only: ${first.to} … @map(${JSON.stringify(first.name)})`,
    },
  ]
}
