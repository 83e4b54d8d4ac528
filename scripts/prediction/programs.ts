import type { RehearsalResult } from '../../src/rehearsal-result.ts'
import type { RunResult } from '../../src/result.ts'
import { airlockJson, type JsonRun } from '../../test/chain/airlock.ts'
import { createProject, type LabProject } from '../../test/lab/prisma.ts'
import type { NamedSql } from '../../test/stages/apply/atomic/two-ways.ts'
import { openClient } from './fill.ts'
import type { Point } from './points.ts'

/** The project of that moment as its users have it, with Prisma and Airlock. */
export function projectOf({
  applied,
  pending,
  engine,
}: Pick<Point, 'applied' | 'pending' | 'engine'>): Promise<LabProject> {
  const apply = engine === 'atomic' ? 'atomic' : 'prisma'
  const production = `apply: ${apply}, require-approval: [], rehearse: off, backup: { strategy: none }`
  return createProject({
    prisma: engine === 'Prisma 6' ? 6 : 7,
    migrations: Object.fromEntries([...applied, ...pending].map(({ name, sql }) => [name, sql])),
    files: { 'airlock.yml': `version: 1\nprisma: { engine: wasm }\nenvironments: { production: { ${production} } }\n` },
  })
}

export interface Predicted {
  readonly result: RunResult
  readonly rehearsal: RehearsalResult
}

const patienceMs = 90_000

/** `undefined`: a statement whose time grows faster than its rows, and nobody here waits for its end. */
export async function rehearse(project: LabProject, databaseUrl: string): Promise<Predicted | undefined> {
  let givenUp = false
  let timer: NodeJS.Timeout | undefined
  const onStart = (pid: number) => {
    timer = setTimeout(() => {
      givenUp = true
      process.kill(pid, 'SIGTERM')
    }, patienceMs)
  }
  const { result, stderr } = await airlock('rehearse', project, databaseUrl, onStart)
  clearTimeout(timer)
  if (givenUp) return undefined
  const { rehearsal, failure, reason } = result
  if (rehearsal === undefined)
    throw new Error(`no rehearsal: ${failure?.what ?? reason} ${failure?.why ?? ''}\n${stderr}`)
  return { result, rehearsal }
}

export interface Deployed {
  readonly finished: readonly string[]
  /** From the first row of the history to the last one; the start of the engine is no part of it. */
  readonly ms: number
}

/** `airlock deploy`, and what the history says of it. */
export async function deploy(
  project: LabProject,
  databaseUrl: string,
  pending: readonly NamedSql[],
): Promise<Deployed> {
  await airlock('deploy', project, databaseUrl)
  await using client = await openClient(databaseUrl)
  const { rows } = await client.query<{ name: string; finished: boolean; from: number; to: number | null }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, extract(epoch FROM started_at)::float8 * 1000 AS from,
            extract(epoch FROM finished_at)::float8 * 1000 AS to
       FROM _prisma_migrations WHERE migration_name = ANY ($1) AND rolled_back_at IS NULL ORDER BY started_at`,
    [pending.map(({ name }) => name)],
  )
  const ends = rows.flatMap(({ to }) => (to === null ? [] : [to]))
  return {
    finished: rows.flatMap(({ name, finished }) => (finished ? [name] : [])),
    ms: ends.length === 0 ? 0 : Math.max(...ends) - Math.min(...rows.map(({ from }) => from)),
  }
}

async function airlock(
  command: 'rehearse' | 'deploy',
  project: LabProject,
  databaseUrl: string,
  onStart: (pid: number) => void = () => undefined,
): Promise<JsonRun> {
  const environment = await project.environment()
  const env = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return airlockJson([command], { cwd: project.path, databaseUrl, onStart, env: { ...env, HOME: project.path } })
}
