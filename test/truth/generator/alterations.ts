import type { Random } from './random.ts'
import { checksFor, columnTypes, constantsFor, randomType } from './types.ts'
import type { World, WorldColumn, WorldTable } from './world.ts'

type Alteration = (table: WorldTable, world: World, random: Random) => string | undefined

const columnOf = (table: WorldTable, random: Random) => random.maybe(table.columns)
const fill = (template: string, column: string) => template.replaceAll('{}', column)
const cascade = (random: Random) => random.pick(['', '', ' CASCADE', ' RESTRICT'])

function addedColumn(table: WorldTable, world: World, random: Random): string {
  const type = randomType(random)
  const name = random.fresh('col')
  const kind = random.below(12)
  const optional = random.percent(20) ? 'IF NOT EXISTS ' : ''
  const start = `ADD COLUMN ${optional}${name}`
  if (kind === 0) return `${start} ${random.pick(['serial', 'bigserial', 'smallserial'])}`
  if (kind === 1) return `${start} integer GENERATED ${random.pick(['ALWAYS', 'BY DEFAULT'])} AS IDENTITY`
  if (kind === 2) return `${start} integer GENERATED ALWAYS AS (${random.pick(['1 + 1', "length('abc')"])}) STORED`
  if (kind === 3) {
    const target = random.maybe(world.tables.filter(({ keys }) => keys.length > 0))
    const key = target === undefined ? undefined : random.pick(target.keys)
    if (key !== undefined)
      return `${start} ${key.type} REFERENCES ${target?.name} (${key.column})${random.pick(['', ' ON DELETE CASCADE', ' ON DELETE SET NULL'])}`
  }
  if (kind === 4) {
    const chosen = random.maybe(world.enums)
    if (chosen !== undefined)
      return `${start} ${chosen.name}${random.percent(50) ? ` NOT NULL DEFAULT '${chosen.labels[0]}'` : ''}`
  }
  if (kind === 5) {
    const domain = random.maybe(world.domains)
    if (domain !== undefined) return `${start} ${domain.name}${random.percent(50) ? ' DEFAULT 1' : ''}`
  }
  if (kind === 6 && table.columns.some(({ name: existing }) => existing === 'c0'))
    return 'ADD COLUMN IF NOT EXISTS c0 text'
  const value = random.percent(60) ? random.maybe([...type.constants, ...type.stable, ...type.volatile]) : undefined
  const parts = [
    value === undefined ? '' : ` DEFAULT ${/^['\w.-]+(\(\))?$/.test(value) ? value : `(${value})`}`,
    value !== undefined && random.percent(50) ? ' NOT NULL' : '',
    random.percent(8) ? ' UNIQUE' : '',
    random.percent(12) && type.checks.length > 0 ? ` CHECK (${fill(random.pick(type.checks), name)})` : '',
  ]
  return `${start} ${type.name}${parts.join('')}`
}

function changedType(column: WorldColumn, world: World, random: Random): string {
  const families = [
    ['smallint', 'integer', 'bigint', 'numeric', 'numeric(10,2)', 'numeric(14,2)', 'real', 'double precision'],
    ['text', 'varchar', 'varchar(10)', 'varchar(50)', 'varchar(300)', 'char(20)'],
    ['timestamp', 'timestamp(3)', 'timestamp(6)', 'timestamptz', 'timestamptz(3)', 'date'],
    ['json', 'jsonb'],
  ]
  const short = column.type
    .replace('character varying', 'varchar')
    .replace('character(', 'char(')
    .replace(/timestamp(\(\d\))? with.*/, 'timestamp')
  const family = families.find((types) => types.some((type) => type.replace(/\(.*/, '') === short.replace(/\(.*/, '')))
  const chosenEnum = random.maybe(world.enums)
  if (chosenEnum !== undefined && random.percent(10))
    return `ALTER COLUMN ${column.name} TYPE ${chosenEnum.name} USING NULL::${chosenEnum.name}`
  const type = family !== undefined && random.percent(80) ? random.pick(family) : random.pick(columnTypes).name
  const using = random.percent(25) ? ` USING ${column.name}${random.percent(70) ? `::text::${type}` : `::${type}`}` : ''
  return `ALTER COLUMN ${column.name} ${random.pick(['TYPE', 'SET DATA TYPE'])} ${type}${using}`
}

function addedConstraint(table: WorldTable, world: World, random: Random): string | undefined {
  const column = columnOf(table, random)
  if (column === undefined) return undefined
  const name = random.percent(80) ? `CONSTRAINT ${random.fresh('con')} ` : ''
  const later = random.percent(40) ? ' NOT VALID' : ''
  switch (random.below(7)) {
    case 0:
    case 1: {
      const check = random.maybe(checksFor(column.type)) ?? '{} IS NOT NULL'
      return `ADD ${name}CHECK (${fill(check, column.name)})${later}`
    }
    case 2:
      return `ADD ${name}UNIQUE (${[column.name, ...(random.percent(30) ? [random.pick(table.columns).name] : [])].join(', ')})${random.percent(20) ? ' DEFERRABLE' : ''}`
    case 3:
      return `ADD ${name}PRIMARY KEY (${column.name})`
    case 4: {
      const index = random.maybe(
        table.indexes.filter(({ unique, ofConstraint, plain }) => unique && !ofConstraint && plain),
      )
      return index === undefined
        ? undefined
        : `ADD CONSTRAINT ${random.fresh('con')} ${random.pick(['UNIQUE', 'PRIMARY KEY'])} USING INDEX ${index.bare}`
    }
    default: {
      const targets = world.tables.flatMap((target) =>
        target.keys
          .filter(({ type }) => type === column.type || /int/.test(type + column.type))
          .map((key) => ({ target, key })),
      )
      const found = random.maybe(targets)
      if (found === undefined) return undefined
      const action = random.pick([
        '',
        '',
        ' ON DELETE CASCADE',
        ' ON DELETE SET NULL',
        ' ON UPDATE CASCADE',
        ' DEFERRABLE INITIALLY DEFERRED',
      ])
      return `ADD ${name}FOREIGN KEY (${column.name}) REFERENCES ${found.target.name} (${found.key.column})${action}${later}`
    }
  }
}

const options = [
  'fillfactor = 70',
  'autovacuum_enabled = false',
  'autovacuum_vacuum_scale_factor = 0.1',
  'toast_tuple_target = 256',
  'parallel_workers = 2',
  'user_catalog_table = true',
]

const alterations: readonly (readonly [weight: number, Alteration])[] = [
  [10, addedColumn],
  [
    6,
    (table, _world, random) =>
      `DROP COLUMN ${random.percent(20) ? 'IF EXISTS ' : ''}${columnOf(table, random)?.name ?? 'nope'}${cascade(random)}`,
  ],
  [1, () => 'DROP COLUMN IF EXISTS nope'],
  [
    12,
    (table, world, random) => {
      const column = columnOf(table, random)
      return column === undefined ? undefined : changedType(column, world, random)
    },
  ],
  [
    6,
    (table, _world, random) =>
      `ALTER COLUMN ${columnOf(table, random)?.name} ${random.pick(['SET', 'SET', 'DROP'])} NOT NULL`,
  ],
  [
    5,
    (table, _world, random) => {
      const column = columnOf(table, random)
      const value = random.maybe(constantsFor(column?.type ?? ''))
      return column === undefined
        ? undefined
        : `ALTER COLUMN ${column.name} ${value === undefined || random.percent(40) ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`
    },
  ],
  [
    2,
    (table, world, random) => {
      const column = random.maybe(table.columns.filter(({ type }) => /int/.test(type)))
      const sequence = random.maybe(world.sequences)
      return column === undefined || sequence === undefined
        ? undefined
        : `ALTER COLUMN ${column.name} SET DEFAULT nextval('${sequence}')`
    },
  ],
  [12, addedConstraint],
  [
    6,
    (table, _world, random) => {
      const constraint = random.maybe(table.constraints)
      return constraint === undefined ? undefined : `DROP CONSTRAINT ${constraint.name}${cascade(random)}`
    },
  ],
  [1, () => 'DROP CONSTRAINT IF EXISTS nope'],
  [
    4,
    (table, _world, random) => {
      const constraint = random.maybe(table.constraints.filter(({ valid }) => !valid || random.percent(20)))
      return constraint === undefined ? undefined : `VALIDATE CONSTRAINT ${constraint.name}`
    },
  ],
  [
    1,
    (table, _world, random) => {
      const constraint = random.maybe(table.constraints.filter(({ type }) => type === 'f'))
      return constraint === undefined
        ? undefined
        : `ALTER CONSTRAINT ${constraint.name} ${random.pick(['DEFERRABLE', 'NOT DEFERRABLE'])}`
    },
  ],
  [
    2,
    (_table, _world, random) =>
      `${random.pick(['SET', 'SET', 'RESET'])} (${random.pick(options)})`.replace(/^RESET \((\w+).*/, 'RESET ($1)'),
  ],
  [
    1,
    (table, _world, random) => `ALTER COLUMN ${columnOf(table, random)?.name} SET STATISTICS ${random.pick([50, 100])}`,
  ],
  [
    1,
    (table, _world, random) =>
      `ALTER COLUMN ${columnOf(table, random)?.name} SET STORAGE ${random.pick(['MAIN', 'EXTERNAL', 'PLAIN'])}`,
  ],
  [1, (table, _world, random) => `ALTER COLUMN ${columnOf(table, random)?.name} SET COMPRESSION pglz`],
  [1, (table, _world, random) => `ALTER COLUMN ${columnOf(table, random)?.name} SET (n_distinct = 5)`],
  [2, (_table, _world, random) => random.pick(['SET LOGGED', 'SET UNLOGGED'])],
  [
    2,
    (table, _world, random) =>
      `${random.pick(['ENABLE', 'DISABLE'])} TRIGGER ${random.maybe(table.triggers) ?? random.pick(['ALL', 'USER'])}`,
  ],
  [1, (_table, _world, random) => `${random.pick(['ENABLE', 'DISABLE', 'FORCE', 'NO FORCE'])} ROW LEVEL SECURITY`],
  [
    1,
    (table, _world, random) => {
      const rule = random.maybe(table.rules)
      return rule === undefined ? undefined : `${random.pick(['ENABLE', 'DISABLE'])} RULE ${rule}`
    },
  ],
  [
    1,
    (table, _world, random) =>
      `REPLICA IDENTITY ${random.pick(['FULL', 'NOTHING', 'DEFAULT', `USING INDEX ${random.maybe(table.indexes)?.bare ?? 'nope'}`])}`,
  ],
  [
    1,
    (table, _world, random) =>
      random.pick([`CLUSTER ON ${random.maybe(table.indexes)?.bare ?? 'nope'}`, 'SET WITHOUT CLUSTER']),
  ],
  [1, () => 'OWNER TO somebody'],
  [
    2,
    (table, _world, random) =>
      `ALTER COLUMN ${random.maybe(table.columns.filter(({ type }) => type === 'integer'))?.name ?? 'id'} ADD GENERATED BY DEFAULT AS IDENTITY`,
  ],
  [
    2,
    (table, _world, random) =>
      `ALTER COLUMN ${random.maybe(table.columns.filter(({ identity }) => identity))?.name ?? 'id'} ${random.pick(['DROP IDENTITY', 'SET GENERATED ALWAYS', 'RESTART WITH 100', 'SET INCREMENT BY 2'])}`,
  ],
  [
    1,
    (table, _world, random) => {
      const column = random.maybe(table.columns.filter(({ generated }) => generated))
      return column === undefined ? undefined : `ALTER COLUMN ${column.name} DROP EXPRESSION`
    },
  ],
]

export function randomAlteration(table: WorldTable, world: World, random: Random): string | undefined {
  const total = alterations.reduce((sum, [weight]) => sum + weight, 0)
  let left = random.below(total)
  for (const [weight, alteration] of alterations) {
    if (left < weight) return alteration(table, world, random)
    left -= weight
  }
  return undefined
}
