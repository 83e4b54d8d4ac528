import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { airlockJson } from './airlock.ts'

/** A deploy whose backup is made by a program of the user's own. */

let server: LabServer
let project: LabProject
let databaseUrl: string

beforeAll(async () => {
  server = await startServer(15)
  databaseUrl = await server.createDatabase('shop')
  project = await createProject({
    prisma: 7,
    migrations: { '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "phone" TEXT);\n' },
  })
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await rm(join(project.path, 'kept'), { recursive: true, force: true })
  await mkdir(join(project.path, 'kept'))
})

const deploy = async (backup: object, args: readonly string[] = []) => {
  const policy = { version: 1, prisma: { engine: 'wasm' }, environments: { production: { backup } } }
  await project.writeFile('airlock.yml', JSON.stringify(policy))
  return airlockJson(['deploy', ...args], { cwd: project.path, databaseUrl })
}
const shell = (script: string) => ['sh', '-c', script, 'program', '{name}']
const command = {
  take: shell('test -n "$PGHOST" && test -r "$PGPASSFILE" && touch "kept/$1"'),
  list: shell('ls kept'),
  verify: shell('echo fine'),
  'verify-says': 'fine',
  restore: 'bring back {id}',
}
const kept = () => readdir(join(project.path, 'kept'))
const isApplied = async () =>
  (await query<{ there: boolean }>(databaseUrl, `SELECT to_regclass('"User"') IS NOT NULL AS there`))[0]?.there

describe('a backup by a program of the user’s own', () => {
  test('is what `backup` takes where the policy says so, and with --out it is a dump', async () => {
    const policy = {
      version: 1,
      environments: { production: { backup: { strategy: 'command', tier: 'checksum', command } } },
    }
    await project.writeFile('airlock.yml', JSON.stringify(policy))
    const { exitCode, result } = await airlockJson(['backup'], { cwd: project.path, databaseUrl })
    expect({ exitCode, reasonCode: result.reasonCode, failure: result.failure }).toEqual({
      exitCode: 0,
      reasonCode: 'snapshot_taken',
    })
    const [name] = await kept()
    expect(result.next).toContain(`bring back ${name}`)
    const dump = await airlockJson(['backup', '--out', 'dumps'], { cwd: project.path, databaseUrl })
    expect(dump.result.reasonCode, JSON.stringify(dump.result.failure)).toBe('backup_written')
    expect(await kept()).toEqual([name])
  })

  test('is not enough for a policy that does not say so: nothing is made and nothing is applied', async () => {
    const { exitCode, result } = await deploy({ strategy: 'command', command })
    expect([exitCode, result.failure?.code]).toEqual([2, 'BACKUP.TIER_NOT_REACHED'])
    expect([await kept(), await isApplied()]).toEqual([[], false])
  })

  test('stops the deploy when its check does not say that all is well', async () => {
    const damaged = { ...command, verify: shell('echo damaged') }
    const { exitCode, result } = await deploy({ strategy: 'command', tier: 'checksum', command: damaged })
    expect([exitCode, result.failure?.code, await isApplied()]).toEqual([2, 'BACKUP.COMMAND_FAILED', false])
  })

  test('is made and checked before the migrations, and is the way back that is printed when they break', async () => {
    expect((await deploy({ strategy: 'command', tier: 'checksum', command })).result.outcome).toBe('applied')
    const [first] = await kept()
    expect([await isApplied(), first]).toEqual([true, expect.stringMatching(/^airlock-shop-\d{8}t\d{6}z$/)])

    await project.addMigration('20240102000000_half', 'CREATE TABLE a (id int);\nSELECT 1 / 0;\n')
    const { exitCode, result } = await deploy({ strategy: 'command', tier: 'checksum', command }, [])
    expect(exitCode, JSON.stringify(result.failure ?? result.reason)).toBe(5)
    const second = (await kept()).find((name) => name !== first)
    expect(result.next).toContain(`bring back ${second}`)
    expect(result.stages.find(({ name }) => name === 'backup')?.detail).toMatchObject({
      strategy: 'command',
      proven: 'checksum',
      snapshot: { id: second },
    })
  })
})
