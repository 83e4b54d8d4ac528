/** The default partition, which whatever comes or goes beside it locks. */

import type { RelationName } from '../model.ts'
import type { EffectSink } from './sink.ts'

/** Rows of a new partition may be in it so far: it is locked, and read to make sure that they are not (measured on 14 to 18). */
export function lockDefaultPartition(parent: RelationName, sink: EffectSink): void {
  const partition = defaultPartitionOf(parent, sink)
  if (partition === undefined) return
  for (const target of [partition, ...sink.descendants(partition)]) {
    sink.lock(target, 'AccessExclusiveLock')
    sink.scan(target)
  }
}

export function defaultPartitionOf(parent: RelationName, sink: EffectSink): RelationName | undefined {
  return sink.descendants(parent).find((child) => {
    const table = sink.table(child)
    return table?.defaultPartition === true && table.parents.includes(parent)
  })
}
