/** What the rest of the file puts in place of something that went. */

import type { AnalysedStatement, RuleContext } from '../rules/rule.ts'
import type { Change, ChangeOf } from '../sql/catalog/change.ts'
import type { Column } from '../sql/catalog/model.ts'
import type { RelationName } from '../sql/model.ts'

type File = Pick<RuleContext, 'statements' | 'catalogBefore'>

/** From the statement on: one ALTER TABLE may drop a column and add it again. */
function* changesFrom(statement: AnalysedStatement, { statements }: File): Generator<Change, void> {
  for (const later of statements.slice(statement.index)) yield* later.changes
}

export type Replacement =
  | { readonly kind: 'table'; readonly columns: ReadonlyMap<string, Column> | undefined }
  | { readonly kind: 'view'; readonly mentions: ReadonlySet<string> | undefined }

/** A relation of that name, created or renamed to it: a view in the place of a renamed table keeps the release running. */
export function relationAfter(name: RelationName, statement: AnalysedStatement, file: File): Replacement | undefined {
  let found: Replacement | undefined
  for (const change of changesFrom(statement, file)) {
    if (change.kind === 'create-table' && change.table.name === name)
      found = { kind: 'table', columns: change.table.columnsKnown ? change.table.columns : undefined }
    if (change.kind === 'create-view' && change.view.name === name)
      found = { kind: 'view', mentions: change.view.mentions }
    if (change.kind === 'rename-table' && change.to === name) {
      const renamed = file.catalogBefore.relations.get(change.from)
      found = {
        kind: 'table',
        columns: renamed?.kind === 'table' && renamed.columnsKnown ? renamed.columns : undefined,
      }
    }
    if (change.kind === 'rename-view' && change.to === name) found = { kind: 'view', mentions: undefined }
  }
  return found
}

/** A column of that name, added or renamed to it. Its type is `undefined` where nobody knows it. */
export function columnAfter(
  table: RelationName,
  name: string,
  statement: AnalysedStatement,
  file: File,
): { readonly type: Column['type'] } | undefined {
  let found: { readonly type: Column['type'] } | undefined
  for (const change of changesFrom(statement, file)) {
    if (change.kind === 'add-column' && change.table === table && change.column.name === name)
      found = { type: change.column.type }
    if (change.kind === 'rename-column' && change.table === table && change.to === name)
      found = { type: typeBefore(change, file) }
  }
  return found
}

function typeBefore({ table, from }: ChangeOf<'rename-column'>, { statements, catalogBefore }: File): Column['type'] {
  const known = catalogBefore.relations.get(table)
  let type = known?.kind === 'table' ? known.columns.get(from)?.type : undefined
  for (const change of statements.flatMap(({ changes }) => changes)) {
    if (change.kind === 'add-column' && change.table === table && change.column.name === from) type = change.column.type
  }
  return type
}

/** The name that a type has at the end of the file: Prisma makes `Role_new` and renames it to `Role`. */
export function typeNameAfter(name: string, statement: AnalysedStatement, file: File): string {
  let last = name
  for (const change of changesFrom(statement, file))
    if (change.kind === 'rename-type' && change.from === last) last = change.to
  return last
}

/** A type of that name, created or renamed to it. */
export function typeAfter(name: string, statement: AnalysedStatement, file: File): boolean {
  for (const change of changesFrom(statement, file)) {
    if (change.kind === 'create-type' && change.type.name === name) return true
    if (change.kind === 'rename-type' && change.to === name) return true
  }
  return false
}
