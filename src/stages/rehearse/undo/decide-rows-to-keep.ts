import type { Statement } from '../../../sql/model.ts'
import type { Objects, TableObject } from './objects.ts'
import { plainName } from './steps.ts'

/** What has to be known of the rows of before, so that what the way back does not bring can be counted afterwards. */
export interface RowsToKeep {
  /** Every row of these, by oid. */
  readonly tables: ReadonlySet<string>
  /** Of these too where they are small, and of a large one how many there are: rows may be added to them. */
  readonly added: ReadonlySet<string>
  /** Of these only how many rows there are: they are dropped. */
  readonly counted: ReadonlySet<string>
  /** Values of columns that are dropped, by oid of their table. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>
}

type Told = Pick<Statement, 'effects' | 'kind' | 'runsCode'>

/** What the statements say that they write, and all tables where they do not say it. */
export function decideRowsToKeep(statements: readonly Told[], before: Objects, mayRefill: boolean): RowsToKeep {
  const names = new Map(before.tables.map((table) => [plainName(table), table]))
  const sequences = new Set(before.sequences.map(plainName))
  const tables = new Set<string>()
  const added = new Set<string>()
  const counted = new Set<string>()
  const columns = new Map<string, Set<string>>()
  let all = statements.some(({ effects, runsCode }) => effects.unknown || runsCode)
  const renames = statements.some(({ kind }) => kind === 'RenameStmt' || kind === 'AlterObjectSchemaStmt')
  const makes = renames || statements.some(({ kind }) => kind === 'CreateStmt' || kind === 'CreateTableAsStmt')
  const find = (name: string): readonly TableObject[] => {
    const table = names.get(name)
    // Made by this file, or there under another name.
    if (table === undefined) all ||= renames
    return table === undefined ? [] : withParts(table, before)
  }
  const keep = (name: string) => {
    for (const { oid } of find(name)) tables.add(oid)
  }
  for (const { effects } of statements) {
    for (const name of [...effects.overwrites, ...effects.rewrites]) keep(name)
    // INSERT and COPY take it (manual, 13.3.1), and say nothing else of the rows. A sequence has it as well, for nextval.
    for (const { relation, mode } of effects.locks) {
      if (mode === 'RowExclusiveLock' && !sequences.has(relation)) for (const { oid } of find(relation)) added.add(oid)
    }
    for (const { kind, name } of effects.loses) {
      const table = name.split('.').slice(0, 2).join('.')
      if (kind === 'rows') keep(name)
      if (kind === 'precision') keep(table)
      // Perhaps it was built anew under its name.
      if (kind === 'table') for (const { oid } of find(name)) (mayRefill || makes ? tables : counted).add(oid)
      if (kind === 'column') {
        for (const { oid } of find(table))
          columns.set(oid, (columns.get(oid) ?? new Set()).add(name.slice(table.length + 1)))
      }
    }
  }
  if (mayRefill) for (const oid of columns.keys()) tables.add(oid)
  if (all) for (const { oid, kind } of before.tables) if (kind === 'r') tables.add(oid)
  return { tables, added, counted, columns }
}

function withParts(table: TableObject, { tables }: Objects): readonly TableObject[] {
  const parts = tables.filter(({ parents }) => parents.includes(table.oid))
  return [table, ...parts.flatMap((part) => withParts(part, { tables } as Objects))]
}
