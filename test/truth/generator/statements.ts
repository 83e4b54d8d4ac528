import { randomAlteration } from './alterations.ts'
import type { Random } from './random.ts'
import { constantsFor, randomType } from './types.ts'
import type { World, WorldTable } from './world.ts'

type Family = (world: World, random: Random) => string | undefined

/** About a table that there is. */
const onTable =
  (statement: (table: WorldTable, random: Random, world: World) => string | undefined): Family =>
  (world, random) => {
    const table = random.maybe(world.tables)
    return table === undefined ? undefined : statement(table, random, world)
  }

const onView =
  (kind: 'v' | 'm', statement: (view: World['views'][number], random: Random) => string): Family =>
  (world, random) => {
    const view = random.maybe(world.views.filter((one) => one.kind === kind))
    return view === undefined ? undefined : statement(view, random)
  }

const cascade = (random: Random) => random.pick(['', '', ' CASCADE'])
const column = (table: WorldTable, random: Random) => random.maybe(table.columns)?.name ?? 'nope'
const ifExists = (random: Random) => (random.percent(20) ? 'IF EXISTS ' : '')

const alterTable = onTable((table, random, world) => {
  const count = random.percent(75) ? 1 : 2 + random.below(2)
  const commands = Array.from({ length: count }, () => randomAlteration(table, world, random))
  if (commands.some((command) => command === undefined)) return undefined
  return `ALTER TABLE ${ifExists(random)}${random.percent(8) ? 'ONLY ' : ''}${table.name} ${commands.join(', ')}`
})

const renames = onTable((table, random) => {
  const constraint = random.maybe(table.constraints)
  return `ALTER TABLE ${table.name} ${random.pick([
    `RENAME TO ${random.fresh('renamed')}`,
    `RENAME COLUMN ${column(table, random)} TO ${random.fresh('column')}`,
    ...(constraint === undefined ? [] : [`RENAME CONSTRAINT ${constraint.name} TO ${random.fresh('constraint')}`]),
    `SET SCHEMA ${table.schema === 'app' ? 'public' : 'app'}`,
  ])}`
})

const createTable: Family = (world, random) => {
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

const partitions: Family = (world, random) => {
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

const inheritance = onTable((table, random, world) => {
  const parent = table.parents[0]
  if (parent !== undefined && !table.isPartition) return `ALTER TABLE ${table.name} NO INHERIT ${parent}`
  const other = random.pick(world.tables)
  return `ALTER TABLE ${table.name} INHERIT ${other.name}`
})

const dropTable = onTable((table, random, world) => {
  const more = random.percent(20) ? [random.pick(world.tables).name] : []
  return `DROP TABLE ${ifExists(random)}${[...new Set([table.name, ...more])].join(', ')}${cascade(random)}`
})

const truncate = onTable((table, random, world) => {
  const more = random.percent(20) ? [random.pick(world.tables).name] : []
  const what = [...new Set([table.name, ...more])].join(', ')
  return `TRUNCATE ${random.percent(8) ? 'ONLY ' : ''}${what}${random.percent(20) ? ' RESTART IDENTITY' : ''}${cascade(random)}`
})

const createIndex = onTable((table, random) => {
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

const onIndex = onTable((table, random) => {
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

const createView: Family = (world, random) => {
  const table = random.pick(world.tables)
  const view = random.maybe(world.views)
  const some = [...new Set([column(table, random), column(table, random)])].join(', ')
  return random.pick([
    `CREATE VIEW ${random.fresh('view')} AS SELECT ${random.percent(50) ? '*' : some} FROM ${table.name}`,
    `CREATE VIEW ${random.fresh('view')} AS SELECT count(*) AS n FROM ${table.name} t WHERE EXISTS (SELECT 1 FROM ${random.pick(world.tables).name})`,
    `CREATE OR REPLACE VIEW ${view?.name ?? random.fresh('view')} AS SELECT ${view?.columns.join(', ') ?? '*'} FROM ${table.name}`,
    `CREATE VIEW ${random.fresh('view')} AS SELECT * FROM ${view?.name ?? table.name}`,
    `CREATE MATERIALIZED VIEW ${random.fresh('mat')} AS SELECT ${some} FROM ${table.name}${random.pick(['', ' WITH NO DATA'])}`,
  ])
}

const viewStatements: Family = (world, random) =>
  random.pick([
    onView('v', ({ name }) => `DROP VIEW ${name}${cascade(random)}`),
    onView('v', ({ name }) => `ALTER VIEW ${name} RENAME TO ${random.fresh('view')}`),
    onView('v', ({ name, columns }) => `ALTER VIEW ${name} RENAME COLUMN ${columns[0]} TO ${random.fresh('column')}`),
    onView('v', ({ name, columns }) => `ALTER VIEW ${name} ALTER COLUMN ${columns[0]} SET DEFAULT NULL`),
    onView('m', ({ name }) => `DROP MATERIALIZED VIEW ${name}${cascade(random)}`),
    onView('m', ({ name }) => `REFRESH MATERIALIZED VIEW ${name}${random.pick(['', '', ' WITH NO DATA'])}`),
    onView('m', ({ name, columns }) => `CREATE INDEX ON ${name} (${columns[0]})`),
    onView('m', ({ name }) => `ALTER MATERIALIZED VIEW ${name} RENAME TO ${random.fresh('mat')}`),
    onView('v', ({ name }) => `SELECT * FROM ${name}`),
    onView('m', ({ name }) => `SELECT * FROM ${name}`),
    onView('v', ({ name }) => `COMMENT ON VIEW ${name} IS 'x'`),
    onView('v', ({ name }) => `DELETE FROM ${name}`),
    onView('v', ({ name, columns }) => `UPDATE ${name} SET ${columns.at(-1)} = ${columns.at(-1)}`),
  ])(world, random)

const typeStatements: Family = (world, random) => {
  const chosen = random.maybe(world.enums)
  const domain = random.maybe(world.domains)
  const choices = [
    `CREATE TYPE ${random.fresh('kind')} AS ENUM ('x', 'y')`,
    `CREATE DOMAIN ${random.fresh('domain')} AS integer CHECK (VALUE < 1000)`,
    `CREATE TYPE ${random.fresh('pair')} AS (a integer, b text)`,
  ]
  if (chosen !== undefined)
    choices.push(
      `ALTER TYPE ${chosen.name} ADD VALUE ${random.pick(['', 'IF NOT EXISTS '])}'${random.fresh('label')}'`,
      `ALTER TYPE ${chosen.name} RENAME VALUE '${random.pick(chosen.labels)}' TO '${random.fresh('label')}'`,
      `ALTER TYPE ${chosen.name} RENAME TO ${random.fresh('kind')}`,
      `ALTER TYPE ${chosen.name} SET SCHEMA app`,
      `DROP TYPE ${chosen.name}${random.pick(['', ' CASCADE'])}`,
    )
  if (domain !== undefined)
    choices.push(
      `ALTER DOMAIN ${domain.name} ADD CONSTRAINT ${random.fresh('check')} CHECK (VALUE IS NULL OR length(VALUE::text) < 50)${random.pick(['', ' NOT VALID'])}`,
      `ALTER DOMAIN ${domain.name} ${random.pick(['SET', 'DROP'])} NOT NULL`,
      `ALTER DOMAIN ${domain.name} ${random.pick(['SET DEFAULT 5', 'DROP DEFAULT'])}`,
      `ALTER DOMAIN ${domain.name} ${random.pick(['DROP', 'VALIDATE'])} CONSTRAINT ${random.maybe(domain.constraints) ?? 'nope'}`,
      `ALTER DOMAIN ${domain.name} RENAME TO ${random.fresh('domain')}`,
      `DROP DOMAIN ${domain.name}${random.pick(['', ' CASCADE'])}`,
    )
  return random.pick(choices)
}

const sequences: Family = (world, random) => {
  const sequence = random.maybe(world.sequences)
  const table = random.pick(world.tables)
  const owner = `${table.name}.${column(table, random)}`
  const choices = [`CREATE SEQUENCE ${random.fresh('seq')}${random.pick(['', ` OWNED BY ${owner}`, ' INCREMENT 5'])}`]
  if (sequence !== undefined)
    choices.push(
      `ALTER SEQUENCE ${sequence} ${random.pick(['RESTART', 'INCREMENT 3', 'AS bigint', 'OWNED BY NONE', `OWNED BY ${owner}`, 'CYCLE'])}`,
      `ALTER SEQUENCE ${sequence} RENAME TO ${random.fresh('seq')}`,
      `DROP SEQUENCE ${sequence}${cascade(random)}`,
      `SELECT setval('${sequence}', 1000)`,
      `SELECT nextval('${sequence}')`,
    )
  return random.pick(choices)
}

const hangingOn = onTable((table, random) => {
  const trigger = random.maybe(table.triggers)
  const policy = random.maybe(table.policies)
  const rule = random.maybe(table.rules)
  const timing = `${random.pick(['BEFORE', 'AFTER'])} ${random.pick(['INSERT', 'UPDATE', 'DELETE', 'INSERT OR UPDATE', `UPDATE OF ${column(table, random)}`])}`
  return random.pick([
    `CREATE TRIGGER ${random.fresh('trigger')} ${timing} ON ${table.name} FOR EACH ${random.pick(['ROW', 'STATEMENT'])} EXECUTE FUNCTION stamp()`,
    `CREATE POLICY ${random.fresh('policy')} ON ${table.name} USING (${random.pick(['true', 'flag'])})`,
    `CREATE RULE ${random.fresh('rule')} AS ON UPDATE TO ${table.name} DO ALSO NOTHING`,
    ...(trigger === undefined
      ? []
      : [
          `DROP TRIGGER ${ifExists(random)}${trigger} ON ${table.name}`,
          `ALTER TRIGGER ${trigger} ON ${table.name} RENAME TO ${random.fresh('trigger')}`,
        ]),
    ...(policy === undefined
      ? []
      : [`DROP POLICY ${policy} ON ${table.name}`, `ALTER POLICY ${policy} ON ${table.name} USING (false)`]),
    ...(rule === undefined ? [] : [`DROP RULE ${rule} ON ${table.name}`]),
    `DROP TRIGGER IF EXISTS nope ON ${table.name}`,
    `DROP POLICY IF EXISTS nope ON ${table.name}`,
  ])
})

const functions: Family = (world, random) => {
  const table = random.pick(world.tables)
  const name = random.fresh('fn')
  const chosen = random.maybe(world.functions)
  return random.pick([
    `CREATE FUNCTION ${name}() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM ${table.name}'`,
    `CREATE FUNCTION ${name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM ${table.name}; END $$`,
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`,
    `CREATE OR REPLACE FUNCTION answer() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 43'`,
    ...(chosen === undefined
      ? []
      : [
          `DROP FUNCTION ${chosen.name}()`,
          `ALTER FUNCTION ${chosen.name}() RENAME TO ${name}`,
          ...(chosen.returns === 'trigger' ? [] : [`SELECT ${chosen.name}()`]),
        ]),
  ])
}

function someValue(type: string, random: Random): string {
  return random.maybe(constantsFor(type)) ?? 'NULL'
}

const rows = onTable((table, random, world) => {
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

const remarks = onTable((table, random, world) => {
  const constraint = random.maybe(table.constraints.filter(({ type }) => type !== 't'))
  const statistics = random.maybe(world.statistics)
  return random.pick([
    `COMMENT ON TABLE ${table.name} IS 'x'`,
    `COMMENT ON COLUMN ${table.name}.${column(table, random)} IS 'x'`,
    ...(constraint === undefined ? [] : [`COMMENT ON CONSTRAINT ${constraint.name} ON ${table.name} IS 'x'`]),
    `GRANT SELECT ON ${table.name} TO somebody`,
    `REVOKE ALL ON ${table.name} FROM somebody`,
    `CREATE STATISTICS ${random.fresh('stats')} ON ${column(table, random)}, ${column(table, random)} FROM ${table.name}`,
    ...(statistics === undefined ? [] : [`DROP STATISTICS ${statistics}`]),
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO somebody`,
    `CREATE SCHEMA ${random.fresh('space')}`,
    `ALTER SCHEMA app RENAME TO ${random.fresh('space')}`,
    random.percent(20) ? `DROP SCHEMA app CASCADE` : 'DROP SCHEMA IF EXISTS nope',
    `CREATE PUBLICATION ${random.fresh('pub')} FOR TABLE ${table.name}`,
  ])
})

const families: readonly (readonly [weight: number, Family])[] = [
  [40, alterTable],
  [4, renames],
  [5, createTable],
  [4, partitions],
  [2, inheritance],
  [3, dropTable],
  [3, truncate],
  [6, createIndex],
  [5, onIndex],
  [3, createView],
  [5, viewStatements],
  [6, typeStatements],
  [4, sequences],
  [6, hangingOn],
  [3, functions],
  [12, rows],
  [4, remarks],
]

const total = families.reduce((sum, [weight]) => sum + weight, 0)

function randomPlain(world: World, random: Random): string | undefined {
  let left = random.below(total)
  for (const [weight, family] of families) {
    if (left < weight) return world.tables.length === 0 ? undefined : family(world, random)
    left -= weight
  }
  return undefined
}

/** Now and then in a DO block, where it may stand in a branch, behind a handler or in a string. */
export function randomStatement(world: World, random: Random): string | undefined {
  const statement = randomPlain(world, random)
  if (statement === undefined || random.percent(92) || statement.startsWith('SELECT')) return statement
  if (statement.startsWith('WITH') || statement.includes('$$')) return statement
  // A GRANT and the check of a function's body look at tables without blocking anybody, and nobody says so inside of a block.
  if (statement.startsWith('GRANT') || statement.startsWith('CREATE FUNCTION')) return statement
  return random.pick([
    `DO $$ BEGIN ${statement}; END $$`,
    `DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'nope') THEN ${statement}; END IF; END $$`,
    `DO $$ BEGIN IF true THEN ${statement}; END IF; END $$`,
    `DO $$ BEGIN ${statement}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `DO $$ BEGIN EXECUTE '${statement.replaceAll("'", "''")}'; END $$`,
  ])
}
