import { spawn } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labClientPath } from '../lab/clients.ts'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { bundle } from './airlock.ts'
import { canSeeProcesses, processes, processesIn, until } from './processes.ts'

/** Production's data lies on the runner while it is rehearsed on: nothing of it may stay, however the run ends. */

const slow = 'ALTER TABLE "User" ADD COLUMN "name" TEXT;\nSELECT pg_sleep(6);\n'

let server: LabServer
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server[Symbol.asyncDispose]())

const ways = [
  ['prisma', 'data'],
  ['atomic', 'data'],
  ['atomic', 'schema'],
] as const

describe.runIf(canSeeProcesses).each(ways)('a rehearsal with `apply: %s` and `rehearse: %s`', (apply, rehearse) => {
  let project: LabProject
  let databaseUrl: string
  beforeAll(async () => {
    project = await createProject({
      prisma: 7,
      migrations: {
        '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY);\n',
        '20240102000000_slow': slow,
      },
      files: {
        'airlock.yml': `version: 1\nprisma: { engine: wasm }\nenvironments: { production: { apply: ${apply}, rehearse: ${rehearse}, require-approval: []${rehearse === 'schema' ? ', backup: { strategy: none }' : ''} } }\n`,
      },
    })
    databaseUrl = await server.createDatabase()
  })
  afterAll(() => project[Symbol.asyncDispose]())

  const moments = [
    ['kill -9', 'while the scratch server starts', 'SIGKILL', /starting PostgreSQL/],
    ['kill -9', 'while the backup is restored', 'SIGKILL', /pg_restore/],
    ['kill -9', 'while the statements are looked at', 'SIGKILL', /statement by statement/],
    ['SIGTERM', 'while the statements are looked at', 'SIGTERM', /statement by statement/],
    ['kill -9', 'while a migration runs', 'SIGKILL', /on the copy: migration 2 of 2/],
    ['SIGTERM', 'while a migration runs', 'SIGTERM', /on the copy: migration 2 of 2/],
    ['Ctrl-C', 'while a migration runs', 'SIGINT', /on the copy: migration 2 of 2/],
  ] as const
  // The copy without rows is made by other code; from there on all is the same.
  test.each(rehearse === 'data' ? moments : moments.slice(1, 3))(
    'that ends with %s %s leaves no server, no folder and no process, and production as it was',
    async (_how, _when, signal, after) => {
      const temp = join(project.path, 'temp')
      await mkdir(temp, { recursive: true })
      const env = await project.environment({
        DATABASE_URL: databaseUrl,
        AIRLOCK_PG_BIN: await labClientPath(),
        TMPDIR: temp,
        RUNNER_TEMP: temp,
      })
      const child = spawn(process.execPath, [join(bundle, 'airlock.mjs'), 'deploy'], {
        cwd: project.path,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const ended = new Promise((resolve) => child.once('exit', resolve))
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      await until(`it says ${after}`, () => after.test(said) || child.exitCode !== null)
      expect(said).toMatch(after)
      child.kill(signal)
      await ended
      const left = async () => ({
        folders: await readdir(temp),
        processes: [
          ...processes().filter(({ commandLine }) => commandLine.includes(temp)),
          ...processesIn(project.path),
        ].map(({ commandLine }) => commandLine),
      })
      const nothing = { folders: [], processes: [] }
      await until('nothing is left', async () => JSON.stringify(await left()) === JSON.stringify(nothing), {
        patienceMs: 20_000,
      }).catch(() => undefined)
      expect(await left()).toEqual(nothing)
      expect(
        await query(databaseUrl, `SELECT 1 FROM pg_class WHERE relname IN ('User', '_prisma_migrations')`),
      ).toEqual([])
    },
  )
})
