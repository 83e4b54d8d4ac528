import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hold } from '../../test/chain/held-session.ts'
import { createProject, type LabProject } from '../../test/lab/prisma.ts'
import { query } from '../../test/lab/query.ts'
import { type LabServer, startServer } from '../../test/lab/server.ts'
import { tempFolder } from '../../test/lab/temp.ts'
import { bundle } from './bundle.ts'
import { type Finished, finish } from './finish.ts'

const readerMs = 20_000
const lockTimeoutMs = 2_000
const spareMs = 1_000
const clients = 8
const major = 17
const init = '20240101000000_init'
const pending = '20240102000000_note'

/** The application's slowest query while a migration waits for a long reader: with Airlock, and with Prisma alone. */
export async function benchQueue(): Promise<void> {
  const pgbench = await findPgbench()
  if (pgbench === undefined) {
    console.error('queue: NOT MEASURED, there is no pgbench on the PATH or in /usr/lib/postgresql/*/bin')
    process.exitCode = 2
    return
  }
  await using server = await startServer(major)
  const bench = { pgbench, server }
  console.log(
    `queue: ${clients} clients of pgbench, a transaction that has read the table lives ${readerMs / 1_000} s, lock timeout ${lockTimeoutMs / 1_000} s`,
  )
  const bare = await measure(bench, 'bare', (project) => ({
    args: [join(project.path, 'node_modules/prisma/build/index.js'), 'migrate', 'deploy'],
    seconds: 30,
  }))
  const airlock = (blockers: string) => (project: LabProject) => ({
    args: [bundle, 'deploy', '--report-dir', join(project.path, 'reports')],
    policy: `blockers: ${blockers}`,
    seconds: 55,
  })
  const atOnce = await measure(bench, 'at_once', airlock('ignore'))
  const patient = await measure(bench, 'patient', airlock('wait'))
  const rows = [
    ['prisma migrate deploy', bare],
    ['airlock deploy, blockers: ignore', atOnce],
    ['airlock deploy (blockers: wait)', patient],
  ] as const
  for (const [what, { slowestMs, transactions, failed, deploy }] of rows)
    console.log(
      `  ${what.padEnd(34)} slowest query ${slowestMs.toFixed(0).padStart(6)} ms, ${transactions} transactions, ${failed} failed, applied after ${(deploy.wallMs / 1_000).toFixed(1)} s`,
    )
  const bar = lockTimeoutMs + spareMs
  console.log(`  bar: at most ${bar} ms and nothing failed with Airlock`)
  const held = [atOnce, patient].every(({ slowestMs, failed }) => slowestMs <= bar && failed === 0)
  // Where the application did not wait for bare Prisma either, nothing was shown.
  if (!held || bare.slowestMs < readerMs / 2) process.exitCode = 1
}

interface Measured {
  readonly slowestMs: number
  readonly transactions: number
  readonly failed: number
  readonly deploy: Finished
}

interface Deploy {
  readonly args: readonly string[]
  readonly policy?: string
  /** How long the application works; a deploy that takes longer is no measurement. */
  readonly seconds: number
}

async function measure(
  { pgbench, server }: { readonly pgbench: string; readonly server: LabServer },
  database: string,
  how: (project: LabProject) => Deploy,
): Promise<Measured> {
  const url = await server.createDatabase(database)
  await using folder = await tempFolder('airlock-queue-')
  await using project = await createProject({ prisma: 7, migrations: { [init]: 'CREATE TABLE "Past" ("id" INT);\n' } })
  const { args, policy, seconds } = how(project)
  const first = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
  if (first.exitCode !== 0) throw new Error(first.stderr)
  await project.addMigration(pending, 'ALTER TABLE "pgbench_accounts" ADD COLUMN "note" TEXT;\n')
  await project.writeFile(
    'airlock.yml',
    `environments: { production: { lock-timeout: ${lockTimeoutMs}ms, require-approval: [], backup: { strategy: none }${policy === undefined ? '' : `, ${policy}`} } }\n`,
  )
  const app = { program: pgbench, cwd: folder.path, env: { ...process.env, ...connectionOf(url) } }
  const filled = await finish({ ...app, args: ['--initialize', '--quiet', '--scale=1'] })
  if (filled.exitCode !== 0) throw new Error(filled.output)
  for (const [name, sql] of scripts) await writeFile(join(folder.path, name), sql)

  const working = finish({
    ...app,
    args: [
      ...scripts.flatMap(([name, , weight]) => ['--file', `${name}@${weight}`]),
      ...['--no-vacuum', '--log', `--client=${clients}`, '--jobs=2', `--time=${seconds}`],
    ],
  })
  await sleep(1_500)
  const deploy = await underReader(url, async () => {
    const environment = await project.environment({ DATABASE_URL: url })
    return finish({ program: process.execPath, args, cwd: project.path, env: environment })
  })
  const ended = await working
  if (deploy.exitCode !== 0) throw new Error(deploy.output)
  if (ended.exitCode !== 0) throw new Error(ended.output)
  if (deploy.wallMs > seconds * 1_000 - 2_000) throw new Error('the application ended before the deploy did')
  const [column] = await query(
    url,
    `SELECT FROM pg_attribute WHERE attrelid = 'pgbench_accounts'::regclass AND attname = 'note'`,
  )
  if (column === undefined) throw new Error('the migration was not applied')
  return { ...(await latencies(folder.path)), failed: failedIn(ended.output), deploy }
}

/** One statement a transaction: its latency is that of the query, and of the short sleep that keeps the machine free. */
const scripts = [
  [
    'read.sql',
    '\\set aid random(1, 100000)\n\\sleep 10 ms\nSELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n',
    4,
  ],
  [
    'write.sql',
    '\\set aid random(1, 100000)\n\\sleep 10 ms\nUPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;\n',
    1,
  ],
] as const

async function underReader(url: string, deploy: () => Promise<Finished>): Promise<Finished> {
  const reader = await hold(url, 'BEGIN; SELECT count(*) FROM pgbench_accounts')
  const ending = sleep(readerMs).then(() => reader[Symbol.asyncDispose]())
  const [deployed] = await Promise.all([deploy(), ending])
  return deployed
}

/** client, number, microseconds, script, …: https://www.postgresql.org/docs/15/pgbench.html, "Per-Transaction Logging". */
async function latencies(folder: string): Promise<Pick<Measured, 'slowestMs' | 'transactions'>> {
  let slowestMs = 0
  let transactions = 0
  for (const name of (await readdir(folder)).filter((file) => file.startsWith('pgbench_log.'))) {
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n')) {
      const microseconds = Number(line.split(' ')[2])
      if (line === '' || Number.isNaN(microseconds)) continue
      slowestMs = Math.max(slowestMs, microseconds / 1_000)
      transactions += 1
    }
  }
  return { slowestMs, transactions }
}

/** A client that gave up is a failure too. */
function failedIn(output: string): number {
  const failed = Number(/number of failed transactions: (\d+)/.exec(output)?.[1] ?? Number.NaN)
  if (Number.isNaN(failed)) throw new Error(`pgbench does not say how many failed:\n${output}`)
  return failed + [...output.matchAll(/client \d+ (?:script \d+ )?aborted/g)].length
}

function connectionOf(url: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname } = new URL(url)
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  }
}

async function findPgbench(): Promise<string | undefined> {
  const installed = '/usr/lib/postgresql'
  const majors = existsSync(installed) ? await readdir(installed) : []
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...majors.toSorted((a, b) => Number(b) - Number(a)).map((found) => join(installed, found, 'bin')),
  ]
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path))
}
