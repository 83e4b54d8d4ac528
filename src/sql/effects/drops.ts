/** DROP of everything, by what is dropped. */

import type { DropStmt, Node, ObjectType } from 'libpg-query'
import { dropDefaultsFrom, dropKeyDependents, dropTableDependents, dropUsesOfFunction, dropView } from './dependents.ts'
import { dropExtension, dropSchema } from './drop-containers.ts'
import { signatureOf } from './functions.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, nameParts } from './tree.ts'
import { dropType } from './types.ts'

interface Drop {
  readonly cascade: boolean
  readonly missingOk: boolean
  readonly concurrently: boolean
  /** Names dropped by the same statement. */
  readonly together: ReadonlySet<string>
}

type DropHandler = (parts: readonly string[], object: Node, drop: Drop, sink: EffectSink) => void

const onTable =
  (kind: 'trigger' | 'policy' | 'rule'): DropHandler =>
  (parts, _object, drop, sink) => {
    const name = parts.at(-1) ?? ''
    const table = sink.name(parts.slice(0, -1))
    if (drop.missingOk && sink.catalog.complete && !hangsOn(table, kind, name, sink)) return
    // A trigger for each row is on the partitions too.
    for (const one of kind === 'trigger' ? withPartitions(table, sink) : [table]) sink.lock(one, 'AccessExclusiveLock')
    if (sink.existed(table) && kind !== 'rule') sink.lose(kind, `${table}.${name}`)
    if (kind === 'trigger') sink.change({ kind: 'drop-trigger', table, name })
    else sink.change({ kind: kind === 'policy' ? 'drop-policy' : 'drop-rule', table, name })
  }

function withPartitions(table: string, sink: EffectSink): readonly string[] {
  return sink.table(table)?.partitioned === true ? [table, ...sink.descendants(table)] : [table]
}

function hangsOn(table: string, kind: 'trigger' | 'policy' | 'rule', name: string, sink: EffectSink): boolean {
  const known = sink.table(table)
  if (kind === 'trigger') return known?.triggers.has(name) === true
  return (kind === 'policy' ? known?.policies : known?.rules)?.includes(name) === true
}

const handlers: Partial<Readonly<Record<ObjectType, DropHandler>>> = {
  OBJECT_TABLE: dropTable,
  OBJECT_FOREIGN_TABLE: dropTable,
  OBJECT_VIEW: (parts, _object, drop, sink) => dropViews(parts, drop, sink),
  OBJECT_MATVIEW: (parts, _object, drop, sink) => dropViews(parts, drop, sink),
  OBJECT_INDEX: dropIndex,
  OBJECT_SEQUENCE: dropSequence,
  OBJECT_TYPE: (parts, _object, drop, sink) => dropType(parts, drop.cascade, drop.missingOk, sink),
  OBJECT_DOMAIN: (parts, _object, drop, sink) => dropType(parts, drop.cascade, drop.missingOk, sink),
  OBJECT_SCHEMA: (parts, _object, drop, sink) => {
    const name = parts.at(-1) ?? ''
    if (!(drop.missingOk && sink.catalog.complete && !sink.catalog.schemas.has(name)))
      dropSchema(name, drop.cascade, sink)
  },
  OBJECT_EXTENSION: (parts, _object, drop, sink) => dropExtension(parts.at(-1) ?? '', drop.cascade, sink),
  OBJECT_FUNCTION: dropFunction,
  OBJECT_PROCEDURE: dropFunction,
  OBJECT_ROUTINE: dropFunction,
  OBJECT_AGGREGATE: dropFunction,
  OBJECT_TRIGGER: onTable('trigger'),
  OBJECT_POLICY: onTable('policy'),
  OBJECT_RULE: onTable('rule'),
  OBJECT_EVENT_TRIGGER: (parts, _object, _drop, sink) =>
    sink.change({ kind: 'drop-event-trigger', name: parts.at(-1) ?? '' }),
  OBJECT_STATISTIC_EXT: (parts, _object, _drop, sink) =>
    sink.unknown(`the table of the statistics ${parts.at(-1) ?? ''}, which is locked, is not known`),
}

/** Things that no relation depends on as long as they go alone (measured: no relation lock on 14 to 18). */
const harmlessAlone: ReadonlySet<ObjectType> = new Set([
  'OBJECT_CAST',
  'OBJECT_COLLATION',
  'OBJECT_CONVERSION',
  'OBJECT_LANGUAGE',
  'OBJECT_OPCLASS',
  'OBJECT_OPERATOR',
  'OBJECT_OPFAMILY',
  'OBJECT_PUBLICATION',
  'OBJECT_TSCONFIGURATION',
  'OBJECT_TSDICTIONARY',
  'OBJECT_TSPARSER',
  'OBJECT_TSTEMPLATE',
  'OBJECT_TRANSFORM',
  'OBJECT_FDW',
  'OBJECT_FOREIGN_SERVER',
  'OBJECT_ACCESS_METHOD',
])

export const dropObjects: Handler = (node, sink) => {
  const statement = as(node, 'DropStmt')
  if (statement?.removeType === undefined) return
  const handler = handlers[statement.removeType]
  const drop = dropOf(statement, sink)
  if (handler === undefined) {
    if (!harmlessAlone.has(statement.removeType))
      sink.unknown(`what dropping this kind of object (${statement.removeType}) takes along is not known`)
    else if (drop.cascade) sink.unknown('what depends on the dropped object and goes with it is not known')
    return
  }
  for (const object of statement.objects ?? []) handler(nameParts(object), object, drop, sink)
}

function dropOf(statement: DropStmt, sink: EffectSink): Drop {
  return {
    cascade: statement.behavior === 'DROP_CASCADE',
    missingOk: statement.missing_ok === true,
    concurrently: statement.concurrent === true,
    together: new Set((statement.objects ?? []).map((object) => sink.name(nameParts(object)))),
  }
}

function dropTable(parts: readonly string[], _object: Node, drop: Drop, sink: EffectSink): void {
  const name = sink.name(parts)
  if (drop.missingOk && sink.certainlyAbsent(name)) return
  const known = sink.table(name)
  sink.lock(name, 'AccessExclusiveLock')
  if (sink.existed(name)) sink.lose('table', name)
  dropTableDependents(name, drop.together, drop.cascade, sink)
  if (drop.cascade && sink.relation(name) === undefined)
    sink.unknown(`what depends on ${name} and goes with it is not known`)
  sink.change({ kind: 'drop-table', name, known })
}

function dropViews(parts: readonly string[], drop: Drop, sink: EffectSink): void {
  const name = sink.name(parts)
  if (drop.missingOk && sink.certainlyAbsent(name)) return
  if (drop.cascade && sink.relation(name) === undefined)
    sink.unknown(`what depends on ${name} and goes with it is not known`)
  dropView(name, drop.cascade, sink)
}

function dropIndex(parts: readonly string[], _object: Node, drop: Drop, sink: EffectSink): void {
  const name = sink.name(parts)
  if (drop.missingOk && sink.certainlyAbsent(name)) return
  const relation = sink.relation(name)
  const known = relation?.kind === 'index' ? relation : undefined
  const mode = drop.concurrently ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock'
  sink.lock(name, mode)
  if (known === undefined) sink.unknown(`the table of the index ${name}, which is locked, is not known`)
  else for (const table of withPartitions(known.table, sink)) sink.lock(table, mode)
  if (known !== undefined && drop.cascade && known.unique) dropKeyDependents(known.table, known.columns, sink)
  if (sink.existed(name)) sink.lose('index', name)
  sink.change({ kind: 'drop-index', name, known, concurrently: drop.concurrently })
}

function dropSequence(parts: readonly string[], _object: Node, drop: Drop, sink: EffectSink): void {
  const name = sink.name(parts)
  if (drop.missingOk && sink.certainlyAbsent(name)) return
  sink.lock(name, 'AccessExclusiveLock')
  if (sink.existed(name)) sink.lose('sequence', name)
  if (drop.cascade) {
    dropDefaultsFrom(name, new Set(), sink)
    if (sink.relation(name) === undefined) sink.unknown(`which defaults use the sequence ${name} is not known`)
  }
  sink.change({ kind: 'drop-sequence', name })
}

function dropFunction(parts: readonly string[], object: Node, drop: Drop, sink: EffectSink): void {
  const name = sink.name(parts.length > 0 ? parts : nameParts(as(object, 'ObjectWithArgs')?.objname?.[0]))
  sink.lose('function', name)
  if (drop.cascade) dropUsesOfFunction(name, sink)
  const { objargs, args_unspecified: anyArguments } = as(object, 'ObjectWithArgs') ?? {}
  const signature = anyArguments === true ? undefined : signatureOf(allOf(objargs, 'TypeName'), sink)
  sink.change({ kind: 'drop-function', name, signature })
}
