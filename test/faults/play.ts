import { realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCatalog } from '../../src/postgres/catalog.ts'
import type { RunResult } from '../../src/result.ts'
import { airlock } from '../chain/airlock.ts'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { statementProxy } from '../lab/statement-proxy.ts'
import type { Cell } from './cells.ts'
import { fileName, first, firstName, init, initName, keptRows, laterName } from './files.ts'
import type { Stand } from './stand.ts'
import { arrange, killAll } from './strike.ts'

/** What a cell came to, to be judged. */
export interface Played {
  readonly deploys: readonly Deployed[]
  readonly end: DatabaseNow
  /** Said by Prisma itself at the end. */
  readonly statusIsClean: boolean
}

export interface Deployed {
  /** Nothing where it was killed. */
  readonly result: RunResult | undefined
  readonly log: string
  /** When it had ended and the fault was gone. */
  readonly now: DatabaseNow
}

export interface DatabaseNow {
  /** By migration: which of its statements are in force. */
  readonly inForce: Readonly<Record<string, readonly boolean[]>>
  /** Where they stand. */
  readonly lines: Readonly<Record<string, readonly number[]>>
  readonly rows: { readonly kept: string; readonly least: number; readonly most: number }
  readonly catalog: readonly string[]
  readonly history: string
}

const runnersPatienceMs = 10_000
const longestRunMs = 90_000

export async function playCell(stand: Stand, cell: Cell, letsGoAtOnce: boolean): Promise<Played> {
  const database = await stand.copy(cell.fault === 'out of disk' ? 'on the small disk' : 'anywhere')
  const { server } = stand
  await using project = await projectOf(cell)
  const folder = await realpath(project.path)
  const look = () => databaseNow(server.superuserUrl(database), cell)
  const deploys: Deployed[] = []
  try {
    if (cell.fault === 'serialization failure')
      await query(
        server.superuserUrl(database),
        `ALTER ROLE app_owner IN DATABASE ${database} SET default_transaction_isolation = 'repeatable read'`,
      )
    await using proxy = await statementProxy(server.port)
    const databaseUrl = server.ownerUrl(database).replace(`:${server.port}/`, `:${proxy.port}/`)
    let pid = 0
    const { begun, struck, lift } = arrange({ cell, stand, proxy, database, folder, pid: () => pid, letsGoAtOnce })
    const deploy = async (): Promise<Omit<Deployed, 'now'>> => {
      const onStart = (started: number) => {
        pid = started
      }
      const ending = airlock(deployArgs, { cwd: folder, databaseUrl, onStart })
      using _limit = killLater(folder, longestRunMs)
      const { stdout, stderr } = await ending
      return { result: stdout === '' ? undefined : (JSON.parse(stdout) as RunResult), log: stderr }
    }
    const faulty = deploy()
    const order = await Promise.race([
      begun.then(() => 'begun' as const),
      failed(struck),
      faulty.then(() => 'ended' as const),
    ])
    if (order === 'ended') {
      const { result, log } = await faulty
      throw new Error(
        `The moment never came: ${result?.outcome} ${result?.reason}\n${log.split('\n').slice(-20).join('\n')}`,
      )
    }
    using _runner = cell.fault === 'SIGTERM' ? killLater(folder, runnersPatienceMs) : undefined
    const [ended] = await Promise.all([faulty, struck])
    await lift()
    deploys.push({ ...ended, now: await look() })
    for (let again = 0; again < 2 && !isOver(deploys); again += 1)
      deploys.push({ ...(await deploy()), now: await look() })
    const end = deploys.at(-1)?.now ?? (await look())
    return { deploys, end, statusIsClean: await isClean(project, server.ownerUrl(database), cell, end) }
  } finally {
    killAll(folder)
    await stand.disk?.empty()
    await stand.drop(database)
  }
}

function failed(struck: Promise<void>): Promise<never> {
  return new Promise((_, reject) => struck.catch(reject))
}

/** What an undisturbed deploy leaves. */
export async function playUndisturbed(stand: Stand, cell: Cell): Promise<DatabaseNow> {
  const database = await stand.copy('anywhere')
  await using project = await projectOf(cell)
  const databaseUrl = stand.server.ownerUrl(database)
  const { stdout, stderr } = await airlock(deployArgs, { cwd: await realpath(project.path), databaseUrl })
  if (!stdout.includes('"outcome": "applied"') && !stdout.includes('"outcome":"applied"'))
    throw new Error(`The undisturbed deploy did not apply: ${stdout}\n${stderr}`)
  const now = await databaseNow(stand.server.superuserUrl(database), cell)
  await stand.drop(database)
  return now
}

const deployArgs = ['deploy', '--prisma-engine', 'wasm', '--format', 'json']

function projectOf({ fault, engine, file }: Cell): Promise<LabProject> {
  const times = fault === 'lock timeout' ? '400ms' : '30s'
  const settings = [
    `lock-timeout: ${times}, blocker-wait: ${times}, blockers: ignore, retry: { attempts: 2 }`,
    'require-approval: [], backup: { strategy: none }',
    ...(engine === 'atomic' ? ['apply: atomic'] : []),
  ]
  return createProject({
    prisma: engine === 'prisma6' ? 6 : 7,
    migrations: { [initName]: init, [firstName]: first.sql, [fileName]: file.sql, [laterName]: file.later.sql },
    files: { 'airlock.yml': `version: 1\nenvironments: { production: { ${settings.join(', ')} } }\n` },
  })
}

/** Another run is made after the one with the fault, and one more where the second was not the last word. */
function isOver(deploys: readonly Deployed[]): boolean {
  const result = deploys.at(-1)?.result
  if (deploys.length < 2) return result?.outcome === 'nothing-pending'
  const last = ['applied', 'nothing-pending', 'needs-human', 'HISTORY.FAILED_MIGRATION']
  return last.includes(result?.outcome ?? '') || last.includes(result?.failure?.code ?? '')
}

async function databaseNow(superuserUrl: string, { file }: Cell): Promise<DatabaseNow> {
  const probes = [first, ...file.statements, file.later].map(({ inForce }, at) => `${inForce} AS p${at}`)
  const [probed = {}] = await query<Record<string, boolean>>(superuserUrl, `SELECT ${probes.join(', ')}`)
  const answers = Object.values(probed)
  const [rows] = await query<DatabaseNow['rows']>(superuserUrl, keptRows)
  if (rows === undefined) throw new Error('an aggregate returned no row')
  const history = await query<Record<string, unknown>>(
    superuserUrl,
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS "rolled back", checksum, applied_steps_count AS steps
       FROM _prisma_migrations ORDER BY started_at`,
  )
  const catalog = await readCatalog({ query: (sql) => query(superuserUrl, sql) as Promise<never[]> })
  return {
    inForce: { [firstName]: answers.slice(0, 1), [fileName]: answers.slice(1, -1), [laterName]: answers.slice(-1) },
    lines: { [fileName]: file.statements.map((_, at) => at + (file.own ? 2 : 1)) },
    rows,
    catalog: catalog.lines,
    history: JSON.stringify(history),
  }
}

const statuses = new Map<string, Promise<boolean>>()

/** The same rows beside the same files get the same answer. */
function isClean(project: LabProject, url: string, { engine, file }: Cell, { history }: DatabaseNow): Promise<boolean> {
  const key = `${engine} ${file.name} ${history}`
  const known = statuses.get(key)
  if (known !== undefined) return known
  const asked = project.prisma(['migrate', 'status'], { DATABASE_URL: url }).then(({ exitCode }) => exitCode === 0)
  statuses.set(key, asked)
  return asked
}

function killLater(folder: string, afterMs: number): Disposable {
  const controller = new AbortController()
  sleep(afterMs, undefined, { signal: controller.signal }).then(
    () => killAll(folder),
    () => undefined,
  )
  return { [Symbol.dispose]: () => controller.abort() }
}
