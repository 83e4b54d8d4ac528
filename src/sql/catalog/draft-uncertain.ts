/**
 * What a catalog may be after a statement that may or may not have run: a branch, a loop, a block with an exception handler.
 * It keeps everything that may be there, and nothing that would make a later statement look cheaper than it may be.
 */

import type { Change, ChangeOf } from './change.ts'
import type { CatalogDraft } from './draft.ts'
import { nameFunction } from './draft-renames.ts'
import { changesBelow } from './inheritance.ts'
import type { Column, Constraint, Table, UserType } from './model.ts'

export function applyUncertain(draft: CatalogDraft, change: Change): void {
  if (change.kind === 'uncertain') {
    applyUncertain(draft, change.change)
    return
  }
  applyOne(draft, change)
  for (const below of changesBelow(draft, change)) applyUncertain(draft, below)
}

function applyOne(draft: CatalogDraft, change: Exclude<Change, { readonly kind: 'uncertain' }>): void {
  switch (change.kind) {
    case 'create-table':
      createTable(draft, change.table)
      return
    case 'create-view':
      createView(draft, change)
      return
    case 'create-sequence':
      create(draft, change.sequence.name, change)
      return
    case 'create-index':
      create(draft, change.index.name, change)
      return
    case 'drop-table':
    case 'drop-index':
    case 'drop-view':
    case 'drop-sequence':
      if (draft.relations.has(change.name)) draft.uncertain.add(change.name)
      for (const { kind, name } of draft.relations.pointingAt(change.name))
        if (kind === 'index' || kind === 'sequence') draft.uncertain.add(name)
      return
    case 'rename-table':
    case 'rename-index':
    case 'rename-view':
    case 'rename-sequence':
      draft.doubtful.add(change.from).add(change.to)
      return
    case 'rename-column':
      draft.doubtful.add(change.table)
      return
    case 'table-flag':
      if (change.set.unlogged !== undefined) draft.doubtful.add(change.table)
      if (change.set.rowSecurity === true) draft.apply(change)
      return
    case 'rename-schema':
      for (const name of [...draft.relations.keys()]) {
        if (!name.startsWith(`${change.from}.`)) continue
        draft.doubtful.add(name).add(`${change.to}.${name.slice(change.from.length + 1)}`)
      }
      draft.schemas.add(change.to)
      return
    case 'rename-type':
      for (const relation of draft.relations.values()) {
        if (relation.kind !== 'table') continue
        if ([...relation.columns.values()].some((column) => column.type?.name === change.from))
          draft.doubtful.add(relation.name)
      }
      return
    case 'set-parents':
      draft.updateTable(change.table, (table) => ({
        ...table,
        parents: [...new Set([...table.parents, ...change.parents])],
      }))
      for (const parent of change.parents) draft.parents.add(parent)
      return
    case 'add-column':
      addColumn(draft, change.table, change.column)
      return
    case 'drop-column':
      draft.uncertain.add(columnKey(change.table, change.name))
      return
    case 'alter-column':
      alterColumn(draft, change.table, change.name, change.set)
      return
    case 'add-constraint':
      addConstraint(draft, change.table, change.constraint)
      return
    case 'drop-constraint':
      draft.updateConstraint(change.table, change.name, unproven)
      return
    case 'rename-constraint':
      draft.updateTable(change.table, (table) => ({
        ...table,
        constraints: table.constraints.flatMap((one) =>
          one.name === change.from ? [unproven(one), unproven({ ...one, name: change.to })] : [one],
        ),
      }))
      return
    case 'validate-constraint':
    case 'drop-type':
    case 'drop-function':
    case 'drop-trigger':
    case 'drop-policy':
    case 'drop-rule':
    case 'drop-schema':
      return
    case 'create-type':
      createType(draft, change.type)
      return
    case 'create-function':
      draft.apply({ ...change, replaces: false })
      return
    case 'rename-label':
      draft.apply({ kind: 'add-label', type: change.type, label: change.to, beside: undefined })
      return
    case 'rename-function':
      nameFunction(draft, change.from, change.to, [change.from, change.to])
      return
    case 'add-label':
    case 'runs':
    case 'hides':
    case 'add-trigger':
    case 'add-policy':
    case 'add-rule':
    case 'create-schema':
    case 'create-event-trigger':
    case 'create-extension':
    case 'join-extension':
      draft.apply(change)
      return
    case 'drop-event-trigger':
    case 'drop-extension':
    case 'leave-extension':
    case 'search-path':
      return
  }
}

export function columnKey(table: string, column: string): string {
  return `${table}.${column}`
}

/** In a catalog that is complete, what was not there is new. Else it may have been there all along, with others using it. */
function createdBy(draft: CatalogDraft, migration: string | undefined): string | undefined {
  return draft.complete ? migration : undefined
}

function createTable(draft: CatalogDraft, table: Table): void {
  if (draft.relations.has(table.name)) {
    draft.updateTable(table.name, (known) => ({ ...known, columnsKnown: false }))
    return
  }
  draft.relations.set(table.name, {
    ...table,
    createdBy: createdBy(draft, table.createdBy),
    columns: new Map([...table.columns].map(([name, column]) => [name, perhaps(draft, column)])),
    columnsKnown: draft.complete && table.columnsKnown,
    constraints: draft.complete ? table.constraints : table.constraints.map(unproven),
  })
  for (const parent of table.parents) draft.parents.add(parent)
  draft.uncertain.add(table.name)
}

/** A domain that may have got another check or default runs what either of them runs. */
function createType(draft: CatalogDraft, type: UserType): void {
  const known = draft.types.get(type.name)
  const made =
    known === undefined
      ? { ...type, createdBy: createdBy(draft, type.createdBy) }
      : {
          ...known,
          runs: [...new Set([...known.runs, ...type.runs])],
          attributes: [...known.attributes, ...type.attributes.filter((one) => !known.attributes.includes(one))],
        }
  draft.types.set(type.name, made)
}

/** A view that may have taken the place of another reads what either of them reads. */
function createView(draft: CatalogDraft, change: ChangeOf<'create-view'>): void {
  const known = draft.relations.get(change.view.name)
  if (known?.kind !== change.view.kind) {
    create(draft, change.view.name, change)
    return
  }
  const mentions =
    known.mentions === undefined || change.view.mentions === undefined
      ? undefined
      : new Set([...known.mentions, ...change.view.mentions])
  draft.relations.set(known.name, {
    ...known,
    reads: [...new Set([...known.reads, ...change.view.reads])],
    runs: [...new Set([...known.runs, ...change.view.runs])],
    mentions,
  })
}

type Creation = ChangeOf<'create-view' | 'create-sequence' | 'create-index'>

function create(draft: CatalogDraft, name: string, change: Creation): void {
  const known = draft.relations.get(name)
  if (known !== undefined) {
    // An index of that name is the one there was; of anything else nobody knows which it is now.
    if (change.kind !== 'create-index') draft.doubtful.add(name)
    return
  }
  draft.apply(change)
  const made = draft.relations.get(name)
  if (made !== undefined) draft.relations.set(name, { ...made, createdBy: createdBy(draft, made.createdBy) })
  draft.uncertain.add(name)
}

function perhaps(draft: CatalogDraft, column: Column): Column {
  return draft.complete ? column : { ...column, notNull: false, createdBy: undefined }
}

function addColumn(draft: CatalogDraft, table: string, column: Column): void {
  draft.updateTable(table, (known) => {
    if (known.columns.has(column.name)) return known
    draft.uncertain.add(columnKey(table, column.name))
    const added = { ...column, notNull: false, createdBy: known.columnsKnown ? column.createdBy : undefined }
    return { ...known, columns: new Map(known.columns).set(column.name, added) }
  })
}

function alterColumn(draft: CatalogDraft, table: string, name: string, set: ChangeOf<'alter-column'>['set']): void {
  draft.updateTable(table, (known) => {
    const column = known.columns.get(name)
    if (column === undefined) return known
    const altered: Column = {
      ...column,
      type: set.type === undefined ? column.type : undefined,
      notNull: set.notNull === undefined && set.type === undefined ? column.notNull : false,
      sequence: set.sequence ?? column.sequence,
      defaultUses: [...new Set([...column.defaultUses, ...(set.defaultUses ?? [])])],
      identity: set.identity === true || column.identity,
      hasDefault: set.hasDefault === undefined ? column.hasDefault : column.hasDefault && set.hasDefault,
      generated: set.generated === true || column.generated,
    }
    return { ...known, columns: new Map(known.columns).set(name, altered) }
  })
}

function addConstraint(draft: CatalogDraft, name: string, constraint: Constraint): void {
  draft.updateTable(name, (table) =>
    table.constraints.some((one) => one.name === constraint.name)
      ? table
      : { ...table, constraints: [...table.constraints, unproven(constraint)] },
  )
}

/** It may be there, to be locked and dropped; it may not be, so it proves nothing. */
function unproven(constraint: Constraint): Constraint {
  return { ...constraint, validated: false, provesNotNull: [] }
}
