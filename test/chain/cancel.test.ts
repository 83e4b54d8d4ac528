import { existsSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LabProject, PrismaMajor } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import type { LabServer } from '../lab/server.ts'
import { sessionsIn, stateOf } from './database-state.ts'
import { hold } from './held-session.ts'
import { canSeeProcesses, processesIn, until } from './processes.ts'
import { openScene, type Scene, type SceneRun } from './scene.ts'
import { additive, openShop, type Policy, pendingName, type Shop, shopProject } from './shop.ts'

/** What a runner gives between its first signal and the end is 10 s. */
const patienceMs = 10_000

let scene: Scene
let shop: Shop
let server: LabServer

beforeAll(async () => {
  scene = await openScene()
  shop = await openShop(17)
  server = shop.server
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

type Moment = (sinceStartMs: number) => boolean | Promise<boolean>

interface Stage {
  readonly database: string
  readonly project: LabProject
  /** Starts a deploy, waits for the moment, sends the signal and waits for the end. */
  cancelled(signal: NodeJS.Signals, moment: Moment, end?: 'may be over'): Promise<SceneRun>
  start(): { readonly pid: () => number; readonly ended: Promise<SceneRun> }
  deploy(): Promise<SceneRun>
  plan(): Promise<SceneRun>
  count(sql: string): Promise<number>
  /** No process on this machine, no session on the server, and with it no lock. */
  expectNothingRuns(): Promise<void>
}

async function onStage(
  options: {
    readonly sql: string
    readonly policy?: Policy
    readonly prisma?: PrismaMajor
    readonly url?: string
  },
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const database = await shop.copy()
  await using project = await shopProject(options.sql, options.policy, options.prisma)
  const superuser = server.superuserUrl(database)
  const base = { cwd: await realpath(project.path), databaseUrl: options.url ?? server.ownerUrl(database) }
  const deploy = ['deploy', '--prisma-engine', 'wasm', '--format', 'json']
  const start = () => {
    let pid = 0
    const onStart = (started: number) => {
      pid = started
    }
    return { pid: () => pid, ended: scene.run(deploy, { ...base, onStart }) }
  }
  const expectNothingRuns = async () => {
    const left = () => (canSeeProcesses ? processesIn(base.cwd) : [])
    await until('no process is left', () => left().length === 0, { patienceMs: 5_000 }).catch(() =>
      expect(left()).toEqual([]),
    )
    const sessions = async () => (await sessionsIn(superuser)).filter(({ name }) => name !== 'somebody else')
    await until('no session is left', async () => (await sessions()).length === 0, { patienceMs: 5_000 }).catch(
      async () => expect(await sessions()).toEqual([]),
    )
  }
  await play({
    database,
    project,
    start,
    expectNothingRuns,
    deploy: () => scene.run(deploy, base),
    plan: () => scene.run(['plan', '--format', 'json'], base),
    count: async (sql) => Number((await query<{ count: string }>(superuser, `SELECT count(*) FROM ${sql}`))[0]?.count),
    async cancelled(signal, moment, end) {
      const { pid, ended } = start()
      const early = ended.then((run) => {
        if (end !== 'may be over') throw new Error(`ended before the moment came: ${run.stdout}\n${run.stderr}`)
      })
      await until('the program is started', () => pid() !== 0, { everyMs: 1 })
      const startedAt = performance.now()
      const here = () => moment(performance.now() - startedAt)
      await Promise.race([until('the moment of the signal', here, end === 'may be over' ? { everyMs: 10 } : {}), early])
      early.catch(() => undefined)
      const signalledAt = performance.now()
      signalIfAlive(pid(), signal)
      const run = await ended
      expect(performance.now() - signalledAt).toBeLessThan(patienceMs)
      await expectNothingRuns()
      if (run.exitCode !== null) expect(run.left).toEqual([])
      return run
    },
  })
}

/** Cancelled before anything came of it; from some moment on there is a backup, and then it is named. */
function expectCancelled(run: SceneRun, backup: 'no backup' | 'maybe a backup' = 'no backup'): void {
  expect({ exitCode: run.exitCode, outcome: run.result?.outcome, code: run.result?.failure?.code }).toEqual({
    exitCode: 2,
    outcome: 'failed',
    code: 'RUN.CANCELLED',
  })
  expect(run.result.failure?.next.length).toBeGreaterThan(0)
  if (backup === 'no backup') expect(run.result.backup).toBeUndefined()
}

const inSession = (stage: Stage, condition: string) => async () =>
  (await stage.count(`pg_stat_activity WHERE datname = '${stage.database}' AND ${condition}`)) > 0

test('SIGINT while the server does not answer: nothing happened', async () => {
  await using silent = await silentServer()
  await onStage({ sql: additive, url: silent.url }, async (stage) => {
    const state = await stateOf(server.superuserUrl(stage.database))
    expectCancelled(await stage.cancelled('SIGINT', silent.isAsked))
    expect(await stateOf(server.superuserUrl(stage.database))).toEqual(state)
  })
})

test('SIGTERM while the history waits for a lock: nothing happened', async () => {
  await onStage({ sql: additive }, async (stage) => {
    const url = server.superuserUrl(stage.database)
    const state = await stateOf(url)
    {
      await using _held = await hold(url, 'BEGIN; LOCK _prisma_migrations IN ACCESS EXCLUSIVE MODE')
      const waiting = inSession(stage, "application_name = 'airlock' AND wait_event_type = 'Lock'")
      expectCancelled(await stage.cancelled('SIGTERM', waiting))
    }
    const { 'next transaction': _now, ...now } = await stateOf(url)
    const { 'next transaction': _before, ...before } = state
    expect(now).toEqual(before)
  })
})

test('SIGINT while another deploy holds the lock: nothing happened', async () => {
  await onStage({ sql: additive }, async (stage) => {
    const url = server.superuserUrl(stage.database)
    const state = await stateOf(url)
    {
      await using _held = await hold(url, 'SELECT pg_advisory_lock(4702394921427289)')
      const asked = inSession(stage, "application_name = 'airlock' AND query LIKE '%pg_locks%'")
      expectCancelled(await stage.cancelled('SIGINT', asked))
    }
    expect(await stateOf(url)).toEqual(state)
    expect((await stage.deploy()).result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
  })
})

test('SIGTERM while pg_dump waits for a lock: no backup is left, and nothing was applied', async () => {
  await onStage({ sql: additive, policy: { lockTimeout: '60s', backup: 'pg_dump' } }, async (stage) => {
    const url = server.superuserUrl(stage.database)
    await query(url, 'CREATE TABLE "Archive" (id INT); ALTER TABLE "Archive" OWNER TO app_owner')
    {
      await using _held = await hold(url, 'BEGIN; LOCK "Archive" IN ACCESS EXCLUSIVE MODE')
      const waiting = inSession(stage, "wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'")
      expectCancelled(await stage.cancelled('SIGTERM', waiting))
    }
    expect(await backupsOf(stage)).toEqual([])
    expect(await stage.count('_prisma_migrations')).toBe(1)
    const next = await stage.deploy()
    expect(next.result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
  })
})

// Both signals end in the same handler (src/entry/signals.ts): each once, with each Prisma once.
test.each([
  ['SIGINT', 6],
  ['SIGTERM', 7],
] as const)('%s while a migration of one transaction runs (Prisma %i): it is taken back', async (signal, prisma) => {
  const sql = `BEGIN;\n${additive}SELECT pg_sleep(60);\nCOMMIT;\n`
  await onStage({ sql, prisma }, async (stage) => {
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
})

test('SIGINT while a migration waits for a lock: it is taken back', async () => {
  await onStage({ sql: additive, policy: { lockTimeout: '60s' } }, async (stage) => {
    {
      await using _held = await hold(server.superuserUrl(stage.database), 'BEGIN; LOCK "User" IN ACCESS SHARE MODE')
      const waiting = inSession(stage, "query LIKE '%ADD COLUMN%' AND wait_event_type = 'Lock'")
      expect(await stage.cancelled('SIGINT', waiting)).toMatchObject({ exitCode: 4, result: { outcome: 'recovered' } })
    }
    expect((await stage.plan()).result).toMatchObject({ outcome: 'clear' })
    expect((await stage.deploy()).result).toMatchObject({ outcome: 'applied', applied: [pendingName] })
  })
})

test('SIGTERM in the middle of a migration that commits statement by statement: a person is told what stands', async () => {
  const sql = `${additive}SELECT pg_sleep(60);\n`
  await onStage({ sql, prisma: 7 }, async (stage) => {
    const run = await stage.cancelled(
      'SIGTERM',
      inSession(stage, "query LIKE '%pg_sleep(60)%' AND wait_event = 'PgSleep'"),
    )
    expect(run).toMatchObject({ exitCode: 5, result: { outcome: 'needs-human', reasonCode: 'migration_failed' } })
    expect(run.result.reason).toContain('cancelled')
    expect(run.result.reason).toContain('+ column public."User".name text')
    expect((await stage.plan()).result.failure?.code).toBe('HISTORY.FAILED_MIGRATION')
  })
})

test('in the middle of a dump: pg_dump ends, and half of a backup is not kept', async () => {
  await onStage({ sql: additive, policy: { backup: 'pg_dump' } }, async (stage) => {
    await query(
      server.superuserUrl(stage.database),
      `CREATE TABLE big AS SELECT i, md5(i::text) || md5((i + 1)::text) AS t FROM generate_series(1, 800000) i; ALTER TABLE big OWNER TO app_owner`,
    )
    expectCancelled(
      await stage.cancelled('SIGTERM', async () => (await backupsOf(stage)).some((name) => name.endsWith('.partial'))),
    )
    expect(await backupsOf(stage)).toEqual([])
    expect(await stage.count('_prisma_migrations')).toBe(1)
  })
})

test('at whatever moment: what is said is what the database shows, and the next deploy goes on', async () => {
  const seen: string[] = []
  for (const delayMs of [0, 150, 400, 700, 1_000, 1_400]) {
    await onStage({ sql: `BEGIN;\n${additive}COMMIT;\n`, policy: { backup: 'pg_dump' } }, async (stage) => {
      const run = await stage.cancelled('SIGTERM', (sinceStartMs) => sinceStartMs >= delayMs, 'may be over')
      const finished = await stage.count(
        `_prisma_migrations WHERE migration_name = '${pendingName}' AND finished_at IS NOT NULL`,
      )
      const unresolved = await stage.count('_prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL')
      const column = await stage.count(`pg_attribute WHERE attrelid = '"User"'::regclass AND attname = 'name'`)
      seen.push(run.exitCode === null ? 'ended by the signal' : `${run.result.outcome} ${run.result.reasonCode}`)
      if (run.exitCode === 0)
        expect({ finished, column, unresolved }).toEqual({ finished: 1, column: 1, unresolved: 0 })
      else expect({ finished, column, unresolved }).toEqual({ finished: 0, column: 0, unresolved: 0 })
      // Before the program is loaded nobody listens, and nothing has happened either.
      expect([null, 0, 2, 4]).toContain(run.exitCode)
      if (run.exitCode === 2) expectCancelled(run, 'maybe a backup')
      expect((await stage.deploy()).result.outcome).toBe(run.exitCode === 0 ? 'nothing-pending' : 'applied')
    })
  }
  expect(new Set(seen).size).toBeGreaterThan(1)
}, 300_000)

test('a second signal ends everything at once', async () => {
  await onStage({ sql: `BEGIN;\n${additive}SELECT pg_sleep(60);\nCOMMIT;\n`, prisma: 7 }, async (stage) => {
    const running = stage.start()
    await until('the migration runs', migrationSleeps(stage))
    process.kill(running.pid(), 'SIGINT')
    // Two that are pending at the same time are one.
    await sleep(100)
    process.kill(running.pid(), 'SIGINT')
    const signalledAt = performance.now()
    const run = await running.ended
    expect(performance.now() - signalledAt).toBeLessThan(1_000)
    expect(run.exitCode).toBe(130)
    await stage.expectNothingRuns()
    // It had no time to clean up, so the history says what is true: begun and not finished.
    expect((await stage.plan()).result.failure?.code).toBe('HISTORY.FAILED_MIGRATION')
    expect(await stage.count(`pg_attribute WHERE attrelid = '"User"'::regclass AND attname = 'name'`)).toBe(0)
  })
})

describe('kill -9', () => {
  test('while a migration runs: until it ends others are told who is at work, then what came of it', async () => {
    await onStage({ sql: `BEGIN;\n${additive}SELECT pg_sleep(9);\nCOMMIT;\n`, prisma: 7 }, async (stage) => {
      const running = stage.start()
      await until('the migration runs', migrationSleeps(stage))
      process.kill(running.pid(), 'SIGKILL')
      await running.ended
      const planned = await stage.plan()
      expect(planned).toMatchObject({ exitCode: 2, result: { failure: { code: 'DEPLOY.LOCKED' } } })
      expect(planned.result.failure?.why).toContain('airlock-apply-')
      const deployed = await stage.deploy()
      expect(deployed).toMatchObject({ exitCode: 0, result: { outcome: 'nothing-pending' } })
      expect(deployed.stderr).toContain('is being applied right now')
      await stage.expectNothingRuns()
    })
  })

  test('of Airlock and Prisma while a migration runs: the statement ends with them, and the next deploy sees that nothing is left of it', async () => {
    await onStage({ sql: `BEGIN;\n${additive}SELECT pg_sleep(8);\nCOMMIT;\n`, prisma: 7 }, async (stage) => {
      const running = stage.start()
      await until('the migration runs', migrationSleeps(stage))
      for (const { pid } of processesIn(await realpath(stage.project.path))) process.kill(pid, 'SIGKILL')
      await running.ended
      await stage.expectNothingRuns()
      expect(await stage.plan()).toMatchObject({
        exitCode: 2,
        result: { failure: { code: 'HISTORY.FAILED_MIGRATION' } },
      })
      const column = `pg_attribute WHERE attrelid = '"User"'::regclass AND attname = 'name'`
      expect(await stage.count(column)).toBe(0)
      const { exitCode, result } = await stage.deploy()
      expect({ exitCode, outcome: result.outcome }).toEqual({ exitCode: 0, outcome: 'applied' })
      expect(result.notices.join()).toContain('and nothing of it is in force: it ran as one transaction')
      expect(await stage.count(column)).toBe(1)
    })
  })

  test('in the middle of a dump: nothing is offered as a backup, and the next deploy goes on', async () => {
    await onStage({ sql: additive, policy: { backup: 'pg_dump', lockTimeout: '60s' } }, async (stage) => {
      const url = server.superuserUrl(stage.database)
      await query(url, 'CREATE TABLE "Archive" (id INT); ALTER TABLE "Archive" OWNER TO app_owner')
      {
        await using _held = await hold(url, 'BEGIN; LOCK "Archive" IN ACCESS EXCLUSIVE MODE')
        const running = stage.start()
        await until('pg_dump waits', inSession(stage, "wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'"))
        process.kill(running.pid(), 'SIGKILL')
        await running.ended
        // What was begun is taken away by the process that outlives this one for that.
        await until('nothing is left of the backup', async () => (await backupsOf(stage)).length === 0)
      }
      const next = await stage.deploy()
      expect(next.result).toMatchObject({ outcome: 'applied', backup: { tier: 'decoded' } })
      await stage.expectNothingRuns()
    })
  })
})

const migrationSleeps = (stage: Stage) => inSession(stage, "query LIKE '%pg_sleep(%' AND wait_event = 'PgSleep'")

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

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
