import { cascade, column, type Family, ifExists, onTable, onView } from './family.ts'

export const createView: Family = (world, random) => {
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

export const viewStatements: Family = (world, random) =>
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

export const typeStatements: Family = (world, random) => {
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

export const sequences: Family = (world, random) => {
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

export const hangingOn = onTable((table, random) => {
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

export const functions: Family = (world, random) => {
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

export const remarks = onTable((table, random, world) => {
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
