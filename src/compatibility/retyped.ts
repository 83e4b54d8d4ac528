/** Columns and enums that mean something else than the running release takes them for. */

import { columnOf, relation, typeText } from '../rules/naming.ts'
import type { AnalysedStatement, Remark, RuleContext } from '../rules/rule.ts'
import type { TypeRef } from '../sql/catalog/model.ts'
import { listed, literal, quoted } from '../sql/identifiers.ts'
import type { RelationName } from '../sql/model.ts'
import { fitOf } from './column-types.ts'
import { columnAfter, typeAfter, typeNameAfter } from './later.ts'
import type { RunningRelease } from './prisma-schema.ts'
import { fieldNames, fieldsOfColumn, modelNames, usedEnum } from './usage.ts'

export function retypedBy(
  statement: AnalysedStatement,
  context: RuleContext,
  running: RunningRelease,
): readonly Remark[] {
  return [
    ...statement.changes.flatMap((change) => {
      switch (change.kind) {
        case 'alter-column':
          return change.typeChange === undefined
            ? []
            : ofColumn(change.table, change.name, change.clause, change.typeChange.to)
        // Dropped and added under the same name, in one file: for the release that is running, a column of another type.
        case 'drop-column':
          return replaced(change.table, change.name, change.clause)
        case 'rename-column':
          return replaced(change.table, change.from, undefined)
        case 'rename-type':
          return typeAfter(change.from, statement, context) ? [] : renamedType(change.from, change.to)
        case 'rename-label':
          return labelsGone(
            change.type,
            [change.from],
            `Renames the label ${literal(change.from)} to ${literal(change.to)}`,
          )
        default:
          return []
      }
    }),
    ...lostLabels(),
  ]

  function replaced(table: RelationName, column: string, clause: number | undefined): readonly Remark[] {
    const after = columnAfter(table, column, statement, context)
    return after === undefined ? [] : ofColumn(table, column, clause, after.type)
  }

  function ofColumn(
    table: RelationName,
    column: string,
    clause: number | undefined,
    to: TypeRef | undefined,
  ): readonly Remark[] {
    if (context.notYetInUse.has(table)) return []
    const type = to === undefined ? undefined : { ...to, name: typeNameAfter(to.name, statement, context) }
    const fields = fieldsOfColumn(running.schema, table, column).filter(
      ({ field }) => fitOf(field, type, running.schema) !== 'fits',
    )
    const [first] = fields
    if (first === undefined) return []
    const list = first.field.list ? '[]' : ''
    const kind = type === undefined ? 'a type that cannot be told' : typeText(type, context)
    return [
      {
        statement,
        clause: statement.kind === 'AlterTableStmt' ? clause : undefined,
        severity: 'error',
        message: `Makes ${quoted(column)} of ${relation(table, context)} ${kind}: the release that is running (${running.ref}) reads and writes it as ${fieldNames(fields)}, ${first.field.type}${list}.`,
        why: `Prisma Client of the running release sends and expects values of the old type; queries that touch ${fieldNames(fields)} fail until the new release is everywhere.`,
        instead: [
          `ALTER TABLE ${relation(table, context)} ADD COLUMN ${quoted(`${column}_new`)} ${type === undefined ? '…' : kind};`,
          '-- release an application that writes both, fill the new column, release one that reads it, and drop the old one last',
        ].join('\n'),
      },
    ]
  }

  function lostLabels(): readonly Remark[] {
    const byType = new Map<string, string[]>()
    for (const loss of statement.effects.loses) {
      if (loss.kind !== 'enum-label') continue
      const { table: type, column: label } = columnOf(loss.name)
      byType.set(type, [...(byType.get(type) ?? []), label])
    }
    return [...byType].flatMap(([type, labels]) =>
      labelsGone(type, labels, `Removes the label${labels.length > 1 ? 's' : ''} ${listed(labels.map(literal))}`),
    )
  }

  function labelsGone(type: string, labels: readonly string[], what: string): readonly Remark[] {
    const found = usedEnum(running.schema, type)
    const gone = found?.used.labels.filter(({ label }) => labels.includes(label)) ?? []
    if (found === undefined || gone.length === 0) return []
    const values = listed(gone.map(({ name }) => `${found.used.name}.${name}`))
    return [
      {
        statement,
        severity: 'error',
        message: `${what} of the enum ${relation(type, context)}: the release that is running (${running.ref}) still has ${values}.`,
        why: `It may write ${values} to ${fieldNames(found.by)} or look for it there, and every such query fails until the new release is everywhere.`,
        instead: [
          `-- now: release an application that no longer uses ${values}, with the label still in the database`,
          '-- this migration after that, when the release runs everywhere',
        ].join('\n'),
      },
    ]
  }

  function renamedType(from: string, to: string): readonly Remark[] {
    const found = usedEnum(running.schema, from)
    if (found === undefined) return []
    return [
      {
        statement,
        severity: 'error',
        message: `Renames the type ${relation(from, context)} to ${relation(to, context)}: the release that is running (${running.ref}) still has the enum ${found.used.name}.`,
        why: `Prisma Client of the running release casts values to the type by its name; writes and filters of ${fieldNames(found.by)} fail, and with them queries of ${modelNames(found.by.map(({ model }) => model))}, until the new release is everywhere.`,
        instead: `-- leave the type as it is and rename in schema.prisma only: enum … { … @@map(${JSON.stringify(from.slice(from.indexOf('.') + 1))}) }`,
      },
    ]
  }
}
