/** Names of relations, and those that the server chooses where nobody gave one: `table_columns_label`. */

import type { RelationName } from '../model.ts'
import type { Catalog } from './model.ts'

const longest = 63

/** A name that is free, beside the table. Of an index or a sequence no relation has it, of a constraint no other of the schema. */
export function freeName(
  table: RelationName,
  columns: readonly string[],
  label: string,
  isTaken: (name: RelationName) => boolean,
): RelationName {
  const dot = table.indexOf('.')
  const [schema, name] = [table.slice(0, dot), table.slice(dot + 1)]
  const numbered = (count: number) => `${schema}.${chosenName(name, columns, `${label}${count === 0 ? '' : count}`)}`
  let count = 0
  while (isTaken(numbered(count))) count += 1
  return numbered(count)
}

/** Too long, the longer one of table and columns is cut first; the label stays (makeObjectName in the server's indexcmds.c). */
export function chosenName(table: string, columns: readonly string[], label: string): string {
  const column = columns.join('_')
  if (column === '') return `${cut(table, longest - label.length - 1)}_${label}`
  const room = longest - label.length - 2
  let [forTable, forColumn] = [byteLength(table), byteLength(column)]
  while (forTable + forColumn > room) {
    if (forTable > forColumn) forTable -= 1
    else forColumn -= 1
  }
  return `${cut(table, forTable)}_${cut(column, forColumn)}_${label}`
}

/** A column that is there twice gets a number the second time. */
export function distinct(columns: readonly string[]): readonly string[] {
  const found: string[] = []
  for (const wanted of columns) {
    let free = wanted
    for (let count = 1; found.includes(free); count += 1)
      free = `${cut(wanted, longest - String(count).length)}${count}`
    found.push(free)
  }
  return found
}

/** What may be missing takes no name: most often it is what the statement would make, had it not been there. */
export function isNameTaken({ relations, uncertain }: Catalog, name: RelationName): boolean {
  if (relations.has(name) && !uncertain.has(name)) return true
  return relations.withConstraint(name).some((table) => !uncertain.has(table.name))
}

/** The name of something that lives in the schema of a table: its indexes and the indexes of its constraints. */
export function beside(table: RelationName, name: string): RelationName {
  return `${table.slice(0, table.indexOf('.'))}.${name}`
}

/** What it is called within its schema. */
export function withoutSchema(name: RelationName): string {
  return name.slice(name.indexOf('.') + 1)
}

function cut(name: string, bytes: number): string {
  let kept = ''
  for (const character of name) {
    if (byteLength(kept + character) > bytes) break
    kept += character
  }
  return kept
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}
