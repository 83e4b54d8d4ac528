import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openStoreText } from '../../src/stages/backup/store/open-store.ts'
import { S3Client } from '../../src/stages/backup/store/s3/client.ts'
import { credentialsFrom } from '../../src/stages/backup/store/s3/credentials.ts'
import { type S3Server, startS3Server } from '../lab/s3-server.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'
import { access, madeBackup, type Wanted } from '../stages/backup/store/made-backup.ts'
import { airlock, airlockJson } from './airlock.ts'

const dayMs = 86_400_000
const daysAgo = (days: number) => new Date(Math.floor(Date.now() / dayMs - days) * dayMs).toISOString()
const config = (keep: string) => `version: 1\nenvironments:\n  production:\n    backup: { keep: ${keep} }\n`

let folder: TempFolder
let server: S3Server
let count = 0
let cwd: string

beforeAll(async () => {
  server = await startS3Server()
  folder = await tempFolder()
  const { host, origin } = new URL(server.endpoint)
  const admin = new S3Client({
    store: 'lab',
    bucket: 'backups',
    endpoint: { origin, host, root: '/backups/', region: 'us-east-1' },
    credentials: credentialsFrom(server.env, 'us-east-1', 'lab'),
    signal: new AbortController().signal,
  })
  await admin.text({ method: 'PUT', key: '', action: 's3:CreateBucket' })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  count += 1
  cwd = join(folder.path, String(count))
  await mkdir(join(cwd, 'backups'), { recursive: true })
})

const made = (wanted: Wanted) => madeBackup(join(cwd, 'backups'), wanted)

describe('prune', () => {
  test('removes from a folder what the policy does not keep, after it showed exactly that', async () => {
    await writeFile(join(cwd, 'airlock.yml'), config('{ daily: 2, weekly: 0, monthly: 0, min-age: 1d, min-count: 1 }'))
    const backups = []
    for (const days of [2, 3, 4, 5]) backups.push(await made({ startedAt: daysAgo(days) }))
    await writeFile(join(cwd, 'backups', 'notes.txt'), 'x')
    const [first, second, ...old] = backups.map(({ manifest }) => manifest.name)

    const shown = await airlockJson(['prune', '--store', 'backups', '--dry-run'], { cwd })
    expect(shown).toMatchObject({ exitCode: 0, result: { outcome: 'done', reasonCode: 'would_prune' } })
    expect(await readdir(join(cwd, 'backups'))).toHaveLength(9)

    const { exitCode, result } = await airlockJson(['prune', '--store', 'backups'], { cwd })
    expect({ exitCode, reasonCode: result.reasonCode }).toEqual({ exitCode: 0, reasonCode: 'pruned' })
    expect(result.stages).toMatchObject([
      {
        name: 'prune',
        outcome: 'pass',
        detail: {
          keep: [
            { name: first, because: ['newest', expect.anything(), expect.stringContaining('day ')] },
            { name: second },
          ],
          removed: old,
          strangers: 1,
        },
      },
    ])
    expect((await readdir(join(cwd, 'backups'))).sort()).toEqual(
      ['notes.txt', ...[first, second].flatMap((name) => [`${name}.dump`, `${name}.manifest.json`])].sort(),
    )
    expect(result.notices.join()).toContain('1 file besides backups')
    const again = await airlockJson(['prune', '--store', 'backups'], { cwd })
    expect(again.result.reasonCode).toBe('nothing_to_prune')
  })

  test('judges backups of its own environment only, where several share a store', async () => {
    await writeFile(
      join(cwd, 'airlock.yml'),
      `version: 1
environments:
  production: { backup: { keep: { daily: 30 } } }
  staging: { backup: { keep: { daily: 1, weekly: 0, monthly: 0, min-age: 0d, min-count: 1 } } }
`,
    )
    for (const days of [2, 3]) await made({ startedAt: daysAgo(days), environment: 'production' })
    const newest = await made({ startedAt: daysAgo(4), environment: 'staging' })
    const old = await made({ startedAt: daysAgo(5), environment: 'staging' })
    const { result } = await airlockJson(['prune', '--store', 'backups', '--environment', 'staging'], { cwd })
    expect(result.stages).toMatchObject([
      { detail: { keep: [{ name: newest.manifest.name }], removed: [old.manifest.name] } },
    ])
    expect(result.notices.join()).toContain('Backups of the environment `production` in')
    expect(await readdir(join(cwd, 'backups'))).toHaveLength(6)
  })

  test('without a policy of its own keeps a month of everything', async () => {
    for (const days of [1, 10, 29]) await made({ startedAt: daysAgo(days) })
    const { result } = await airlockJson(['prune', '--store', 'backups'], { cwd })
    expect(result.reasonCode).toBe('nothing_to_prune')
    expect(await readdir(join(cwd, 'backups'))).toHaveLength(6)
  })

  test('relies on no backup that is damaged, and removes none that it cannot read', async () => {
    await writeFile(join(cwd, 'airlock.yml'), config('{ daily: 1, weekly: 0, monthly: 0, min-age: 0d, min-count: 1 }'))
    const whole = await made({ startedAt: daysAgo(400) })
    const damaged = await made({ startedAt: daysAgo(1) })
    await writeFile(join(cwd, 'backups', `${damaged.manifest.name}.dump`), 'cut')
    await writeFile(join(cwd, 'backups', 'shop-20200101T000000Z.manifest.json'), '{')
    const { exitCode, result } = await airlockJson(['prune', '--store', 'backups'], { cwd })
    expect({ exitCode, reasonCode: result.reasonCode }).toEqual({ exitCode: 0, reasonCode: 'nothing_to_prune' })
    expect(await readdir(join(cwd, 'backups'))).toHaveLength(5)
    expect(result.notices.join('\n')).toMatch(
      /shop-20200101T000000Z.manifest.json .* was left[\s\S]*is damaged and was left/,
    )
    expect(result.reason).toContain(`keep   ${whole.manifest.name}`)
  })

  test('removes from a bucket, and prints no secret', async () => {
    await writeFile(join(cwd, 'airlock.yml'), config('{ daily: 0, weekly: 0, monthly: 0, min-age: 0d, min-count: 1 }'))
    const text = `s3://backups/${count}`
    const store = await openStoreText(text, '/', access(server.env))
    const [old, young] = [await made({ startedAt: daysAgo(9) }), await made({ startedAt: daysAgo(3) })]
    for (const backup of [old, young]) await store.put(backup)
    const run = await airlock(['prune', '--store', text], { cwd, env: server.env })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain(`remove ${old.manifest.name} (compared)`)
    expect(`${run.stdout}${run.stderr}`).not.toContain(server.env.AWS_SECRET_ACCESS_KEY)
    expect((await store.list()).backups.map(({ name }) => name)).toEqual([young.manifest.name])
  })

  test.each([
    ['no store', [], 'USAGE.INVALID'],
    ['a folder that is not there', ['--store', 'nowhere'], 'STORE.NO_BUCKET'],
    ['a store that cannot be understood', ['--store', 's3://key:secret@bucket/x'], 'USAGE.INVALID'],
    ['a bucket without credentials', ['--store', 's3://backups?region=eu-central-1'], 'STORE.CREDENTIALS'],
  ])('fails on %s and never says that nothing was there', async (_what, args, code) => {
    const { exitCode, result, stdout } = await airlockJson(['prune', ...args], { cwd })
    expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code })
    expect(stdout).not.toContain('secret@')
  })
})
