import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../../../src/context.ts'
import { Redactor } from '../../../../src/redact.ts'
import type { Plan } from '../../../../src/stages/plan/plan.ts'
import type { CopiedTarget } from '../../../../src/stages/rehearse/copy-target.ts'
import { runFile } from '../../../../src/stages/rehearse/undo/run-file.ts'
import { undoDatabase } from '../../../../src/stages/rehearse/undo/scratch-database.ts'
import { openWaysBack } from '../../../../src/stages/rehearse/ways-back.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { parsed } from '../../backup/lab-backup.ts'
import { plannedFor } from '../trace/lab-trace.ts'

let server: LabServer
let root: string
beforeAll(async () => {
  server = await startServer(17, { settings: { fsync: 'off', jit: 'off', autovacuum: 'off' } })
  await query(server.superuserUrl(), 'CREATE DATABASE ways')
  await query(
    server.superuserUrl('ways'),
    `CREATE TABLE t (id int, a text); INSERT INTO t VALUES (1, 'tess@example.org')`,
  )
  root = await mkdtemp(join(tmpdir(), 'airlock-ways-'))
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

/** Each with what is in its `down.sql`; `folder`: that is one. */
const own = [
  'folder',
  `SELECT pg_terminate_backend(pg_backend_pid());`,
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'ways' AND pid <> pg_backend_pid();`,
  'ALTER TABLE t DROP COLUMN c3;',
  `DO $$ BEGIN RAISE EXCEPTION 'cannot undo %', (SELECT a FROM t); END $$;`,
  `SELECT dblink('host=127.0.0.1', 'SELECT 1');`,
  'ALTER TABLE t DROP COLUMN c6;',
]

test('whatever hinders a way back is told without a value of a row, ends nothing, and the next one begins anew', async () => {
  const url = parsed(server.superuserUrl('ways'))
  const files = own.map((_, at) => `ALTER TABLE t ADD COLUMN c${at} int;`)
  for (const [at, sql] of own.entries()) {
    const folder = join(root, 'migrations', `${at}`)
    await mkdir(sql === 'folder' ? join(folder, 'down.sql') : folder, { recursive: true })
    if (sql !== 'folder') await writeFile(join(folder, 'down.sql'), sql)
  }
  const planned = await plannedFor(url, files, 'split')
  const migrations = planned.map((one, at) => ({ ...one, file: `migrations/${at}/migration.sql` }))
  const signal = new AbortController().signal
  const context = { run: { signal, progress: () => undefined }, redactor: new Redactor() } as unknown as Context
  const source = { kind: 'prisma', root, migrationsPath: join(root, 'migrations') }
  const like = { url, source, apply: 'prisma' } as unknown as CopiedTarget
  const database = undoDatabase(url, signal)
  await using ways = await openWaysBack(context, like, { migrations } as unknown as Plan, database)
  for (const [at, migration] of migrations.entries()) {
    await ways.before(migration)
    {
      await using session = await database.openRun()
      expect(await runFile(session, files[at] ?? '', 'split')).toEqual({ kind: 'done' })
    }
    await ways.after(migration, 1)
  }
  const undo = ways.undo()
  expect(undo).toMatchObject([
    { kind: 'not-proven', because: expect.stringMatching(/could not be tried: `down.sql`, .*cannot be read/) },
    { kind: 'not-proven', because: expect.stringContaining('terminating connection') },
    { kind: 'not-proven' },
    { kind: 'not-proven', because: expect.stringContaining('could not be tried: Client has encountered') },
    { kind: 'not-proven', because: expect.stringContaining('RAISE in inline_code_block') },
    { kind: 'not-proven', because: expect.stringContaining('dblink() speaks to another server') },
    { kind: 'proven' },
  ])
  expect(JSON.stringify(undo)).not.toContain('tess')
})
