import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtinVolatility } from '../../../src/sql/effects/builtin-functions.ts'
import { loadParser } from '../../../src/sql/parse.ts'
import { type PostgresMajor, postgresMajors } from '../../lab/server.ts'
import { comparison } from './agreement.ts'
import { type TruthBench, truthBench } from './bench.ts'
import { locksWhileBlocked } from './blocked.ts'
import { catalogue, Model } from './model.ts'
import { observe } from './observe.ts'

const parser = await loadParser()
const model = new Model(parser)

/** The oldest and the newest by default, which differ most; `AIRLOCK_TRUTH=all` asks every major. */
const majors: readonly PostgresMajor[] = process.env.AIRLOCK_TRUTH === 'all' ? postgresMajors : [14, 18]

describe.each(majors)('on PostgreSQL %i the model says what the server does', (major) => {
  let bench: TruthBench

  beforeAll(async () => {
    bench = await truthBench(major)
  })

  afterAll(() => bench[Symbol.asyncDispose]())

  it.each(catalogue.filter((entry) => entry.since <= major))('$sql', async (entry) => {
    const judged = model.effectsOf(entry.sql)
    const observed = await observe(bench.client, bench.witness, entry.sql)
    expect(judged.effects.unknown, judged.effects.unknownBecause).toBe(entry.unknown)
    if (entry.unknown) return
    const { said, seen } = comparison(entry, judged, observed)
    expect(said).toEqual(seen)
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
    const { rows } = await bench.client.query<{ name: string }>(
      "SELECT DISTINCT proname::text AS name FROM pg_proc WHERE provolatile = 'v' AND pronamespace = 'pg_catalog'::regnamespace",
    )
    expect(rows.length).toBeGreaterThan(100)
    // 14 declares timezone() volatile for one type only, by mistake; it became immutable in 15.
    expect(
      rows.map(({ name }) => name).filter((name) => builtinVolatility(name) === 'steady' && name !== 'timezone'),
    ).toEqual([])
  })

  async function lockWhileBlocked(sql: string, table: string): Promise<string | undefined> {
    const { client, witness } = bench
    const writer = await bench.connect()
    try {
      const { rows } = await witness.query<{ oid: number }>('SELECT $1::regclass::oid::int AS oid', [table])
      return (await locksWhileBlocked({ client, witness, writer }, [table], sql)).get(rows[0]?.oid ?? 0)
    } finally {
      await writer.end()
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
