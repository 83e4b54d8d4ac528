/** RENAME and SET SCHEMA. Nothing is lost, and whoever uses the old name fails from then on. */

import type { ObjectType, RenameStmt } from 'libpg-query'
import { beside } from '../catalog/names.ts'
import type { RelationName } from '../model.ts'
import { moveExtension } from './extensions.ts'
import type { EffectSink, Handler } from './sink.ts'
import { as, nameParts } from './tree.ts'
import { renameAttribute } from './types.ts'

/** Catalog entries without a relation behind them (measured: no relation lock). */
const withoutRelation: ReadonlySet<ObjectType> = new Set([
  'OBJECT_COLLATION',
  'OBJECT_CONVERSION',
  'OBJECT_DATABASE',
  'OBJECT_DOMCONSTRAINT',
  'OBJECT_EVENT_TRIGGER',
  'OBJECT_FDW',
  'OBJECT_FOREIGN_SERVER',
  'OBJECT_LANGUAGE',
  'OBJECT_OPCLASS',
  'OBJECT_OPFAMILY',
  'OBJECT_PUBLICATION',
  'OBJECT_ROLE',
  'OBJECT_SUBSCRIPTION',
  'OBJECT_STATISTIC_EXT',
  'OBJECT_TABLESPACE',
  'OBJECT_TSCONFIGURATION',
  'OBJECT_TSDICTIONARY',
  'OBJECT_TSPARSER',
  'OBJECT_TSTEMPLATE',
])

export const rename: Handler = (node, sink) => {
  const statement = as(node, 'RenameStmt')
  if (statement?.renameType !== undefined) renameObject(statement, statement.renameType, sink)
}

function renameObject(statement: RenameStmt, type: ObjectType, sink: EffectSink): void {
  const from = statement.subname ?? ''
  const to = statement.newname ?? ''
  const relation = statement.relation === undefined ? '' : sink.relationOf(statement.relation)
  if (statement.missing_ok === true && statement.relation !== undefined && sink.certainlyAbsent(relation)) return
  switch (type) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE':
    case 'OBJECT_INDEX':
      renameRelation(relation, to, type, sink)
      return
    case 'OBJECT_COLUMN':
      for (const target of [relation, ...(statement.relation?.inh === true ? sink.descendants(relation) : [])]) {
        sink.lock(target, 'AccessExclusiveLock')
        sink.change({ kind: 'rename-column', table: target, from, to })
      }
      return
    case 'OBJECT_TABCONSTRAINT': {
      for (const target of [relation, ...withSameCheck(relation, from, sink)]) {
        sink.lock(target, 'AccessExclusiveLock')
        sink.change({ kind: 'rename-constraint', table: target, from, to })
      }
      return
    }
    case 'OBJECT_TRIGGER': {
      // Since version 15 those of the partitions are renamed with it (measured).
      const partitions = sink.table(relation)?.partitioned === true ? sink.descendants(relation) : []
      for (const target of [relation, ...partitions]) sink.lock(target, 'AccessExclusiveLock')
      const on = sink.relation(relation)
      const trigger = on?.kind === 'index' || on?.kind === 'sequence' ? undefined : on?.triggers.get(from)
      sink.change({ kind: 'drop-trigger', table: relation, name: from })
      if (trigger !== undefined) sink.change({ kind: 'add-trigger', table: relation, name: to, trigger })
      return
    }
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE': {
      const what = type === 'OBJECT_POLICY' ? 'policy' : 'rule'
      sink.lock(relation, 'AccessExclusiveLock')
      sink.change({ kind: `drop-${what}`, table: relation, name: from })
      sink.change({ kind: `add-${what}`, table: relation, name: to })
      return
    }
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN': {
      const name = sink.name(nameParts(statement.object))
      sink.change({ kind: 'rename-type', from: name, to: beside(name, to) })
      return
    }
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE': {
      const name = sink.name(nameParts(statement.object))
      sink.change({ kind: 'rename-function', from: name, to: beside(name, to) })
      return
    }
    case 'OBJECT_SCHEMA':
      sink.change({ kind: 'rename-schema', from, to })
      return
    case 'OBJECT_ATTRIBUTE':
      renameAttribute(relation, from, to, sink)
      return
    default:
      if (!withoutRelation.has(type)) sink.unknown(`what renaming this kind of object (${type}) locks is not known`)
  }
}

/** Only checks are inherited, and renamed with the one they come from; a constraint that is not known may be one. */
function withSameCheck(table: RelationName, name: string, sink: EffectSink): readonly RelationName[] {
  const kind = sink.table(table)?.constraints.find((one) => one.name === name)?.kind
  return kind === undefined || kind === 'check' || kind === 'not-null' ? sink.descendants(table) : []
}

function renameRelation(name: RelationName, to: string, type: ObjectType, sink: EffectSink): void {
  // ALTER TABLE … RENAME works on views, indexes and sequences too, with the lock of a table.
  const known = sink.relation(name)
  const index = type === 'OBJECT_INDEX' && (known === undefined || known.kind === 'index')
  sink.lock(name, index ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock')
  const target = beside(name, to)
  const kind = known?.kind ?? (type === 'OBJECT_INDEX' ? 'index' : type === 'OBJECT_SEQUENCE' ? 'sequence' : 'table')
  if (kind === 'index') sink.change({ kind: 'rename-index', from: name, to: target })
  else if (kind === 'sequence') sink.change({ kind: 'rename-sequence', from: name, to: target })
  else if (kind === 'view' || kind === 'materialized-view') sink.change({ kind: 'rename-view', from: name, to: target })
  else sink.change({ kind: 'rename-table', from: name, to: target })
}

export const setSchema: Handler = (node, sink) => {
  const statement = as(node, 'AlterObjectSchemaStmt')
  const schema = statement?.newschema ?? ''
  if (statement?.relation === undefined) {
    const type = statement?.objectType
    const movesType = type === 'OBJECT_TYPE' || type === 'OBJECT_DOMAIN'
    const name = sink.name(nameParts(statement?.object))
    const to = `${schema}.${name.slice(name.indexOf('.') + 1)}`
    if (movesType) sink.change({ kind: 'rename-type', from: name, to })
    else if (type === 'OBJECT_EXTENSION') moveExtension(nameParts(statement?.object).at(-1) ?? '', schema, sink)
    else if (/FUNCTION|PROCEDURE|ROUTINE|AGGREGATE/.test(type ?? ''))
      sink.change({ kind: 'rename-function', from: name, to })
    return
  }
  const name = sink.relationOf(statement.relation)
  if (statement.missing_ok === true && sink.certainlyAbsent(name)) return
  sink.lock(name, 'AccessExclusiveLock')
  const moved = (from: RelationName) => `${schema}.${from.slice(from.indexOf('.') + 1)}`
  for (const relation of sink.catalog.relations.pointingAt(name)) {
    if (relation.kind === 'sequence' && relation.ownedBy?.table === name) {
      sink.lock(relation.name, 'AccessExclusiveLock')
      sink.change({ kind: 'rename-sequence', from: relation.name, to: moved(relation.name) })
    } else if (relation.kind === 'index' && relation.table === name) {
      sink.change({ kind: 'rename-index', from: relation.name, to: moved(relation.name) })
    }
  }
  sink.change({ kind: 'rename-table', from: name, to: moved(name) })
}
