/** Schemas and extensions: what is in them goes with them. */

import { dropDefaultsFrom, dropTableDependents, dropUsesOfFunction, dropView, dropViewsOn } from './dependents.ts'
import { isKnownExtension } from './extensions.ts'
import type { EffectSink } from './sink.ts'
import { dropUsesOfType } from './type-drops.ts'

export function dropSchema(
  name: string,
  cascade: boolean,
  sink: EffectSink,
  going: ReadonlySet<string> = new Set(),
): void {
  if (going.has(`schema ${name}`)) return
  sink.lose('schema', name)
  if (cascade) {
    const isInside = (one: string) => one.startsWith(`${name}.`)
    const inside = [...sink.catalog.relations.values()].filter((relation) => isInside(relation.name))
    const together = new Set(inside.map((relation) => relation.name))
    for (const relation of inside) {
      if (relation.kind !== 'index') sink.lock(relation.name, 'AccessExclusiveLock')
      if (relation.kind === 'view' || relation.kind === 'materialized-view') {
        dropViewsOn(relation.name, undefined, sink, together)
        dropUsesOfType(relation.name, together, sink)
      }
      if (relation.kind === 'sequence') dropDefaultsFrom(relation.name, together, sink)
      if (relation.kind !== 'table') continue
      if (sink.existed(relation.name)) sink.lose('table', relation.name)
      dropTableDependents(relation.name, together, true, sink)
    }
    for (const extension of sink.catalog.extensions.values())
      if (extension.schema === name) dropExtension(extension.name, true, sink, new Set([...going, `schema ${name}`]))
      else if (extension.schema === undefined)
        sink.unknown(`whether the extension ${extension.name} is in the schema ${name}, and goes with it, is not known`)
    // What lies elsewhere and uses its types and functions goes too.
    for (const type of [...sink.catalog.types.keys()].filter(isInside)) dropUsesOfType(type, together, sink)
    for (const routine of [...sink.catalog.functions.keys()].filter(isInside)) dropUsesOfFunction(routine, sink)
    if (!sink.catalog.complete) sink.unknown(`what else is in the schema ${name} and goes with it is not known`)
  }
  sink.change({ kind: 'drop-schema', name })
}

/** Rows of its tables are gone too, whoever put them there; of those that are not marked as configuration no dump has any. */
export function dropExtension(
  name: string,
  cascade: boolean,
  sink: EffectSink,
  going: ReadonlySet<string> = new Set(),
): void {
  if (going.has(`extension ${name}`)) return
  const goingNow = new Set([...going, `extension ${name}`])
  const known = sink.catalog.extensions.get(name)
  sink.lose('extension', name)
  if (cascade)
    sink.unknown(`which columns, indexes and functions use the extension ${name} and go with it is not known`)
  else if (known?.complete !== true && !isKnownExtension(name))
    sink.unknown(`whether the extension ${name} has tables of its own is not known`)
  const together = new Set(known?.relations)
  for (const relation of together) dropMember(relation, together, cascade, sink)
  if (cascade) for (const type of known?.types ?? []) dropUsesOfType(type, together, sink)
  for (const schema of known?.schemas ?? []) dropSchema(schema, cascade, sink, goingNow)
  sink.change({ kind: 'drop-extension', name })
  if (!cascade) return
  for (const other of sink.catalog.extensions.values())
    if (other.requires.includes(name)) dropExtension(other.name, true, sink, goingNow)
}

function dropMember(name: string, together: ReadonlySet<string>, cascade: boolean, sink: EffectSink): void {
  const relation = sink.relation(name)
  switch (relation?.kind) {
    case undefined:
    case 'index':
      return
    case 'view':
    case 'materialized-view':
      dropView(name, cascade, sink, together)
      return
    case 'sequence':
      sink.lock(name, 'AccessExclusiveLock')
      if (sink.existed(name)) sink.lose('sequence', name)
      if (cascade) dropDefaultsFrom(name, together, sink)
      sink.change({ kind: 'drop-sequence', name })
      return
    case 'table':
      sink.lock(name, 'AccessExclusiveLock')
      if (sink.existed(name)) sink.lose('table', name)
      dropTableDependents(name, together, cascade, sink)
      sink.change({ kind: 'drop-table', name, known: relation })
  }
}
