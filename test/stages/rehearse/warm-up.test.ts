import { describe, expect, test } from 'vitest'
import { connectWithoutLimits } from '../../../src/postgres/connection.ts'
import { warmUp } from '../../../src/stages/rehearse/warm-up.ts'
import { query } from '../../lab/query.ts'
import { startServer } from '../../lab/server.ts'
import { parsed, plannedFor } from './trace/lab-trace.ts'

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  test('tables that the plan reads are as if in use for long, and no other is read', async () => {
    await using server = await startServer(major, { settings: { autovacuum: 'off', synchronous_commit: 'on' } })
    const url = await server.createDatabase()
    const tables = ['Read "it"', 'Pointed to', 'Changed only']
    for (const name of tables.map((one) => `"${one.replaceAll('"', '""')}"`))
      await query(
        url,
        `CREATE TABLE ${name} (id int PRIMARY KEY, ref int); INSERT INTO ${name} SELECT i, i FROM generate_series(1, 1000) i`,
      )
    const sql = `ALTER TABLE "Read ""it""" ADD FOREIGN KEY (ref) REFERENCES "Pointed to" (id); ALTER TABLE "Changed only" ADD COLUMN a int;`
    const migrations = await plannedFor(parsed(url), [sql], 'split')
    await using clone = await connectWithoutLimits(parsed(server.superuserUrl(new URL(url).pathname.slice(1))))
    await warmUp(clone, major, { migrations })
    const found = await query(
      url,
      `SELECT relname AS name, reltuples::int AS rows, relallvisible > 0 AS visible FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid`,
    )
    expect(found).toEqual([
      { name: 'Read "it"', rows: 1000, visible: true },
      { name: 'Pointed to', rows: 1000, visible: true },
      { name: 'Changed only', rows: -1, visible: false },
    ])
  })
})
