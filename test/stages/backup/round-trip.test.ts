import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseClient } from '../../../src/postgres/client-choice.ts'
import { labClients, labMachine } from '../../lab/clients.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../lab/temp.ts'
import { backUp, failureOf, restore } from './lab-backup.ts'

/** Names that need quoting, types of every kind, and a history table; what a real schema has that a dump could lose. */
const schema = `
  CREATE SCHEMA "Odd ""schema""";
  CREATE EXTENSION citext;
  CREATE TYPE "Role" AS ENUM ('ADMIN', 'it''s');
  CREATE TABLE "User" (
    id bigserial PRIMARY KEY, email citext UNIQUE, role "Role" NOT NULL DEFAULT 'ADMIN', data jsonb, raw bytea,
    "createdAt" timestamptz NOT NULL DEFAULT now(), upper text GENERATED ALWAYS AS (upper(email::text)) STORED
  );
  CREATE TABLE "Odd ""schema"""."Po\\st" (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author bigint REFERENCES "User" ON DELETE CASCADE, body text
  );
  CREATE TABLE event (id int, at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent);
  CREATE UNLOGGED TABLE cache (id int);
  CREATE MATERIALIZED VIEW summary AS SELECT role, count(*) FROM "User" GROUP BY role;
  CREATE INDEX ON "User" (lower(upper)) WHERE role = 'ADMIN';
  CREATE TABLE _prisma_migrations (migration_name text, started_at timestamptz, finished_at timestamptz, rolled_back_at timestamptz);
  INSERT INTO _prisma_migrations VALUES
    ('20240101000000_init', '2024-01-01', '2024-01-01', NULL), ('20240201000000_more', '2024-02-01', '2024-02-01', NULL),
    ('20240301000000_failed', '2024-03-01', NULL, NULL), ('20240401000000_undone', '2024-04-01', '2024-04-01', '2024-04-02');
  INSERT INTO "User" (email, role, data, raw)
    SELECT 'User' || i || '@example.test', CASE WHEN i % 3 = 0 THEN 'it''s' ELSE 'ADMIN' END::"Role",
           jsonb_build_object('n', i, 'ü', E'a\\\\b\\n'), decode(md5(i::text), 'hex') FROM generate_series(1, 5000) i;
  INSERT INTO "Odd ""schema"""."Po\\st" (author, body) SELECT i, E'tab\\tline\\n\\\\.\\nend' FROM generate_series(1, 3000) i;
  INSERT INTO event SELECT i, date '2025-01-01' + i FROM generate_series(0, 500) i;
  INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2), (3); INSERT INTO cache VALUES (1);
  REFRESH MATERIALIZED VIEW summary;
`
const tables = [
  '"User"',
  '"Odd ""schema"""."Po\\st"',
  'event',
  'parent',
  'child',
  'cache',
  'summary',
  '_prisma_migrations',
]
const digest = `${tables
  .map((table) => `SELECT '${table}' AS t, md5(string_agg(t::text, '|' ORDER BY t::text)) AS data FROM ${table} t`)
  .join(' UNION ALL ')} ORDER BY 1`

const choices = await Promise.all(
  postgresMajors.map(async (major) => ({ major, choice: chooseClient(await labClients(), major, await labMachine()) })),
)

describe.each(choices)('PostgreSQL $major', ({ major, choice }) => {
  let server: LabServer
  let folder: TempFolder
  const database = `sho=p's "${major}"`
  let url: string
  beforeAll(async () => {
    folder = await tempFolder()
    server = await startServer(major)
    url = await server.createDatabase(database)
    await query(url, schema)
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  if (choice.kind === 'none') {
    it('is refused before anything is written, because this machine has no fitting client', async () => {
      const directory = join(folder.path, 'refused')
      const failure = await failureOf(backUp(url, directory))
      expect(failure).toEqual(choice.failure)
      expect(failure.next[0]).toContain(String(major))
      expect(await stat(directory).catch(() => 'not there')).toBe('not there')
    })
    return
  }

  it('comes back row for row from a backup that was made while others wrote, and takes the old one’s place', async () => {
    const backup = await whileWriting(url, () => backUp(url, folder.path))

    expect(backup).toMatchObject({
      kind: 'backup',
      tier: 'decoded',
      manifest: { client: { major: choice.client.major } },
    })
    expect(backup.notChecked.join()).toMatch(/restored.*compared/)
    expect((await readdir(folder.path)).map((name) => join(folder.path, name)).sort()).toEqual(
      [backup.dumpPath, backup.manifestPath].sort(),
    )
    for (const path of [backup.dumpPath, backup.manifestPath]) expect((await stat(path)).mode & 0o777).toBe(0o600)
    const { source, migrations, tables: counted } = backup.manifest
    expect(source).toMatchObject({ database, owner: 'app_owner', serverMajor: major, encoding: 'UTF8' })
    expect(source.systemIdentifier).toMatch(/^\d{15,}$/)
    expect(migrations).toEqual({ head: '20240201000000_more', applied: 2 })
    const rows = new Map(counted.map((table) => [table.name, table.rows]))
    expect(rows.get('User')).toBe(5_000)
    expect(rows.get('Po\\st')).toBe(3_000)
    expect([rows.get('event_2025'), rows.get('event_2026'), rows.has('event')]).toEqual([365, 136, false])
    expect([rows.get('parent'), rows.get('child')]).toEqual([1, 2])

    const into = 'new = "x"'
    const before = await query<{ t: string }>(url, digest)
    const restored = await restore(url, backup.manifestPath, into)
    expect(restored.summary).toBe(`${counted.length} tables with the same number of rows as in the backup`)
    const after = await query<{ t: string }>(server.ownerUrl(into), digest)
    const withoutCache = (list: readonly { t: string }[]) => list.filter(({ t }) => t !== 'cache')
    expect(withoutCache(after)).toEqual(withoutCache(before))
    // The counts came from the dump's own snapshot, so they fit although the table kept growing.
    expect(await query(server.ownerUrl(into), 'SELECT count(*)::int AS n FROM cache')).toEqual([
      { n: rows.get('cache') },
    ])
    await query(server.ownerUrl(into), `INSERT INTO "User" (email) VALUES ('next@example.test')`)

    for (const statement of inOneGo(restored.swap)) await query(server.ownerUrl('postgres'), statement)
    expect(await query(url, `SELECT count(*)::int AS n FROM "User"`)).toEqual([{ n: 5_001 }])
    const names = await query<{ datname: string; datallowconn: boolean }>(
      server.superuserUrl(),
      `SELECT datname, datallowconn FROM pg_database WHERE datdba = 'app_owner'::regrole ORDER BY datname`,
    )
    expect(names).toEqual([
      { datname: database, datallowconn: true },
      { datname: expect.stringMatching(/_before_\d{8}T\d{6}$/), datallowconn: false },
    ])
  })
})

/** Keeps inserting on connections of its own until `work` is done, whatever becomes of it. */
async function whileWriting<Value>(url: string, work: () => Promise<Value>): Promise<Value> {
  let writing = true
  const write = async () => {
    while (writing) await query(url, 'INSERT INTO cache SELECT generate_series(1, 100)')
  }
  const writer = write()
  try {
    return await work()
  } finally {
    writing = false
    await writer
  }
}

/** The two renames belong into one transaction; the rest stands for itself. */
function inOneGo(statements: readonly string[]): readonly string[] {
  const [begin, commit] = [statements.indexOf('BEGIN;'), statements.indexOf('COMMIT;')]
  return [
    ...statements.slice(0, begin),
    statements.slice(begin, commit + 1).join('\n'),
    ...statements.slice(commit + 1),
  ]
}
