import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type OpenSession } from '../../src/postgres/connection.ts'
import { readLiveCatalog } from '../../src/postgres/live-catalog.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import { replayMigration } from '../../src/sql/analyse.ts'
import { type Catalog, emptyCatalog } from '../../src/sql/catalog/model.ts'
import { loadParser } from '../../src/sql/parse.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { catalogue, setup } from '../sql/effects-truth/model.ts'
import { lastOf } from '../sql/history.ts'
import { disagreements } from './replay-agreement.ts'

const parser = await loadParser()

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

function replay(sql: string, catalog: Catalog): Catalog {
  const replayed = replayMigration(parser, { name: '0_before', sql, schema: 'public', catalog })
  if (replayed.kind === 'syntax-error') throw new Error(`${replayed.message}: ${sql}`)
  return replayed.catalogAfter
}

/** As the superuser: a new database in which the SQL has run. */
async function sessionAfter(server: LabServer, sql: string): Promise<OpenSession> {
  const database = new URL(await server.createDatabase()).pathname.slice(1)
  const parsed = parseDatabaseUrl(server.superuserUrl(database), 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  const session = await connect(parsed.url)
  await session.query(`SET search_path = public; ${sql}; SET search_path = ''`)
  return session
}

interface History {
  readonly sql: string
  /** Why the replay does not give what the server has, where it does not. */
  readonly differs: string | undefined
}

const histories: readonly History[] = read('replay-histories.sql')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('-- '))
  .map((line) => {
    const [sql = '', differs] = line.split(' -- differs: ')
    return { sql, differs }
  })

describe.each([14, 18] as const)('a replay of what ran on PostgreSQL %i', (major) => {
  let server: LabServer
  let session: OpenSession

  beforeAll(async () => {
    server = await startServer(major)
    session = await sessionAfter(server, '')
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test.each([
    { sql: setup, differs: undefined },
    { sql: read('../postgres/live-catalog/schema.sql'), differs: undefined },
    ...histories,
  ])('gives the catalog that the server has, but for what is known to differ: $sql', async ({ sql, differs }) => {
    const found = await disagreementsAfter(sql, emptyCatalog, session)
    if (differs === undefined) expect(found).toEqual([])
    else expect(found).not.toEqual([])
  })

  test('is judged like the catalog of the server, statement by statement', async () => {
    await using own = await sessionAfter(server, setup)
    const live = await readLiveCatalog(own)
    const replayed = replay(setup, emptyCatalog)
    for (const { sql, since } of catalogue) {
      if (since > major) continue
      const [one, other] = [replayed, live].map((catalog) => judged(sql, catalog))
      expect(one, sql).toEqual(other)
    }
  })
})

function judged(sql: string, catalog: Catalog) {
  const { statements, findings } = lastOf([sql], { catalog })
  return {
    effects: statements.map(({ effects }) => ({
      ...effects,
      locks: effects.locks.map(({ relation, mode }) => `${relation} ${mode}`).toSorted(),
      rewrites: effects.rewrites.toSorted(),
      scans: effects.scans.toSorted(),
      loses: effects.loses.map(({ kind, name }) => `${kind} ${name}`).toSorted(),
    })),
    findings: findings.map(({ rule, line }) => `${rule} ${line}`).toSorted(),
  }
}

/** What differs after the SQL ran, in a transaction that is rolled back. */
async function disagreementsAfter(sql: string, before: Catalog, session: OpenSession): Promise<readonly string[]> {
  try {
    await session.query(`BEGIN; SET LOCAL search_path = public; ${sql}; SET LOCAL search_path = ''`)
    return disagreements(replay(sql, before), await readLiveCatalog(session))
  } finally {
    await session.query('ROLLBACK')
  }
}

/** Statements of the catalogue after which the replay does not have what the server has. */
const differing: ReadonlySet<string> = new Set([
  // What comes along, and what stays.
  'CREATE EXTENSION citext',
  'ALTER DOMAIN posint DROP CONSTRAINT posint_check',
])

describe('after each statement of the catalogue', () => {
  let server: LabServer
  let session: OpenSession
  let before: Catalog

  beforeAll(async () => {
    server = await startServer(18)
    session = await sessionAfter(server, setup)
    before = replay(setup, emptyCatalog)
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const changing = catalogue.filter(
    ({ sql, unknown, branches }) => /^(ALTER|CREATE|DO|DROP)\b/.test(sql) && !unknown && !branches,
  )
  test.each(changing)('the replay has what the server has, but for what is known to differ: $sql', async ({ sql }) => {
    const found = await disagreementsAfter(sql, before, session)
    if (differing.has(sql)) expect(found).not.toEqual([])
    else expect(found).toEqual([])
  })
})
