import type { Random } from './random.ts'

/** What columns are made of, and what each can be given. `{}` stands for a name. */
interface ColumnType {
  readonly name: string
  readonly constants: readonly string[]
  /** That differ from row to row. */
  readonly volatile: readonly string[]
  /** Computed once for the whole statement. */
  readonly stable: readonly string[]
  /** That the made-up rows obey. */
  readonly checks: readonly string[]
}

const numbers = {
  volatile: ['random() * 100'],
  stable: ['extract(year from now())'],
  checks: ['{} > 0', '{} < 100000'],
}
const words = {
  volatile: ['gen_random_uuid()::text', 'clock_timestamp()::text'],
  stable: ['CURRENT_USER', "to_char(now(), 'YYYY')", 'now()::text'],
  checks: ['length({}) < 100', "{} <> ''", "{} LIKE 'v%'"],
}
const moments = {
  constants: ["'2020-01-01'"],
  volatile: ['clock_timestamp()'],
  stable: ['now()', 'CURRENT_TIMESTAMP', "now() + interval '1 day'"],
  checks: ["{} > '2000-01-01'"],
}
const documents = { constants: ["'{}'", '\'{"a": 1}\''], stable: [], volatile: [], checks: [] }

export const columnTypes: readonly ColumnType[] = [
  { name: 'smallint', constants: ['1'], ...numbers },
  { name: 'integer', constants: ['1', '-5'], ...numbers },
  { name: 'bigint', constants: ['0'], ...numbers },
  { name: 'numeric', constants: ['1.5'], ...numbers },
  { name: 'numeric(10,2)', constants: ['0.00'], ...numbers },
  { name: 'numeric(12,4)', constants: ['0'], ...numbers },
  { name: 'real', constants: ['1'], ...numbers },
  { name: 'double precision', constants: ['0.5'], ...numbers },
  { name: 'text', constants: ["'x'", "''", "lower('A')"], ...words },
  { name: 'varchar', constants: ["'x'"], ...words },
  { name: 'varchar(50)', constants: ["'x'"], ...words },
  { name: 'varchar(200)', constants: ["'x'"], ...words },
  { name: 'char(5)', constants: ["'x'"], volatile: [], stable: [], checks: ["{} <> 'zz'"] },
  {
    name: 'boolean',
    constants: ['true', 'false'],
    volatile: ['random() > 0.5'],
    stable: [],
    checks: ['{} IS NOT NULL'],
  },
  { name: 'uuid', constants: [], volatile: ['gen_random_uuid()'], stable: [], checks: ['{} IS NOT NULL'] },
  { name: 'date', ...moments, stable: ['CURRENT_DATE'] },
  { name: 'timestamp', ...moments, stable: ['LOCALTIMESTAMP', ...moments.stable] },
  { name: 'timestamp(3)', ...moments },
  { name: 'timestamptz', ...moments },
  { name: 'timestamptz(6)', ...moments },
  { name: 'json', ...documents },
  { name: 'jsonb', ...documents, volatile: ["jsonb_build_object('a', random())"] },
  { name: 'bytea', constants: ["'\\x00'"], volatile: [], stable: [], checks: [] },
  { name: 'interval', constants: ["'1 day'"], volatile: [], stable: [], checks: [] },
  { name: 'text[]', constants: ["'{}'", 'ARRAY[]::text[]'], volatile: [], stable: [], checks: [] },
  { name: 'integer[]', constants: ["'{1}'"], volatile: [], stable: [], checks: [] },
]

export function randomType(random: Random): ColumnType {
  return random.pick(columnTypes)
}

/** The type as the catalog spells it, without its modifier. */
export function checksFor(type: string): readonly string[] {
  return entryFor(type)?.checks ?? []
}

export function constantsFor(type: string): readonly string[] {
  return entryFor(type)?.constants ?? []
}

function entryFor(type: string): ColumnType | undefined {
  const bare = type
    .replace(/\(.*\)/, '')
    .replace(/ (with|without) time zone/, (zone) => (zone === ' with time zone' ? 'tz' : ''))
  const name = bare === 'character varying' ? 'varchar' : bare === 'character' ? 'char(5)' : bare
  return columnTypes.find((one) => one.name === name)
}
