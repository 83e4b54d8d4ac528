import { randomAlteration } from './alterations.ts'
import { cascade, column, type Family, ifExists, onTable } from './family.ts'
import type { Random } from './random.ts'
import { constantsFor, randomType } from './types.ts'

export const alterTable = onTable((table, random, world) => {
  const count = random.percent(75) ? 1 : 2 + random.below(2)
  const commands = Array.from({ length: count }, () => randomAlteration(table, world, random))
  if (commands.some((command) => command === undefined)) return undefined
  return `ALTER TABLE ${ifExists(random)}${random.percent(8) ? 'ONLY ' : ''}${table.name} ${commands.join(', ')}`
})

export const renames = onTable((table, random) => {
  const constraint = random.maybe(table.constraints)
  return `ALTER TABLE ${table.name} ${random.pick([
    `RENAME TO ${random.fresh('renamed')}`,
    `RENAME COLUMN ${column(table, random)} TO ${random.fresh('column')}`,
    ...(constraint === undefined ? [] : [`RENAME CONSTRAINT ${constraint.name} TO ${random.fresh('constraint')}`]),
    `SET SCHEMA ${table.schema === 'app' ? 'public' : 'app'}`,
  ])}`
})

export const createTable: Family = (world, random) => {
  const name = random.fresh('made')
  const other = random.pick(world.tables)
  const key = random.maybe(other.keys)
  const type = randomType(random)
  return random.pick([
    `CREATE TABLE ${name} (id serial PRIMARY KEY, a ${type.name}, other ${key?.type ?? 'integer'}${key === undefined ? '' : ` REFERENCES ${other.name} (${key.column})${random.pick(['', ' ON DELETE CASCADE'])}`})`,
    `CREATE TABLE ${name} (LIKE ${other.name} INCLUDING ALL)`,
    `CREATE TABLE ${name} (extra integer) INHERITS (${other.name})`,
    `CREATE TABLE ${name} AS SELECT * FROM ${other.name}`,
    `CREATE TABLE IF NOT EXISTS ${other.name} (id integer)`,
    `CREATE TEMP TABLE ${name} (id integer)`,
    `CREATE TABLE app.${name} (id integer PRIMARY KEY, a ${type.name})`,
    `SELECT * INTO ${name} FROM ${other.name}`,
  ])
}

export const partitions: Family = (world, random) => {
  const parent = random.maybe(world.tables.filter(({ kind }) => kind === 'p'))
  const partition = random.maybe(world.tables.filter(({ parents, isPartition }) => isPartition && parents.length > 0))
  const year = 2025 + random.below(5)
  const bounds = `FOR VALUES FROM ('${year}-01-01') TO ('${year + 1}-01-01')`
  const choices = [
    ...(parent === undefined
      ? []
      : [
          `CREATE TABLE ${random.fresh('part')} PARTITION OF ${parent.name} ${bounds}`,
          `ALTER TABLE ${parent.name} ATTACH PARTITION event_spare ${bounds}`,
          `CREATE TABLE ${random.fresh('part')} PARTITION OF ${parent.name} DEFAULT`,
        ]),
    ...(partition === undefined ? [] : [`ALTER TABLE ${partition.parents[0]} DETACH PARTITION ${partition.name}`]),
  ]
  return random.maybe(choices)
}

export const inheritance = onTable((table, random, world) => {
  const parent = table.parents[0]
  if (parent !== undefined && !table.isPartition) return `ALTER TABLE ${table.name} NO INHERIT ${parent}`
  const other = random.pick(world.tables)
  return `ALTER TABLE ${table.name} INHERIT ${other.name}`
})

export const dropTable = onTable((table, random, world) => {
  const more = random.percent(20) ? [random.pick(world.tables).name] : []
  return `DROP TABLE ${ifExists(random)}${[...new Set([table.name, ...more])].join(', ')}${cascade(random)}`
})

export const truncate = onTable((table, random, world) => {
  const more = random.percent(20) ? [random.pick(world.tables).name] : []
  const what = [...new Set([table.name, ...more])].join(', ')
  return `TRUNCATE ${random.percent(8) ? 'ONLY ' : ''}${what}${random.percent(20) ? ' RESTART IDENTITY' : ''}${cascade(random)}`
})

export const createIndex = onTable((table, random) => {
  const first = column(table, random)
  const unique = random.percent(25) ? 'UNIQUE ' : ''
  const columns = random.percent(25)
    ? `(${first}::text)`
    : random.percent(25)
      ? `${first}, ${column(table, random)}`
      : first
  const method = random.percent(10) ? ' USING hash' : ''
  const rest = random.pick(['', '', '', ' WHERE flag', ` INCLUDE (${column(table, random)})`])
  return `CREATE ${unique}INDEX ${random.percent(80) ? random.fresh('idx') : ''} ON ${random.percent(8) ? 'ONLY ' : ''}${table.name}${method} (${columns})${rest}`
})

export const onIndex = onTable((table, random) => {
  const index = random.maybe(table.indexes)
  if (index === undefined) return undefined
  return random.pick([
    `DROP INDEX ${ifExists(random)}${index.name}${cascade(random)}`,
    `DROP INDEX ${index.name}`,
    `ALTER INDEX ${index.name} RENAME TO ${random.fresh('idx')}`,
    `ALTER INDEX ${index.name} SET (fillfactor = 60)`,
    `REINDEX INDEX ${index.name}`,
    `REINDEX TABLE ${table.name}`,
    `CLUSTER ${table.name} USING ${index.bare}`,
    `COMMENT ON INDEX ${index.name} IS 'x'`,
  ])
})

function someValue(type: string, random: Random): string {
  return random.maybe(constantsFor(type)) ?? 'NULL'
}

export const rows = onTable((table, random, world) => {
  const chosen = random.maybe(table.columns.filter(({ generated, identity }) => !generated && !identity))
  const other = random.pick(world.tables)
  if (chosen === undefined) return `SELECT * FROM ${table.name}`
  const value = someValue(chosen.type, random)
  const key = table.columns.find(({ name }) => name === 'id') === undefined ? 'true' : 'id = 2'
  return random.pick([
    `INSERT INTO ${table.name} (${chosen.name}) VALUES (${value})`,
    `INSERT INTO ${table.name} DEFAULT VALUES`,
    `INSERT INTO ${table.name} SELECT * FROM ${table.name} LIMIT 0`,
    `INSERT INTO ${table.name} (${chosen.name}) SELECT ${value} FROM ${other.name} ON CONFLICT DO NOTHING`,
    `UPDATE ${table.name} SET ${chosen.name} = ${random.percent(50) ? chosen.name : value}`,
    `UPDATE ${table.name} SET ${chosen.name} = ${chosen.name} WHERE ${key}`,
    `UPDATE ${table.name} SET ${chosen.name} = ${value} FROM ${other.name} o`,
    `UPDATE ${table.name} SET ${chosen.name} = ${value} WHERE EXISTS (SELECT 1 FROM ${other.name})`,
    `DELETE FROM ${random.percent(10) ? 'ONLY ' : ''}${table.name}`,
    `DELETE FROM ${table.name} WHERE ${key}`,
    `DELETE FROM ${table.name} USING ${other.name} o`,
    `WITH gone AS (DELETE FROM ${table.name} RETURNING 1) SELECT count(*) FROM gone`,
    `WITH seen AS (SELECT 1 FROM ${other.name}) UPDATE ${table.name} SET ${chosen.name} = ${chosen.name} WHERE EXISTS (SELECT 1 FROM seen)`,
    `SELECT * FROM ${table.name} FOR ${random.pick(['UPDATE', 'SHARE'])}`,
    `SELECT count(*) FROM ${table.name} CROSS JOIN ${other.name} o`,
    `LOCK TABLE ${table.name} IN ${random.pick(['SHARE', 'ACCESS EXCLUSIVE', 'ROW EXCLUSIVE'])} MODE`,
    `ANALYZE ${table.name}`,
  ])
})
