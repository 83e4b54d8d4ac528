import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'
import { airlock, airlockJson } from './airlock.ts'

/** A database is put back with the two commands that somebody types, while it is in use. */

let server: LabServer
let folder: TempFolder
let databaseUrl: string
let manifest: string

beforeAll(async () => {
  folder = await tempFolder()
  server = await startServer(17)
  databaseUrl = await server.createDatabase('shop')
  await query(
    databaseUrl,
    `CREATE TABLE "User" (id serial PRIMARY KEY, phone text); INSERT INTO "User" (phone) SELECT n::text FROM generate_series(1, 5000) n`,
  )
  await query(databaseUrl, `ALTER DATABASE shop SET timezone TO 'Europe/Berlin'; COMMENT ON DATABASE shop IS 'ours'`)
  await run(['backup', '--out', 'backups'])
  const [name = ''] = (await readdir(join(folder.path, 'backups'))).filter((file) => file.endsWith('.manifest.json'))
  manifest = join(folder.path, 'backups', name)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const run = (args: readonly string[]) => airlockJson(args, { cwd: folder.path, databaseUrl })
const swap = (...args: string[]) => run(['restore', '--from', manifest, '--into', 'shop_restored', '--swap', ...args])
const users = async (url = databaseUrl) =>
  (await query<{ n: number }>(url, 'SELECT count(phone)::int AS n FROM "User"'))[0]?.n
const databases = async () =>
  (
    await query<{ name: string }>(
      server.superuserUrl(),
      `SELECT datname AS name FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1`,
    )
  ).map(({ name }) => name)

/** As soon as the new database is there and says that it is not whole. */
async function whenFilling(): Promise<void> {
  await expect
    .poll(
      () =>
        query(
          server.superuserUrl(),
          `SELECT shobj_description(oid, 'pg_database') LIKE '%: not whole%' AS filling FROM pg_database WHERE datname = 'shop_restored'`,
        ),
      { timeout: 30_000, interval: 5 },
    )
    .toEqual([{ filling: true }])
}

test('the manifest says how much had been written when the backup was made', async () => {
  const { activity } = JSON.parse(await readFile(manifest, 'utf8'))
  expect(activity).toMatchObject({ kind: 'read', lsn: expect.stringContaining('/') })
  expect(activity.counters).toContainEqual(expect.objectContaining({ name: 'User', inserted: 5000, deleted: 0 }))
})

describe('with rows written since the backup', () => {
  beforeAll(async () => {
    await query(
      databaseUrl,
      `INSERT INTO "User" (phone) SELECT 'new' FROM generate_series(1, 7); DELETE FROM "User" WHERE id <= 3`,
    )
  })

  test('the swap is refused before anything is restored, with the number to answer', async () => {
    const { exitCode, result } = await swap()
    expect(result).toMatchObject({
      outcome: 'refused',
      reasonCode: 'RESTORE.WRITES_SINCE',
      failure: { code: 'RESTORE.WRITES_SINCE', what: expect.stringContaining('10 row changes since the backup') },
    })
    expect(exitCode).toBe(3)
    expect(result.failure?.why).toContain('"public"."User": 7 inserted, 3 deleted')
    expect(result.next.join('\n')).toContain('--accept-loss 10')
    expect(await databases()).toEqual(['shop'])
  })

  test.each(['9', '1000000', 'unknown'])('--accept-loss %s is no answer to that', async (answer) => {
    const { exitCode, result } = await swap('--accept-loss', answer)
    expect({ exitCode, code: result.reasonCode }).toEqual({ exitCode: 3, code: 'RESTORE.WRITES_SINCE' })
    expect(await databases()).toEqual(['shop'])
  })

  test('a run that was killed in the middle of the restore is begun anew, and the answer that fits puts the backup in place', async () => {
    const killed = await airlock(
      ['restore', '--from', manifest, '--into', 'shop_restored', '--swap', '--accept-loss', '10'],
      {
        cwd: folder.path,
        databaseUrl,
        onStart: (pid) => void whenFilling().then(() => process.kill(pid, 'SIGKILL')),
      },
    )
    expect(killed.exitCode, killed.stdout + killed.stderr).toBe(null)
    expect(await users()).toBe(5004)

    const { exitCode, result } = await swap('--accept-loss', '10')
    expect(result.failure).toBeUndefined()
    expect({ exitCode, outcome: result.outcome, reasonCode: result.reasonCode }).toEqual({
      exitCode: 0,
      outcome: 'done',
      reasonCode: 'restored_and_swapped',
    })
    expect(result.reason).toContain('10 row changes since the backup are only in `shop_before_')
    expect(await users()).toBe(5000)
    expect(await databases()).toEqual(['shop', expect.stringMatching(/^shop_before_\d{8}T\d{6}$/)])
    expect(await query(databaseUrl, `SHOW timezone`)).toEqual([{ TimeZone: 'Europe/Berlin' }])
    expect(
      await query(
        databaseUrl,
        `SELECT shobj_description(oid, 'pg_database') AS c FROM pg_database WHERE datname = 'shop'`,
      ),
    ).toEqual([{ c: 'ours' }])
  })

  test('the same command once more does nothing, and what was written since stays', async () => {
    await query(databaseUrl, `INSERT INTO "User" (phone) VALUES ('after the swap')`)
    const { exitCode, result } = await swap('--accept-loss', '10')
    expect({ exitCode, reasonCode: result.reasonCode }).toEqual({ exitCode: 3, reasonCode: 'swapped_before' })
    expect(await users()).toBe(5001)
  })
})

test('a database restored earlier without --swap is compared and used', async () => {
  await query(server.superuserUrl(), 'CREATE DATABASE other OWNER app_owner')
  const other = server.ownerUrl('other')
  await query(other, 'CREATE TABLE t AS SELECT generate_series(1, 3) AS i')
  const elsewhere = (args: readonly string[]) => airlockJson(args, { cwd: folder.path, databaseUrl: other })
  const backup = await elsewhere(['backup', '--out', 'others'])
  const from = ['restore', '--from', backup.result.backup?.manifest ?? '', '--into', 'other_restored']
  expect((await elsewhere(from)).result.reasonCode).toBe('restored_into_new_database')
  expect((await elsewhere(from)).result.failure).toMatchObject({
    code: 'RESTORE.TARGET_EXISTS',
    what: expect.stringContaining('restored from this very backup'),
  })
  // Somebody wrote to it: it is not the backup any more.
  await query(server.ownerUrl('other_restored'), 'INSERT INTO t VALUES (4)')
  const changed = await elsewhere([...from, '--swap'])
  expect(changed.result.failure).toMatchObject({
    code: 'RESTORE.FAILED',
    why: expect.stringContaining('3 rows in the source, 4 in the copy'),
  })
  await query(server.ownerUrl('other_restored'), 'DELETE FROM t WHERE i = 4')
  expect((await elsewhere([...from, '--swap'])).result.reasonCode).toBe('restored_and_swapped')
})

test.each([
  [['--swap', '--dry-run'], /--into/],
  [['--into', 'x', '--accept-loss', '3'], /nothing without `--swap`/],
  [['--into', 'x', '--swap', '--accept-loss', 'all'], /must be a number, or unknown/],
])('%j is refused by the command line', async (args, why) => {
  const { exitCode, result } = await run(['restore', '--from', manifest, ...args])
  expect(result.failure?.code).toBe('USAGE.INVALID')
  expect(result.failure?.why).toMatch(why)
  expect(exitCode).toBe(2)
})
