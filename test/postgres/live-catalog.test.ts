import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type OpenSession } from '../../src/postgres/connection.ts'
import { readLiveCatalog } from '../../src/postgres/live-catalog.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import type { Catalog, Index, Sequence, Table, View } from '../../src/sql/catalog/model.ts'
import { type LabServer, startServer } from '../lab/server.ts'

const schema = readFileSync(new URL('live-catalog/schema.sql', import.meta.url), 'utf8')

async function sessionOf(url: string): Promise<OpenSession> {
  const parsed = parseDatabaseUrl(url, 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  return await connect(parsed.url)
}

describe.each([14, 18] as const)('the live catalog of PostgreSQL %i', (major) => {
  let server: LabServer
  let session: OpenSession
  let catalog: Catalog

  beforeAll(async () => {
    server = await startServer(major)
    session = await sessionOf(await server.createDatabase('live'))
    await session.query(schema)
    catalog = await readLiveCatalog(session)
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const table = (name: string) => relation(name, ['table']) as Table
  const view = (name: string) => relation(name, ['view', 'materialized-view']) as View
  const index = (name: string) => relation(name, ['index']) as Index
  function relation(name: string, kinds: readonly string[]) {
    const found = catalog.relations.get(name)
    if (found === undefined || !kinds.includes(found.kind)) throw new Error(`${name} is ${found?.kind ?? 'not there'}`)
    return found
  }
  const column = (name: string, key: string) => {
    const found = table(name).columns.get(key)
    if (found === undefined) throw new Error(`${name} has no column ${key}`)
    return found
  }
  const constraint = (name: string, key: string) => table(name).constraints.find((one) => one.name === key)

  test('has the types of columns as the grammar spells them', () => {
    const spelled = [...table('app.kinds').columns.values()].map(
      ({ name, type }) => `${name} ${type?.name}(${type?.modifiers.join()})${type?.array === true ? '[]' : ''}`,
    )
    expect(spelled).toEqual([
      'id int4()',
      'big int8()',
      'code int4()',
      'named text()',
      'a varchar(10)',
      'b varchar()',
      'c bpchar(5)',
      'd bpchar(1)',
      'e numeric(10,2)',
      'f numeric(3,0)',
      'g numeric()',
      'h timestamp(3)',
      'i timestamptz()',
      'j time(2)',
      'k interval()',
      'l interval(32767,3)',
      'm interval(6)',
      'n interval(7176,2)',
      'o bit(4)',
      'p varbit(6)',
      'q text()[]',
      'r varchar(7)[]',
      's app.mood()',
      't app.mood()[]',
      'u app.label()',
      'v app.required()',
      'w char()',
      'x oid()',
      'y jsonb()',
      'z app.span()',
      'half int4()',
    ])
  })

  test('tells what fills a column', () => {
    const of = (name: string, key: string) => {
      const { notNull, hasDefault, generated, identity, sequence } = column(name, key)
      return { notNull, hasDefault, generated, identity, sequence }
    }
    const nothing = { notNull: false, hasDefault: false, generated: false, identity: false, sequence: undefined }
    expect(of('app.kinds', 'id')).toEqual({
      ...nothing,
      notNull: true,
      hasDefault: true,
      sequence: 'app.kinds_id_seq',
    })
    expect(of('app.kinds', 'code')).toEqual({ ...nothing, hasDefault: true, sequence: 'app.codes' })
    expect(of('app.kinds', 'named')).toEqual({ ...nothing, hasDefault: true })
    expect(of('app.kinds', 's')).toEqual({ ...nothing, notNull: true, hasDefault: true })
    expect(of('app.kinds', 'half')).toEqual({ ...nothing, generated: true })
    expect(of('app.kinds', 'a')).toEqual(nothing)
    const identity = { notNull: true, hasDefault: true, generated: false, identity: true }
    expect(of('app.people', 'id')).toEqual({ ...identity, sequence: 'app.people_id_seq' })
    const owner = (name: string) => (catalog.relations.get(name) as Sequence).ownedBy
    expect(owner('app.people_id_seq')).toEqual({ table: 'app.people', column: 'id' })
    expect(owner('app.kinds_big_seq')).toEqual({ table: 'app.kinds', column: 'big' })
    expect(owner('app.codes')).toBeUndefined()
  })

  test('has constraints with what they prove, need and write', () => {
    const bare = {
      references: undefined,
      writesOnDelete: false,
      writesOnUpdate: false,
      deletesRows: false,
      validated: true,
      provesNotNull: [],
    }
    const expected = [
      { ...bare, name: 'people_pkey', kind: 'primary', columns: ['id'] },
      { ...bare, name: 'one_or_two', kind: 'unique', columns: ['one', 'two'] },
      { ...bare, name: 'there', kind: 'check', columns: ['one', 'two'], provesNotNull: ['one', 'two'] },
      { ...bare, name: 'either', kind: 'check', columns: ['one', 'two'] },
      { ...bare, name: 'late', kind: 'check', columns: ['one'], validated: false },
      { ...bare, name: 'apart', kind: 'exclusion', columns: ['during', 'kind_id', 'boss'] },
      {
        ...bare,
        name: 'kind_fkey',
        kind: 'foreign',
        columns: ['kind_id'],
        references: { table: 'app.kinds', columns: ['id'] },
        writesOnDelete: true,
        writesOnUpdate: true,
        deletesRows: true,
      },
      {
        ...bare,
        name: 'boss_fkey',
        kind: 'foreign',
        columns: ['boss'],
        references: { table: 'app.people', columns: ['id'] },
        writesOnDelete: true,
      },
    ]
    for (const one of expected) expect(constraint('app.people', one.name), one.name).toEqual(one)
    expect(constraint('Mixed case.Quote " and space', 'Quote " and space_select_check')?.provesNotNull).toEqual([
      'select',
    ])
  })

  test('has NOT NULL as a constraint of its own where the server keeps it as one', () => {
    const found = table('app.kinds').constraints.filter(({ kind }) => kind === 'not-null')
    expect(found.map(({ name, columns }) => [name, columns])).toEqual(
      major < 18
        ? []
        : [
            ['kinds_id_not_null', ['id']],
            ['kinds_big_not_null', ['big']],
            ['kinds_s_not_null', ['s']],
          ],
    )
  })

  test('does not count the constraints that a foreign key to a partitioned table brings for each partition', () => {
    const foreign = table('app.points_at').constraints.filter(({ kind }) => kind === 'foreign')
    expect(foreign.map(({ references }) => references)).toEqual([{ table: 'app.parted', columns: ['id', 'at'] }])
  })

  test('tells ordinary indexes from others', () => {
    const shape = (name: string) => {
      const { table: of, columns, unique, plain, btree } = index(`app.${name}`)
      return { of, columns, unique, plain, btree }
    }
    const ordinary = { of: 'app.people', unique: false, plain: true, btree: true }
    expect(shape('plain_index')).toEqual({ ...ordinary, columns: ['one', 'boss'] })
    expect(shape('one_or_two')).toEqual({ ...ordinary, columns: ['one', 'two'], unique: true })
    for (const name of ['falling', 'by_pattern', 'by_collation', 'hashed'])
      expect(shape(name), name).toEqual({ ...ordinary, columns: ['one'], btree: false })
    expect(shape('with_more')).toEqual({ ...ordinary, columns: ['one', 'two'], btree: false })
    expect(shape('computed')).toEqual({
      of: 'app.people',
      columns: ['kind_id', 'boss', 'Quoted "name"'],
      unique: true,
      plain: false,
      btree: false,
    })
    expect(shape('kept_key').of).toBe('app.kept')
  })

  test('names the functions behind defaults, generated columns, checks, operators, indexes and policies of a table', () => {
    expect(table('app.kinds').runs.toSorted()).toEqual(['app.half', 'app.next_code'])
    expect(table('app.people').runs.toSorted()).toEqual(['app.half', 'app.owns', 'app.same'])
    expect(table('app.base').runs).toEqual([])
  })

  test('has triggers with their events, their function and those in their condition', () => {
    expect(table('app.people').triggers).toEqual(
      new Map([
        ['touched', { forEachRow: true, events: ['insert', 'update'], runs: ['app.is_fine', 'app.touch'] }],
        ['emptied', { forEachRow: false, events: ['delete', 'truncate'], runs: ['app.touch'] }],
        ['quiet', { forEachRow: true, events: ['update'], runs: [] }],
      ]),
    )
    const cloned = new Map([['cloned', { forEachRow: true, events: ['insert'], runs: ['app.touch'] }]])
    expect(table('app.parted').triggers).toEqual(cloned)
    expect(table('app.part').triggers).toEqual(cloned)
  })

  test('has flags, policies, rules and parents', () => {
    expect(table('app.people')).toMatchObject({ rowSecurity: true, policies: ['own'], rules: ['keep'], parents: [] })
    expect(table('app.parted')).toMatchObject({ partitioned: true, unlogged: false })
    expect(table('app.part').parents).toEqual(['app.parted'])
    expect(table('app.base')).toMatchObject({ partitioned: false, unlogged: true, rowSecurity: false })
    expect(table('app.derived').parents).toEqual(['app.base'])
    expect(catalog.parents).toEqual(new Set(['app.parted', 'app.base']))
  })

  test('has views with what they read, mention and run', () => {
    expect(view('app.names')).toMatchObject({
      kind: 'view',
      reads: ['app.people'],
      mentions: new Set(['one', 'kind_id']),
      runs: ['app.owns'],
      rules: ['forget'],
    })
    expect(view('app.names').triggers.get('instead')).toEqual({
      forEachRow: true,
      events: ['insert'],
      runs: ['app.touch'],
    })
    expect(view('app.all_of_it').reads.toSorted()).toEqual(['app.kinds', 'app.names'])
    expect(view('app.all_of_it').mentions).toEqual(new Set(['called', 'a']))
    expect(view('app.kept')).toMatchObject({ kind: 'materialized-view', reads: ['app.people'] })
  })

  test('has the types that somebody made', () => {
    expect(catalog.types.get('app.mood')).toMatchObject({ kind: 'enum', labels: ['sad', 'ok', 'happy'] })
    expect(catalog.types.get('app.pair')?.kind).toBe('composite')
    expect(catalog.types.get('app.span')?.kind).toBe('range')
    expect(catalog.types.get('app.label')).toMatchObject({
      kind: 'domain',
      base: { name: 'varchar', modifiers: [20], array: false },
      constrained: true,
      runs: ['app.is_fine'],
    })
    expect(catalog.types.get('app.any_number')).toMatchObject({ constrained: false, runs: [] })
    expect(catalog.types.get('app.required')).toMatchObject({ base: { name: 'text', array: true }, constrained: true })
    expect([...catalog.types.keys()].filter((name) => /people|_mood/.test(name))).toEqual([])
  })

  test('has functions with what tells them apart and what they do', () => {
    const bodies = (name: string) =>
      catalog.functions
        .get(name)
        ?.bodies.map(({ signature, language, sql, searchPath }) => ({ signature, language, sql, searchPath }))
    const plain = { sql: undefined, searchPath: undefined }
    expect(bodies('app.is_fine')).toEqual([
      { ...plain, signature: 'text', language: 'plpgsql' },
      { ...plain, signature: 'int4,app.mood[]', language: 'sql', sql: 'SELECT n > 0' },
    ])
    expect(catalog.functions.get('app.is_fine')?.volatility).toBe('stable')
    expect(bodies('app.written_in_sql')).toEqual([{ ...plain, signature: 'int4', language: 'sql' }])
    expect(bodies('app.next_code')?.[0]?.searchPath).toEqual(['app', 'Mixed case'])
    expect(bodies('app.nowhere')?.[0]?.searchPath).toEqual([])
    expect(bodies('app.tidy')).toEqual([{ ...plain, signature: 'int8', language: 'plpgsql' }])
    expect(bodies('app.total')?.map(({ language }) => language)).toEqual(['internal'])
    expect(catalog.functions.get('app.touch')?.bodies[0]?.text).toContain('BEGIN RETURN NEW; END')
    expect(catalog.hidden).toEqual(new Set(['app.same', 'app.mood_of']))
  })

  test('takes names as they are', () => {
    expect(table('Mixed case.Quote " and space').columns.has('Column " too')).toBe(true)
    expect(table('Mixed case.with.dot').columns.has('id')).toBe(true)
    expect(catalog.schemas).toEqual(new Set(['public', 'app', 'Mixed case']))
    expect(catalog.doubtful).toEqual(new Set())
  })

  test('is complete, and nothing in it was created by a migration', () => {
    expect(catalog).toMatchObject({ complete: true, uncertain: new Set() })
    for (const found of catalog.relations.values()) expect(found.createdBy, found.name).toBeUndefined()
  })

  test('is the same for a role without any privilege', async () => {
    await using superuser = await sessionOf(server.superuserUrl('live'))
    await superuser.query("CREATE ROLE reader LOGIN PASSWORD 'reader'; REVOKE ALL ON SCHEMA public FROM public")
    await using reader = await sessionOf(`postgresql://reader:reader@127.0.0.1:${server.port}/live`)
    await expect(reader.query('SELECT FROM app.people')).rejects.toThrow()
    expect(await readLiveCatalog(reader)).toEqual(catalog)
  })
})
