import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/result.ts'
import { newIdentity } from '../lab/age.ts'
import { labClientPath } from '../lab/clients.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'
import { bundle } from './airlock.ts'
import { canSeeProcesses, processes } from './processes.ts'
import { openScene, type Scene } from './scene.ts'

let server: LabServer
let folder: TempFolder
let scene: Scene
let url: string
let recipient: string

beforeAll(async () => {
  server = await startServer(17)
  folder = await tempFolder()
  scene = await openScene()
  url = await server.createDatabase('shop')
  await query(
    url,
    `CREATE TABLE "User" (id serial PRIMARY KEY, email text UNIQUE);
     INSERT INTO "User" (email) SELECT 'user' || i || '@example.com' FROM generate_series(1, 20000) i`,
  )
  const key = await newIdentity()
  recipient = key.recipient
  await writeFile(join(folder.path, 'identity.txt'), `${key.identity}\n`)
  await writeFile(
    join(folder.path, 'airlock.yml'),
    `environments: { production: { backup: { encrypt-to: [${recipient}], store: kept } } }\n`,
  )
  await mkdir(join(folder.path, 'kept'))
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const run = (args: readonly string[]) =>
  scene.run([...args, '--format', 'json'], { cwd: folder.path, databaseUrl: url })

let result: RunResult
let wholeRunMs = 1_000

describe('backup as airlock.yml says', () => {
  test('is compared, encrypted and copied to the store, and nothing else is left', async () => {
    const ran = await run(['backup', '--out', 'out'])
    result = ran.result
    wholeRunMs = ran.result.ms
    expect({ exitCode: ran.exitCode, tier: result.backup?.tier, left: ran.left }).toEqual({
      exitCode: 0,
      tier: 'compared',
      left: [],
    })
    const names = (await readdir(join(folder.path, 'out'))).toSorted()
    expect(names).toEqual([expect.stringMatching(/\.dump\.age$/), expect.stringMatching(/\.manifest\.json$/)])
    expect(result.backup?.artifactFiles).toEqual(names.map((name) => join(folder.path, 'out', name)))
    expect((await readdir(join(folder.path, 'kept'))).toSorted()).toEqual(names)
    const sealed = await readFile(join(folder.path, 'kept', names[0] ?? ''))
    expect(sealed.includes('user1@example.com')).toBe(false)
  })

  test('comes back from the store, compared, for whoever has the key', async () => {
    const name = (result.backup?.manifest ?? '').split('/').at(-1)?.replace('.manifest.json', '') ?? ''
    const from = ['restore', '--store', 'kept', '--from', name]
    const proven = await run([...from, '--identity', 'identity.txt', '--dry-run'])
    expect({ failure: proven.result.failure, tier: proven.result.backup?.tier, left: proven.left }).toEqual({
      tier: 'compared',
      left: [],
    })
    const restored = await run([...from, '--identity', 'identity.txt', '--into', 'shop_copy'])
    expect({ failure: restored.result.failure, tier: restored.result.backup?.tier, left: restored.left }).toEqual({
      tier: 'compared',
      left: [],
    })
    expect(await query(server.ownerUrl('shop_copy'), 'SELECT count(*)::int AS n FROM "User"')).toEqual([{ n: 20_000 }])
    const closed = await run([...from, '--dry-run'])
    expect({ code: closed.result.failure?.code, left: closed.left }).toEqual({
      code: 'RESTORE.IDENTITY_MISSING',
      left: [],
    })
  })
})

describe.runIf(canSeeProcesses)('a backup that is killed at a random moment', () => {
  // Of the time that a whole run takes: dump, start of the scratch server, restore, comparison, encryption and copy.
  const moments = [0.05, 0.2, 0.35, 0.5, 0.65, 0.75, 0.85, 0.95]

  test('offers nothing half-written, leaves no plaintext, no server and no process, and the next run is clean', async () => {
    const temp = join(folder.path, 'temp')
    const out = join(folder.path, 'killed')
    await mkdir(temp)
    const offered = async () => (await readdir(out).catch(() => [])).filter((name) => name !== '.gitignore')
    const processesWith = (text: string) => processes().filter(({ commandLine }) => commandLine.includes(text))
    for (const moment of moments) {
      const ms = Math.round(moment * wholeRunMs)
      const before = await offered()
      const child = spawn(process.execPath, [join(bundle, 'airlock.mjs'), 'backup', '--out', out], {
        cwd: folder.path,
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: url,
          AIRLOCK_PG_BIN: await labClientPath(),
          TMPDIR: temp,
          HOME: temp,
        },
        stdio: 'ignore',
      })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await sleep(ms)
      child.kill('SIGKILL')
      await ended
      const gone = async () =>
        processesWith(temp).length === 0 &&
        (await readdir(temp)).length === 0 &&
        (await dumping()) === 0 &&
        (await offered()).every((name) => !name.includes('.partial'))
      for (let waited = 0; waited < 20_000 && !(await gone()); waited += 100) await sleep(100)
      expect(
        {
          ms,
          processes: processesWith(temp),
          temp: await readdir(temp),
          dumping: await dumping(),
          partial: (await offered()).filter((name) => name.includes('.partial')),
        },
        `left after a kill at ${ms} ms`,
      ).toEqual({ ms, processes: [], temp: [], dumping: 0, partial: [] })
      // Whole with its manifest, or a dump that nobody offers: never a manifest without its dump.
      for (const name of (await offered()).filter((one) => !before.includes(one) && one.endsWith('.manifest.json'))) {
        expect(await offered()).toContain(name.replace('.manifest.json', '.dump.age'))
      }
    }
    const next = await run(['backup', '--out', 'killed'])
    expect({ exitCode: next.exitCode, tier: next.result.backup?.tier, left: next.left }).toEqual({
      exitCode: 0,
      tier: 'compared',
      left: [],
    })
  })

  async function dumping(): Promise<number> {
    const [row] = await query<{ n: number }>(
      server.superuserUrl(),
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = 'shop' AND backend_type = 'client backend'`,
    )
    return row?.n ?? -1
  }
})
