import { existsSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type LabProject, type PrismaMajor } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { sessionsIn, stateOf } from './database-state.ts'
import { hold } from './held-session.ts'
import { canSeeProcesses, processesIn, until } from './processes.ts'
import { openScene, type Scene, type SceneRun } from './scene.ts'
import { additive, init, initName, pendingName } from './shop-history.ts'

/** What a runner gives between its first signal and the end is 10 s. */
const patienceMs = 8_000

let scene: Scene
let server: LabServer
const applied = 'applied'

beforeAll(async () => {
  scene = await openScene()
  server = await startServer(17, { settings: { autovacuum: 'off' } })
  const databaseUrl = await server.createDatabase(applied)
  await using project = await createProject({ prisma: 7, migrations: { [initName]: init } })
  expect(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: databaseUrl })).toMatchObject({ exitCode: 0 })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

let copies = 0
async function copyOfApplied(): Promise<string> {
  copies += 1
  const name = `copy_${copies}`
  await query(server.superuserUrl(), `CREATE DATABASE ${name} TEMPLATE ${applied} OWNER app_owner`)
  return name
}

const policy = (lockTimeout: string, strategy = 'none') =>
  `version: 1\nenvironments: { production: { lock-timeout: ${lockTimeout}, require-approval: [], backup: { strategy: ${strategy} } } }\n`

interface Stage {
  readonly database: string
  readonly project: LabProject
  /** Starts a deploy, waits for the moment, sends the signal and waits for the end. */
  cancelled(
    signal: NodeJS.Signals,
    moment: () => boolean | Promise<boolean>,
  ): Promise<SceneRun & { readonly tookMs: number }>
  deploy(): Promise<SceneRun>
  plan(): Promise<SceneRun>
  count(sql: string): Promise<number>
}

async function onStage(
  options: { readonly sql: string; readonly airlockYml: string; readonly prisma?: PrismaMajor; readonly url?: string },
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const database = await copyOfApplied()
  await using project = await createProject({
    prisma: options.prisma ?? 7,
    migrations: { [initName]: init, [pendingName]: options.sql },
    files: { 'airlock.yml': options.airlockYml },
  })
  const superuser = server.superuserUrl(database)
  const base = { cwd: await realpath(project.path), databaseUrl: options.url ?? server.ownerUrl(database) }
  const deploy = ['deploy', '--prisma-engine', 'wasm', '--format', 'json']
  await play({
    database,
    project,
    deploy: () => scene.run(deploy, base),
    plan: () => scene.run(['plan', '--format', 'json'], base),
    count: async (sql) => Number((await query<{ count: string }>(superuser, `SELECT count(*) FROM ${sql}`))[0]?.count),
    async cancelled(signal, moment) {
      let pid = 0
      const running = scene.run(deploy, {
        ...base,
        onStart: (started) => {
          pid = started
        },
      })
      const early = running.then((run) => {
        throw new Error(`ended before the moment came: ${run.stdout}\n${run.stderr}`)
      })
      await Promise.race([until('the moment of the signal', moment), early])
      early.catch(() => undefined)
      const signalledAt = performance.now()
      process.kill(pid, signal)
      const run = await running
      const tookMs = performance.now() - signalledAt
      expect(tookMs).toBeLessThan(patienceMs)
      if (canSeeProcesses) expect(processesIn(base.cwd)).toEqual([])
      await until(
        'nothing of the run is left on the server',
        async () => (await sessionsIn(superuser)).every(({ name }) => name === 'somebody else'),
        3_000,
      ).catch(async (error: unknown) => {
        throw new Error(JSON.stringify(await sessionsIn(superuser)), { cause: error })
      })
      expect(run.left).toEqual([])
      return { ...run, tookMs }
    },
  })
}

function expectCancelled(run: SceneRun): void {
  expect({ exitCode: run.exitCode, outcome: run.result?.outcome, code: run.result?.failure?.code }).toEqual({
    exitCode: 2,
    outcome: 'failed',
    code: 'RUN.CANCELLED',
  })
  expect(run.result.failure?.next.join('\n')).toContain('airlock plan')
  expect(run.result.backup).toBeUndefined()
}

const inSession = (stage: Stage, condition: string) => async () =>
  (await stage.count(`pg_stat_activity WHERE datname = '${stage.database}' AND ${condition}`)) > 0

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('while the server does not answer: nothing happened', async () => {
    await using silent = await silentServer()
    await onStage({ sql: additive, airlockYml: policy('2s'), url: silent.url }, async (stage) => {
      const state = await stateOf(server.superuserUrl(stage.database))
      expectCancelled(await stage.cancelled(signal, silent.isAsked))
      expect(await stateOf(server.superuserUrl(stage.database))).toEqual(state)
    })
  })

  test('while the history waits for a lock: nothing happened', async () => {
    await onStage({ sql: additive, airlockYml: policy('2s') }, async (stage) => {
      const url = server.superuserUrl(stage.database)
      const state = await stateOf(url)
      {
        await using _held = await hold(url, 'BEGIN; LOCK _prisma_migrations IN ACCESS EXCLUSIVE MODE')
        const waiting = inSession(stage, "application_name = 'airlock' AND wait_event_type = 'Lock'")
        expectCancelled(await stage.cancelled(signal, waiting))
      }
      const { 'next transaction': _now, ...now } = await stateOf(url)
      const { 'next transaction': _before, ...before } = state
      expect(now).toEqual(before)
    })
  })

  test('while another deploy holds the lock: nothing happened', async () => {
    await onStage({ sql: additive, airlockYml: policy('2s') }, async (stage) => {
      const url = server.superuserUrl(stage.database)
      const state = await stateOf(url)
      {
        await using _held = await hold(url, 'SELECT pg_advisory_lock(4702394921427289)')
        const asked = inSession(stage, "application_name = 'airlock' AND query LIKE '%pg_locks%'")
        expectCancelled(await stage.cancelled(signal, asked))
      }
      expect(await stateOf(url)).toEqual(state)
      expect((await stage.deploy()).result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
    })
  })

  test('while pg_dump waits for a lock: no backup is left, and nothing was applied', async () => {
    await onStage({ sql: additive, airlockYml: policy('60s', 'pg_dump') }, async (stage) => {
      const url = server.superuserUrl(stage.database)
      await query(url, 'CREATE TABLE "Archive" (id INT); ALTER TABLE "Archive" OWNER TO app_owner')
      {
        await using _held = await hold(url, 'BEGIN; LOCK "Archive" IN ACCESS EXCLUSIVE MODE')
        const waiting = inSession(stage, "wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'")
        expectCancelled(await stage.cancelled(signal, waiting))
      }
      expect(await backupsOf(stage)).toEqual([])
      expect(await stage.count('_prisma_migrations')).toBe(1)
      const next = await stage.deploy()
      expect(next.result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
    })
  })

  test.each([6, 7] as const)(
    'while a migration of one transaction runs (Prisma %i): it is taken back',
    async (prisma) => {
      const sql = `BEGIN;\n${additive}SELECT pg_sleep(60);\nCOMMIT;\n`
      await onStage({ sql, airlockYml: policy('2s'), prisma }, async (stage) => {
        const run = await stage.cancelled(
          signal,
          inSession(stage, "query LIKE '%pg_sleep(60)%' AND wait_event = 'PgSleep'"),
        )
        expect(run).toMatchObject({ exitCode: 4, result: { outcome: 'recovered', applied: [] } })
        expect(run.result.reason).toContain('cancelled')
        expect(await stage.count('_prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL')).toBe(0)
        expect(await stage.count(`pg_attribute WHERE attrelid = '"User"'::regclass AND attname = 'name'`)).toBe(0)
        await stage.project.addMigration(pendingName, additive)
        expect((await stage.deploy()).result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
      })
    },
  )

  test('while a migration waits for a lock: it is taken back', async () => {
    await onStage({ sql: additive, airlockYml: policy('60s') }, async (stage) => {
      {
        await using _held = await hold(server.superuserUrl(stage.database), 'BEGIN; LOCK "User" IN ACCESS SHARE MODE')
        const waiting = inSession(stage, "query LIKE '%ADD COLUMN%' AND wait_event_type = 'Lock'")
        expect(await stage.cancelled(signal, waiting)).toMatchObject({ exitCode: 4, result: { outcome: 'recovered' } })
      }
      expect((await stage.plan()).result).toMatchObject({ outcome: 'clear' })
      expect((await stage.deploy()).result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
    })
  })

  test('in the middle of a migration that commits statement by statement: a person is told what stands', async () => {
    const sql = `${additive}SELECT pg_sleep(60);\n`
    await onStage({ sql, airlockYml: policy('2s'), prisma: 7 }, async (stage) => {
      const run = await stage.cancelled(
        signal,
        inSession(stage, "query LIKE '%pg_sleep(60)%' AND wait_event = 'PgSleep'"),
      )
      expect(run).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', reasonCode: 'migration_failed' } })
      expect(run.result.reason).toContain('cancelled')
      expect(run.result.reason).toContain('+ column public."User".name text')
      expect((await stage.plan()).result.failure?.code).toBe('HISTORY.FAILED_MIGRATION')
    })
  })
})

async function backupsOf({ project }: Stage): Promise<readonly string[]> {
  const folder = join(project.path, '.airlock/backups')
  return existsSync(folder) ? readdir(folder) : []
}

interface SilentServer extends AsyncDisposable {
  readonly url: string
  readonly isAsked: () => boolean
}

/** Accepts connections and says nothing, as a firewall that swallows packets or a proxy without a server behind it. */
async function silentServer(): Promise<SilentServer> {
  const sockets = new Set<{ destroy(): unknown }>()
  let asked = false
  const listening = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => {
      asked = true
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  const address = listening.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    url: `postgresql://app:p@127.0.0.1:${port}/shop?sslmode=disable`,
    isAsked: () => asked,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listening.close(resolve))
    },
  }
}
