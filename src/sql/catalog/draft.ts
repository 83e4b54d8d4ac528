/**
 * A catalog that is being replayed: a version per migration, changed in place statement by statement, because copying it for
 * each of ten thousand statements would be quadratic.
 */

import type { RelationName } from '../model.ts'
import type { Change, ChangeOf } from './change.ts'
import { dropColumn, dropConstraint, dropSchema, dropTable, setParents } from './draft-drops.ts'
import { renameColumn, renameFunction, renameRelation, renameSchema, renameType } from './draft-renames.ts'
import { applyUncertain, columnKey } from './draft-uncertain.ts'
import { changeMembers } from './extensions.ts'
import { dropFunction, withFunction } from './functions.ts'
import { changesBelow } from './inheritance.ts'
import type { Catalog, Column, Constraint, Extension, Table, UserFunction, UserType, View } from './model.ts'
import { beside } from './names.ts'
import { Relations } from './relations.ts'
import { VersionedMap } from './versioned-map.ts'

export class CatalogDraft implements Catalog {
  readonly complete: boolean
  readonly relations: Relations
  readonly types: VersionedMap<string, UserType>
  readonly functions: VersionedMap<string, UserFunction>
  readonly hidden: Set<string>
  readonly schemas: Set<string>
  readonly extensions: Map<string, Extension>
  readonly eventTriggers: Map<string, string>
  readonly parents: Set<RelationName>
  readonly uncertain: Set<string>
  readonly doubtful: Set<RelationName>

  constructor(from: Catalog) {
    this.complete = from.complete
    this.relations = new Relations(from.relations)
    this.types = new VersionedMap(from.types)
    this.functions = new VersionedMap(from.functions)
    this.hidden = new Set(from.hidden)
    this.schemas = new Set(from.schemas)
    this.extensions = new Map(from.extensions)
    this.eventTriggers = new Map(from.eventTriggers)
    this.parents = new Set(from.parents)
    this.uncertain = new Set(from.uncertain)
    this.doubtful = new Set(from.doubtful)
  }

  apply(change: Change): void {
    if (change.kind === 'uncertain') {
      applyUncertain(this, change.change)
      return
    }
    this.#applyOne(change)
    for (const below of changesBelow(this, change)) this.apply(below)
  }

  #applyOne(change: Exclude<Change, { readonly kind: 'uncertain' }>): void {
    switch (change.kind) {
      case 'create-table':
        this.uncertain.delete(change.table.name)
        if (change.ifNotExists && this.relations.has(change.table.name)) return
        this.relations.set(change.table.name, change.table)
        for (const parent of change.table.parents) this.parents.add(parent)
        return
      case 'create-view':
        this.uncertain.delete(change.view.name)
        this.relations.set(change.view.name, change.view)
        return
      case 'create-sequence':
        this.uncertain.delete(change.sequence.name)
        this.relations.set(change.sequence.name, change.sequence)
        return
      case 'create-index':
        this.uncertain.delete(change.index.name)
        if (!(change.ifNotExists && this.relations.has(change.index.name)))
          this.relations.set(change.index.name, change.index)
        return
      case 'drop-table':
        dropTable(this, change.name)
        return
      case 'drop-index':
      case 'drop-sequence':
        this.relations.delete(change.name)
        return
      case 'drop-view':
        for (const { kind, name } of this.relations.pointingAt(change.name))
          if (kind === 'index') this.relations.delete(name)
        this.relations.delete(change.name)
        return
      case 'rename-table':
      case 'rename-index':
      case 'rename-view':
      case 'rename-sequence':
        renameRelation(this, change.from, change.to)
        return
      case 'add-column':
        this.uncertain.delete(columnKey(change.table, change.column.name))
        this.updateTable(change.table, (table) => ({ ...table, columns: withColumn(table.columns, change.column) }))
        return
      case 'drop-column':
        dropColumn(this, change.table, change.name)
        return
      case 'rename-column':
        renameColumn(this, change.table, change.from, change.to)
        return
      case 'alter-column':
        this.updateTable(change.table, (table) => {
          const column = table.columns.get(change.name)
          return column === undefined
            ? table
            : { ...table, columns: withColumn(table.columns, { ...column, ...change.set }) }
        })
        return
      case 'add-constraint':
        this.#addConstraint(change.table, change.constraint)
        return
      case 'drop-constraint':
        dropConstraint(this, change)
        return
      case 'rename-constraint':
        this.updateConstraint(change.table, change.from, (constraint) => ({ ...constraint, name: change.to }))
        renameRelation(this, beside(change.table, change.from), beside(change.table, change.to))
        return
      case 'validate-constraint':
        this.updateConstraint(change.table, change.name, (constraint) => ({ ...constraint, validated: true }))
        return
      case 'table-flag':
        this.updateTable(change.table, (table) => ({ ...table, ...change.set }))
        return
      case 'set-parents':
        setParents(this, change)
        for (const parent of change.parents) this.parents.add(parent)
        return
      case 'create-type':
        this.types.set(change.type.name, change.type)
        return
      case 'add-label':
        this.#labels(change.type, (labels) => withLabel(labels, change))
        return
      case 'rename-label':
        this.#labels(change.type, (labels) => labels.map((label) => (label === change.from ? change.to : label)))
        return
      case 'drop-type':
        this.types.delete(change.name)
        return
      case 'rename-type':
        renameType(this, change.from, change.to)
        return
      case 'create-function':
        this.functions.set(change.function.name, withFunction(this.functions.get(change.function.name), change))
        return
      case 'drop-function':
        dropFunction(this.functions, change)
        return
      case 'rename-function':
        renameFunction(this, change.from, change.to)
        return
      case 'runs':
        this.#update(change.relation, (relation) => ({
          ...relation,
          runs: [...new Set([...relation.runs, ...change.functions])],
        }))
        return
      case 'hides':
        for (const name of change.functions) this.hidden.add(name)
        return
      case 'add-trigger':
        this.#update(change.table, (relation) => ({
          ...relation,
          triggers: new Map(relation.triggers).set(change.name, change.trigger),
        }))
        return
      case 'drop-trigger':
        this.#update(change.table, (relation) => ({
          ...relation,
          triggers: new Map([...relation.triggers].filter(([name]) => name !== change.name)),
        }))
        return
      case 'add-policy':
        this.updateTable(change.table, (table) => ({ ...table, policies: [...table.policies, change.name] }))
        return
      case 'drop-policy':
        this.updateTable(change.table, (table) => ({
          ...table,
          policies: table.policies.filter((name) => name !== change.name),
        }))
        return
      case 'add-rule':
        this.#update(change.table, (relation) => ({ ...relation, rules: [...relation.rules, change.name] }))
        return
      case 'drop-rule':
        this.#update(change.table, (relation) => ({
          ...relation,
          rules: relation.rules.filter((name) => name !== change.name),
        }))
        return
      case 'create-schema':
        this.schemas.add(change.name)
        return
      case 'drop-schema':
        dropSchema(this, change.name)
        return
      case 'rename-schema':
        renameSchema(this, change.from, change.to)
        return
      case 'create-event-trigger':
        this.eventTriggers.set(change.name, change.runs)
        return
      case 'drop-event-trigger':
        this.eventTriggers.delete(change.name)
        return
      case 'create-extension':
        this.extensions.set(change.extension.name, change.extension)
        return
      case 'drop-extension':
        this.extensions.delete(change.name)
        return
      case 'join-extension':
      case 'leave-extension':
        changeMembers(this, change)
        return
      case 'search-path':
        return
    }
  }

  /** Temporary tables go with it; one left in here would hide the real table of that name from later migrations. */
  endSession(): void {
    for (const name of this.relations.temporary) this.relations.delete(name)
  }

  updateTable(name: RelationName, change: (table: Table) => Table): void {
    const table = this.relations.get(name)
    if (table?.kind === 'table') this.relations.set(name, change(table))
  }

  /** What rows are read from and written to: rules, triggers and functions hang on it. */
  #update(name: RelationName, change: <R extends Table | View>(relation: R) => R): void {
    const relation = this.relations.get(name)
    if (relation !== undefined && relation.kind !== 'index' && relation.kind !== 'sequence')
      this.relations.set(name, change(relation))
  }

  #addConstraint(name: RelationName, constraint: Constraint): void {
    this.updateTable(name, (table) => {
      const columns = new Map(table.columns)
      if (constraint.kind === 'primary' || (constraint.kind === 'not-null' && constraint.validated)) {
        for (const key of constraint.columns) {
          const column = columns.get(key)
          if (column !== undefined) columns.set(key, { ...column, notNull: true })
        }
      }
      return { ...table, columns, constraints: [...table.constraints, constraint] }
    })
  }

  updateConstraint(name: RelationName, wanted: string, change: (constraint: Constraint) => Constraint): void {
    this.updateTable(name, (table) => ({
      ...table,
      constraints: table.constraints.map((constraint) =>
        constraint.name === wanted ? change(constraint) : constraint,
      ),
    }))
  }

  #labels(type: string, change: (labels: readonly string[]) => readonly string[]): void {
    const known = this.types.get(type)
    if (known !== undefined) this.types.set(type, { ...known, labels: change(known.labels) })
  }
}

function withLabel(labels: readonly string[], { label, beside }: ChangeOf<'add-label'>): readonly string[] {
  if (labels.includes(label)) return labels
  const neighbour = beside === undefined ? -1 : labels.indexOf(beside.label)
  if (beside === undefined || neighbour === -1) return [...labels, label]
  return labels.toSpliced(neighbour + (beside.after ? 1 : 0), 0, label)
}

function withColumn(columns: ReadonlyMap<string, Column>, column: Column): ReadonlyMap<string, Column> {
  return new Map(columns).set(column.name, column)
}
