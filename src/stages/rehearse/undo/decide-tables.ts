import { quoteIdentifier as q } from '../../../postgres/quoting.ts'
import { columnText, sequenceOf } from './decide-columns.ts'
import type { Objects, SequenceObject, TableObject } from './objects.ts'
import { type Pair, pairColumns } from './pairs.ts'
import type { Difference } from './reverse.ts'
import { pathOf, type Step } from './steps.ts'

export function tableSteps({ before, pairs }: Difference): readonly Step[] {
  const { made, gone, both } = pairs.tables
  const plain = made.filter(({ kind }) => kind !== 'f')
  return [
    // In one statement, because tables may refer to each other.
    ...(plain.length === 0
      ? []
      : [{ phase: 'drop-tables', oid: '0', sql: `DROP TABLE ${plain.map(pathOf).join(', ')}` } as const]),
    ...made
      .filter(({ kind }) => kind === 'f')
      .map(({ oid, ...one }): Step => ({ phase: 'drop-tables', oid, sql: `DROP FOREIGN TABLE ${pathOf(one)}` })),
    ...gone.flatMap((table) => createTable(table, before)),
    ...both.flatMap((pair) => tableProperties(pair, before)),
  ]
}

/** Defaults come later: they may need functions and sequences. */
function createTable(table: TableObject, before: Objects): readonly Step[] {
  const path = pathOf(table)
  const parents = before.tables.filter(({ oid }) => table.parents.includes(oid))
  const columns = table.columns.map((column) =>
    columnText(
      column.generated === '' ? { ...column, expression: undefined } : column,
      sequenceOf(before, table, column),
    ),
  )
  const unlogged = table.unlogged ? 'UNLOGGED ' : ''
  const options = table.options.length === 0 ? '' : ` WITH (${table.options.join(', ')})`
  const by = table.partitionKey === undefined ? '' : ` PARTITION BY ${table.partitionKey}`
  const [parent] = parents
  const create =
    table.partitionBound !== undefined && parent !== undefined
      ? `CREATE ${unlogged}TABLE ${path} PARTITION OF ${pathOf(parent)} ${table.partitionBound}${by}${options}`
      : `CREATE ${unlogged}TABLE ${path} (\n  ${columns.join(',\n  ')}\n)${parents.length === 0 ? '' : ` INHERITS (${parents.map(pathOf).join(', ')})`}${by}${options}`
  const defaults = table.columns
    .filter(({ generated, expression }) => generated === '' && expression !== undefined)
    .map((column): Step => {
      const sql = `ALTER TABLE ${path} ALTER COLUMN ${q(column.name)} SET DEFAULT ${column.expression}`
      return { phase: 'set-defaults', oid: table.oid, sql }
    })
  const bare = { ...table, options: [], unlogged: false, rowSecurity: false, forced: false, replicaIdentity: 'd' }
  return [
    { phase: 'create-tables', oid: table.oid, sql: create },
    ...defaults,
    ...tableProperties({ was: { ...table, options: [], unlogged: false }, is: bare }, before),
  ]
}

function tableProperties({ was, is }: Pair<TableObject>, before: Objects): readonly Step[] {
  const changes: string[] = []
  if (was.unlogged !== is.unlogged) changes.push(`SET ${was.unlogged ? 'UNLOGGED' : 'LOGGED'}`)
  if (was.rowSecurity !== is.rowSecurity) changes.push(`${was.rowSecurity ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`)
  if (was.forced !== is.forced) changes.push(`${was.forced ? '' : 'NO '}FORCE ROW LEVEL SECURITY`)
  const nameOf = (option: string) => option.split('=')[0] ?? option
  const surplus = is.options.map(nameOf).filter((name) => !was.options.some((option) => nameOf(option) === name))
  if (surplus.length > 0) changes.push(`RESET (${surplus.join(', ')})`)
  const missing = was.options.filter((option) => !is.options.includes(option))
  if (missing.length > 0) changes.push(`SET (${missing.join(', ')})`)
  if (was.replicaIdentity !== is.replicaIdentity || was.replicaIndex !== is.replicaIndex) {
    changes.push(`REPLICA IDENTITY ${replicaIdentity(was)}`)
  }
  const path = pathOf(was)
  const steps = changes.map(
    (change): Step => ({ phase: 'table-properties', oid: was.oid, sql: `ALTER TABLE ${path} ${change}` }),
  )
  const parent = before.tables.find(({ oid }) => [...was.parents, ...is.parents].includes(oid))
  if (parent === undefined || was.partitionBound === is.partitionBound) return steps
  const change =
    was.partitionBound === undefined ? `DETACH PARTITION ${path}` : `ATTACH PARTITION ${path} ${was.partitionBound}`
  return [...steps, { phase: 'table-properties', oid: was.oid, sql: `ALTER TABLE ${pathOf(parent)} ${change}` }]
}

function replicaIdentity({ replicaIdentity: kind, replicaIndex }: TableObject): string {
  if (kind === 'i' && replicaIndex !== undefined) return `USING INDEX ${q(replicaIndex)}`
  return kind === 'f' ? 'FULL' : kind === 'n' ? 'NOTHING' : 'DEFAULT'
}

/** Those of identity columns come and go with the column. */
export function sequenceSteps({ before, now, pairs }: Difference): readonly Step[] {
  const { made, gone, both } = pairs.sequences
  const goesAlong = ({ owner }: SequenceObject) => {
    if (owner === undefined) return false
    if (owner.identity || pairs.tables.made.some(({ oid }) => oid === owner.table)) return true
    const table = pairs.tables.both.find(({ is }) => is.oid === owner.table)
    return table !== undefined && pairColumns(table).made.some(({ number }) => number === owner.column)
  }
  const ownedBy = (sequence: SequenceObject): string => {
    const column = columnOf(before, sequence)
    return column === undefined ? 'NONE' : `${pathOf(column.table)}.${q(column.name)}`
  }
  const sameOwner = (was: SequenceObject, is: SequenceObject) => {
    const [one, other] = [columnOf(before, was), columnOf(now, is)]
    return one?.table.name === other?.table.name && one?.name === other?.name
  }
  return [
    ...made
      .filter((one) => !goesAlong(one))
      .map((one): Step => ({ phase: 'drop-sequences', oid: one.oid, sql: `DROP SEQUENCE ${pathOf(one)}` })),
    ...gone
      .filter(({ owner }) => owner?.identity !== true)
      .flatMap((one): readonly Step[] => [
        { phase: 'create-sequences', oid: one.oid, sql: `CREATE SEQUENCE ${pathOf(one)} ${one.definition}` },
        { phase: 'own-sequences', oid: one.oid, sql: `ALTER SEQUENCE ${pathOf(one)} OWNED BY ${ownedBy(one)}` },
      ]),
    ...gone.flatMap((one) => goesOn(one, before)),
    ...both.flatMap(({ was, is }): readonly Step[] => [
      ...(was.definition === is.definition
        ? []
        : [{ phase: 'own-sequences', oid: was.oid, sql: `ALTER SEQUENCE ${pathOf(was)} ${was.definition}` } as const]),
      ...(was.owner?.identity === true || is.owner?.identity === true || sameOwner(was, is)
        ? []
        : [
            {
              phase: 'own-sequences',
              oid: was.oid,
              sql: `ALTER SEQUENCE ${pathOf(was)} OWNED BY ${ownedBy(was)}`,
            } as const,
          ]),
    ]),
  ]
}

/** A sequence that is made anew would begin with numbers that rows have already. */
function goesOn(sequence: SequenceObject, before: Objects): readonly Step[] {
  const column = columnOf(before, sequence)
  if (column === undefined || sequence.definition.includes('INCREMENT BY -')) return []
  const name = `'${pathOf(sequence).replaceAll("'", "''")}'::pg_catalog.regclass`
  const sql = `SELECT pg_catalog.setval(${name}, last) FROM (SELECT max(${q(column.name)})::bigint AS last FROM ${pathOf(column.table)}) AS t WHERE last > 0`
  return [{ phase: 'own-sequences', oid: sequence.oid, sql }]
}

function columnOf({ tables }: Objects, { owner }: SequenceObject) {
  if (owner === undefined) return undefined
  const table = tables.find(({ oid }) => oid === owner.table)
  const column = table?.columns.find(({ number }) => number === owner.column)
  return table === undefined || column === undefined ? undefined : { table, name: column.name }
}
