import { expect, test } from 'vitest'
import { snapshotSql } from '../../src/postgres/catalog.ts'
import { versionedCatalogs } from '../../src/postgres/catalog-version.ts'
import { liveCatalogSql } from '../../src/postgres/live-catalog/sql.ts'
import { query } from '../lab/query.ts'
import { postgresMajors, startServer } from '../lab/server.ts'

/** What nothing reads that is read for a plan. A catalog that is new in a later major has to be put on one of the two sides. */
const leftOut = [
  'pg_default_acl',
  'pg_description',
  'pg_init_privs',
  'pg_largeobject',
  'pg_largeobject_metadata',
  'pg_publication',
  'pg_publication_namespace',
  'pg_publication_rel',
  'pg_seclabel',
  'pg_statistic',
  'pg_statistic_ext_data',
  'pg_subscription_rel',
  'pg_user_mapping',
]

test.each(postgresMajors)('the version of the catalog covers the catalogs of PostgreSQL %i', async (major) => {
  await using server = await startServer(major)
  const there = await query<{ name: string }>(
    server.superuserUrl(),
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND NOT relisshared`,
  )
  const known = new Set<string>([...versionedCatalogs, ...leftOut])
  expect(there.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([])

  // What the questions themselves read, as the server plans them; whether a role is a superuser is asked for beside it.
  for (const sql of [snapshotSql, liveCatalogSql]) {
    const [plan] = await query(server.superuserUrl(), `EXPLAIN (FORMAT JSON) ${sql}`)
    const read = [...JSON.stringify(plan).matchAll(/"Relation Name":"(\w+)"/g)].map(([, name]) => name ?? '')
    expect(read.length).toBeGreaterThan(10)
    const covered = new Set<string>([...versionedCatalogs, 'pg_authid'])
    expect([...new Set(read)].filter((name) => !covered.has(name))).toEqual([])
  }
})
