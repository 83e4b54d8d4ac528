import {
  type Index,
  type Relation,
  type Sequence,
  type Table,
  type Trigger,
  type View,
  type WriteEvent,
  writeEvents,
} from '../../sql/catalog/model.ts'
import type { Parser } from '../../sql/parse.ts'
import { columnsIn } from './columns.ts'
import { constraintOf } from './constraints.ts'
import { groupedBy } from './grouped.ts'
import { indexesIn } from './indexes.ts'
import type { Names } from './names.ts'
import type { Id, LiveRows, RelationRow, SequenceRow, TriggerRow } from './rows.ts'
import type { Runs } from './runs.ts'

export function relationsOf(rows: LiveRows, names: Names, runs: Runs, parser: Parser): readonly Relation[] {
  const indexes = indexesIn(rows, names)
  const sequences = new Map(rows.sequences.map((row) => [row.id, row]))
  const tableOrView = tablesAndViewsIn(rows, names, runs, indexes, parser)
  return rows.relations
    .filter(({ whole }) => whole)
    .map((row) => {
      const index = indexes.get(row.id)
      const sequence = sequences.get(row.id)
      return index ?? (sequence === undefined ? tableOrView(row) : sequenceOf(row.name, sequence, names))
    })
}

function tablesAndViewsIn(
  rows: LiveRows,
  names: Names,
  runs: Runs,
  indexes: ReadonlyMap<Id, Index>,
  parser: Parser,
): (row: RelationRow) => Table | View {
  const columnOf = columnsIn(rows, names)
  const columns = groupedBy(rows.columns, (row) => row.relation)
  const constraints = groupedBy(rows.constraints, (row) => row.relation)
  const triggers = groupedBy(rows.triggers, (row) => row.relation)
  const attachments = groupedBy(rows.attachments, (row) => row.relation)
  const parents = groupedBy(rows.inheritance, (row) => row.relation)
  const reads = groupedBy(rows.reads, (row) => row.view)

  return ({ id, name, kind, unlogged, rowSecurity, defaultPartition, ofType }) => {
    const attached = attachments.get(id) ?? []
    const common = {
      name,
      createdBy: undefined,
      triggers: new Map((triggers.get(id) ?? []).map((row) => [row.name, triggerOf(row, runs)])),
      rules: attached.filter((row) => row.kind === 'rule').map((row) => row.name),
      runs: runs.ofRelation(id),
    }
    if (kind === 'v' || kind === 'm') {
      const read = reads.get(id) ?? []
      return {
        ...common,
        kind: kind === 'v' ? 'view' : 'materialized-view',
        reads: [...new Set(read.flatMap((row) => names.relation(row.relation) ?? []))],
        mentions: new Set(read.flatMap((row) => names.columns(row.relation, [row.column]))),
      }
    }
    return {
      ...common,
      kind: 'table',
      partitioned: kind === 'p',
      foreign: kind === 'f',
      unlogged,
      rowSecurity,
      ofType: ofType === null ? undefined : names.type({ type: ofType, typmod: -1, written: null }).name,
      columns: new Map((columns.get(id) ?? []).map((row) => [row.name, columnOf(row)])),
      columnsKnown: true,
      constraints: (constraints.get(id) ?? []).map((row) => constraintOf(row, names, indexes, parser)),
      parents: (parents.get(id) ?? []).flatMap((row) => names.relation(row.parent) ?? []),
      defaultPartition,
      policies: attached.filter((row) => row.kind === 'policy').map((row) => row.name),
    }
  }
}

/** The bits of `pg_trigger.tgtype` (src/include/catalog/pg_trigger.h). */
const eventBits: Readonly<Record<WriteEvent, number>> = { insert: 4, delete: 8, update: 16, truncate: 32 }
const rowBit = 1

function triggerOf(row: TriggerRow, runs: Runs): Trigger {
  return {
    forEachRow: (row.type & rowBit) !== 0,
    events: writeEvents.filter((event) => (row.type & eventBits[event]) !== 0),
    runs: runs.ofTrigger(row),
  }
}

function sequenceOf(name: string, row: SequenceRow, names: Names): Sequence {
  const table = names.relation(row.table)
  const [column] = row.table === null || row.column === null ? [] : names.columns(row.table, [row.column])
  const ownedBy = table === undefined || column === undefined ? undefined : { table, column }
  return { kind: 'sequence', name, createdBy: undefined, ownedBy }
}
