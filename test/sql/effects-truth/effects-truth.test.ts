import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtinVolatility } from '../../../src/sql/effects/builtin-functions.ts'
import type { Effects } from '../../../src/sql/model.ts'
import { loadParser } from '../../../src/sql/parse.ts'
import { type LabServer, type PostgresMajor, postgresMajors, startServer } from '../../lab/server.ts'
import { catalogue, Model, setup } from './model.ts'
import { locksOf, type Observed, observe } from './observe.ts'

const parser = await loadParser()
const model = new Model(parser)

/** Weak locks on other tables depend on the rows a statement meets, and what is scanned depends on the planner. */
const dependsOnRows = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'SelectStmt'])
const readsAsItLikes = new Set([
  ...dependsOnRows,
  'TruncateStmt',
  'CopyStmt',
  'CreateTableAsStmt',
  'RefreshMatViewStmt',
])
/** GRANT looks at the table with ACCESS SHARE from 18 on, and the body of an SQL function is checked: neither blocks anybody. */
const looksOnly = new Set(['GrantStmt', 'CreateFunctionStmt'])

/** The oldest and the newest by default, which differ most; `AIRLOCK_TRUTH=all` asks every major. */
const majors: readonly PostgresMajor[] = process.env.AIRLOCK_TRUTH === 'all' ? postgresMajors : [14, 18]

describe.each(majors)('on PostgreSQL %i the model says what the server does', (major) => {
  let server: LabServer
  let client: pg.Client
  let witness: pg.Client

  beforeAll(async () => {
    server = await startServer(major)
    const connect = async (database: string) => {
      const connected = new pg.Client({ connectionString: server.superuserUrl(database) })
      await connected.connect()
      return connected
    }
    const first = await connect('postgres')
    await first.query('CREATE DATABASE truth')
    await first.end()
    client = await connect('truth')
    witness = await connect('truth')
    await client.query("SET timezone = 'Europe/Berlin'")
    await client.query(setup)
  })

  afterAll(async () => {
    await client.end()
    await witness.end()
    await server[Symbol.asyncDispose]()
  })

  it.each(catalogue.filter((entry) => entry.since <= major))('$sql', async ({ sql, unknown }) => {
    const { kind, effects } = model.effectsOf(sql)
    const observed = await observe(client, witness, sql)
    expect(effects.unknown, effects.unknownBecause).toBe(unknown)
    if (unknown) return
    expect(locksSaid(kind, effects, observed)).toEqual(locksSeen(kind, observed))
    expect(effects.rewrites.toSorted()).toEqual(observed.rewrites)
    if (!readsAsItLikes.has(kind)) expect(effects.scans.toSorted()).toEqual(withoutReferenced(observed, effects))
    expect(lost('table', effects)).toEqual(observed.tables)
    expect(lost('column', effects)).toEqual(observed.columns)
    for (const table of observed.rows) expect(lost('rows', effects)).toContain(table)
  })

  it.each([
    ['CREATE INDEX CONCURRENTLY later ON plain(a)', 'plain'],
    ['CREATE UNIQUE INDEX CONCURRENTLY later ON plain(id)', 'plain'],
    ['REINDEX TABLE CONCURRENTLY parent', 'parent'],
    ['DROP INDEX CONCURRENTLY parent_name_idx', 'parent'],
  ])('%s holds its lock while it waits for others', async (sql, table) => {
    const held = await lockWhileBlocked(sql, table)
    expect(model.effectsOf(sql).effects.locks).toContainEqual({ relation: `public.${table}`, mode: held })
  })

  it('takes no volatile function for a steady one', async () => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT DISTINCT proname::text AS name FROM pg_proc WHERE provolatile = 'v' AND pronamespace = 'pg_catalog'::regnamespace",
    )
    expect(rows.length).toBeGreaterThan(100)
    // 14 declares timezone() volatile for one type only, by mistake; it became immutable in 15.
    expect(
      rows.map(({ name }) => name).filter((name) => builtinVolatility(name) === 'steady' && name !== 'timezone'),
    ).toEqual([])
  })

  /** A writer that does not end keeps the statement waiting, so that its lock can be looked at. */
  async function lockWhileBlocked(sql: string, table: string): Promise<string | undefined> {
    await witness.query('BEGIN')
    await witness.query(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`)
    const running = client.query(sql)
    const observer = new pg.Client({ connectionString: server.superuserUrl('truth') })
    await observer.connect()
    try {
      const { rows } = await observer.query<{ oid: number }>('SELECT $1::regclass::oid::int AS oid', [table])
      const oid = rows[0]?.oid ?? 0
      for (let attempt = 0; attempt < 500; attempt += 1) {
        const mode = (await locksOf(client, observer)).get(oid)
        if (mode !== undefined) return mode
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return undefined
    } finally {
      await witness.query('ROLLBACK')
      await running
      await observer.end()
      if (sql.startsWith('DROP')) await client.query('CREATE INDEX parent_name_idx ON parent(name)')
      else await client.query('DROP INDEX IF EXISTS later')
    }
  }
})

describe('the catalogue', () => {
  it('has something to say: hundreds of statements of many kinds', () => {
    expect(catalogue.length).toBeGreaterThan(400)
    expect(new Set(catalogue.map(({ sql }) => model.effectsOf(sql).kind)).size).toBeGreaterThan(45)
  })
})

function lost(kind: string, effects: Effects): readonly string[] {
  return effects.loses
    .filter((loss) => loss.kind === kind)
    .map((loss) => loss.name)
    .toSorted()
}

function locksSeen(kind: string, observed: Observed): readonly string[] {
  return looksOnly.has(kind) ? observed.locks.filter((lock) => !lock.endsWith(' AccessShareLock')) : observed.locks
}

/** For statements on rows the model may name more weak locks than these rows happened to need, never fewer. */
function locksSaid(kind: string, effects: Effects, observed: Observed): readonly string[] {
  const said = effects.locks.map(({ relation, mode }) => `${relation} ${mode}`).toSorted()
  if (!dependsOnRows.has(kind)) return said
  return said.filter((lock) => observed.locks.includes(lock) || !/ Row(Share|Exclusive)Lock$/.test(lock))
}

/** Whether the check of a foreign key reads the other table or its index is the planner's choice. */
function withoutReferenced(observed: Observed, effects: Effects): readonly string[] {
  return observed.scans.filter(
    (table) =>
      effects.scans.includes(table) ||
      !effects.locks.some((lock) => lock.relation === table && lock.mode !== 'ShareLock'),
  )
}
