/**
 * A catalog that is being replayed: one copy per migration, changed in place statement by statement, because copying it for
 * each of ten thousand statements would be quadratic.
 */

import type { RelationName } from '../model.ts'
import type { Change } from './change.ts'
import type { Catalog, Column, Constraint, Relation, Table, TypeRef, UserFunction, UserType } from './model.ts'

export class CatalogDraft implements Catalog {
  readonly complete: boolean
  readonly relations: Map<RelationName, Relation>
  readonly types: Map<string, UserType>
  readonly functions: Map<string, UserFunction>
  readonly schemas: Set<string>
  readonly parents: Set<RelationName>

  constructor(from: Catalog) {
    this.complete = from.complete
    this.relations = new Map(from.relations)
    this.types = new Map(from.types)
    this.functions = new Map(from.functions)
    this.schemas = new Set(from.schemas)
    this.parents = new Set(from.parents)
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'create-table':
        if (change.ifNotExists && this.relations.has(change.table.name)) return
        this.relations.set(change.table.name, change.table)
        for (const parent of change.table.parents) this.parents.add(parent)
        return
      case 'create-view':
        this.relations.set(change.view.name, change.view)
        return
      case 'create-sequence':
        this.relations.set(change.sequence.name, change.sequence)
        return
      case 'create-index':
        if (!(change.ifNotExists && this.relations.has(change.index.name)))
          this.relations.set(change.index.name, change.index)
        return
      case 'drop-table':
        this.#dropTable(change.name)
        return
      case 'drop-index':
      case 'drop-view':
      case 'drop-sequence':
        this.relations.delete(change.name)
        return
      case 'rename-table':
      case 'rename-index':
      case 'rename-view':
      case 'rename-sequence':
        this.#renameRelation(change.from, change.to)
        return
      case 'add-column':
        this.#table(change.table, (table) => ({ ...table, columns: withColumn(table.columns, change.column) }))
        return
      case 'drop-column':
        this.#dropColumn(change.table, change.name)
        return
      case 'rename-column':
        this.#renameColumn(change.table, change.from, change.to)
        return
      case 'alter-column':
        this.#table(change.table, (table) => {
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
        this.#table(change.table, (table) => ({
          ...table,
          constraints: table.constraints.filter((c) => c.name !== change.name),
        }))
        this.relations.delete(beside(change.table, change.name))
        return
      case 'rename-constraint':
        this.#eachConstraint(change.table, change.from, (constraint) => ({ ...constraint, name: change.to }))
        this.#renameRelation(beside(change.table, change.from), beside(change.table, change.to))
        return
      case 'validate-constraint':
        this.#eachConstraint(change.table, change.name, (constraint) => ({ ...constraint, validated: true }))
        return
      case 'table-flag':
        this.#table(change.table, (table) => ({ ...table, ...change.set }))
        return
      case 'set-parents':
        this.#table(change.table, (table) => ({ ...table, parents: change.parents }))
        for (const parent of change.parents) this.parents.add(parent)
        return
      case 'create-type':
        this.types.set(change.type.name, change.type)
        return
      case 'add-label':
        this.#labels(change.type, (labels) => (labels.includes(change.label) ? labels : [...labels, change.label]))
        return
      case 'rename-label':
        this.#labels(change.type, (labels) => labels.map((label) => (label === change.from ? change.to : label)))
        return
      case 'drop-type':
        this.types.delete(change.name)
        return
      case 'rename-type':
        this.#renameType(change.from, change.to)
        return
      case 'create-function':
        this.functions.set(change.function.name, change.function)
        return
      case 'drop-function':
        this.functions.delete(change.name)
        return
      case 'add-trigger':
        this.#table(change.table, (table) => ({
          ...table,
          triggers: new Map(table.triggers).set(change.name, change.calls),
        }))
        return
      case 'drop-trigger':
        this.#table(change.table, (table) => ({
          ...table,
          triggers: new Map([...table.triggers].filter(([name]) => name !== change.name)),
        }))
        return
      case 'add-policy':
        this.#table(change.table, (table) => ({ ...table, policies: [...table.policies, change.name] }))
        return
      case 'drop-policy':
        this.#table(change.table, (table) => ({
          ...table,
          policies: table.policies.filter((name) => name !== change.name),
        }))
        return
      case 'add-rule':
        this.#table(change.table, (table) => ({ ...table, rules: [...table.rules, change.name] }))
        return
      case 'drop-rule':
        this.#table(change.table, (table) => ({ ...table, rules: table.rules.filter((name) => name !== change.name) }))
        return
      case 'create-schema':
        this.schemas.add(change.name)
        return
      case 'drop-schema':
        this.#dropSchema(change.name)
        return
      case 'rename-schema':
        this.#renameSchema(change.from, change.to)
        return
      case 'search-path':
        return
    }
  }

  /** Temporary tables go with it; one left in here would hide the real table of that name from later migrations. */
  endSession(): void {
    for (const name of [...this.relations.keys()]) if (name.startsWith('pg_temp.')) this.relations.delete(name)
  }

  #table(name: RelationName, change: (table: Table) => Table): void {
    const table = this.relations.get(name)
    if (table?.kind === 'table') this.relations.set(name, change(table))
  }

  #addConstraint(name: RelationName, constraint: Constraint): void {
    this.#table(name, (table) => {
      const columns = new Map(table.columns)
      if (constraint.kind === 'primary' || constraint.kind === 'not-null') {
        for (const key of constraint.columns) {
          const column = columns.get(key)
          if (column !== undefined) columns.set(key, { ...column, notNull: true })
        }
      }
      return { ...table, columns, constraints: [...table.constraints, constraint] }
    })
  }

  #eachConstraint(name: RelationName, wanted: string, change: (constraint: Constraint) => Constraint): void {
    this.#table(name, (table) => ({
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

  #dropTable(name: RelationName): void {
    this.relations.delete(name)
    for (const [other, relation] of this.relations) {
      if (relation.kind === 'index' && relation.table === name) this.relations.delete(other)
      else if (relation.kind === 'sequence' && relation.ownedBy?.table === name) this.relations.delete(other)
      else if (relation.kind === 'table' && relation.constraints.some((c) => c.references?.table === name)) {
        this.relations.set(other, {
          ...relation,
          constraints: relation.constraints.filter((constraint) => constraint.references?.table !== name),
        })
      }
    }
  }

  #dropColumn(name: RelationName, column: string): void {
    this.#table(name, (table) => ({
      ...table,
      columns: new Map([...table.columns].filter(([key]) => key !== column)),
      constraints: table.constraints.filter((constraint) => !constraint.columns.includes(column)),
    }))
    for (const [other, relation] of this.relations) {
      if (relation.kind === 'index' && relation.table === name && relation.columns.includes(column))
        this.relations.delete(other)
      else if (relation.kind === 'sequence' && relation.ownedBy?.table === name && relation.ownedBy.column === column) {
        this.relations.delete(other)
      }
    }
  }

  #renameColumn(name: RelationName, from: string, to: string): void {
    const renamed = (columns: readonly string[]) => columns.map((column) => (column === from ? to : column))
    this.#table(name, (table) => ({
      ...table,
      columns: new Map(
        [...table.columns].map(([key, column]) => (key === from ? [to, { ...column, name: to }] : [key, column])),
      ),
      constraints: table.constraints.map((c) => ({
        ...c,
        columns: renamed(c.columns),
        provesNotNull: renamed(c.provesNotNull),
      })),
    }))
    for (const [other, relation] of this.relations) {
      if (relation.kind === 'index' && relation.table === name && relation.columns.includes(from)) {
        this.relations.set(other, { ...relation, columns: renamed(relation.columns) })
      } else if (relation.kind === 'table' && relation.constraints.some((c) => c.references?.table === name)) {
        this.relations.set(other, {
          ...relation,
          constraints: relation.constraints.map((c) =>
            c.references?.table === name
              ? { ...c, references: { table: name, columns: renamed(c.references.columns) } }
              : c,
          ),
        })
      } else if (relation.kind === 'sequence' && relation.ownedBy?.table === name && relation.ownedBy.column === from) {
        this.relations.set(other, { ...relation, ownedBy: { table: name, column: to } })
      }
    }
  }

  #renameRelation(from: RelationName, to: RelationName): void {
    const relation = this.relations.get(from)
    if (relation === undefined) return
    this.relations.delete(from)
    this.relations.set(to, { ...relation, name: to })
    if (this.parents.has(from)) this.parents.add(to)
    if (relation.kind === 'index') {
      const label = (name: RelationName) => name.slice(name.indexOf('.') + 1)
      this.#eachConstraint(relation.table, label(from), (constraint) => ({ ...constraint, name: label(to) }))
    }
    const renamed = (name: RelationName) => (name === from ? to : name)
    for (const [name, other] of this.relations) this.relations.set(name, pointingAt(other, renamed))
  }

  #renameType(from: string, to: string): void {
    const type = this.types.get(from)
    if (type !== undefined) {
      this.types.delete(from)
      this.types.set(to, { ...type, name: to })
    }
    const renamed = (ref: TypeRef | undefined) => (ref?.name === from ? { ...ref, name: to } : ref)
    for (const [name, relation] of this.relations) {
      if (relation.kind !== 'table' || ![...relation.columns.values()].some((column) => column.type?.name === from))
        continue
      const columns = new Map<string, Column>()
      for (const [key, column] of relation.columns) columns.set(key, { ...column, type: renamed(column.type) })
      this.relations.set(name, { ...relation, columns })
    }
  }

  #dropSchema(schema: string): void {
    this.schemas.delete(schema)
    const inside = (name: string) => name.startsWith(`${schema}.`)
    for (const [name, relation] of [...this.relations]) {
      if (!inside(name)) continue
      if (relation.kind === 'table') this.#dropTable(name)
      else this.relations.delete(name)
    }
    for (const name of [...this.types.keys()]) if (inside(name)) this.types.delete(name)
    for (const name of [...this.functions.keys()]) if (inside(name)) this.functions.delete(name)
  }

  #renameSchema(from: string, to: string): void {
    this.schemas.delete(from)
    this.schemas.add(to)
    const moved = (name: string) => (name.startsWith(`${from}.`) ? `${to}.${name.slice(from.length + 1)}` : name)
    for (const name of [...this.relations.keys()]) if (moved(name) !== name) this.#renameRelation(name, moved(name))
    for (const name of [...this.types.keys()]) if (moved(name) !== name) this.#renameType(name, moved(name))
  }
}

function pointingAt(relation: Relation, renamed: (name: RelationName) => RelationName): Relation {
  switch (relation.kind) {
    case 'index':
      return { ...relation, table: renamed(relation.table) }
    case 'sequence':
      return relation.ownedBy === undefined
        ? relation
        : { ...relation, ownedBy: { ...relation.ownedBy, table: renamed(relation.ownedBy.table) } }
    case 'view':
    case 'materialized-view':
      return { ...relation, reads: relation.reads.map(renamed) }
    case 'table':
      return {
        ...relation,
        parents: relation.parents.map(renamed),
        constraints: relation.constraints.map((constraint) =>
          constraint.references === undefined
            ? constraint
            : { ...constraint, references: { ...constraint.references, table: renamed(constraint.references.table) } },
        ),
      }
  }
}

function withColumn(columns: ReadonlyMap<string, Column>, column: Column): ReadonlyMap<string, Column> {
  return new Map(columns).set(column.name, column)
}

/** The name of something that lives in the schema of a table: its indexes and the indexes of its constraints. */
export function beside(table: RelationName, name: string): RelationName {
  return `${table.slice(0, table.indexOf('.'))}.${name}`
}
