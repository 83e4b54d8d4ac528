import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createProject, type LabProject } from '../../test/lab/prisma.ts'
import { query } from '../../test/lab/query.ts'
import { type LabServer, startServer } from '../../test/lab/server.ts'
import { bundle } from './bundle.ts'
import { type Cost, costOf, median, medianCost, type Timed } from './processes.ts'

const pairs = 7
const mostOverheadMs = 1_000
/** Time for twice as many, at most. */
const mostGrowth = 2.2
const realHistory = 'triggerdotdev+trigger.dev'
const manyTables = 10_000
const longHistory = 5_000

/** What a deploy costs beside `prisma migrate deploy`, and how it grows. */
export async function benchApply(options: { readonly histories: string }): Promise<void> {
  await using server = await startServer(17, { settings: { max_locks_per_transaction: '512' } })
  await overhead(server)
  await pendingOfRealHistory(server, join(options.histories, realHistory))
  await largeCatalogAndHistory(server)
}

const ten = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [
    `202401${String(index + 1).padStart(2, '0')}000000_table_${index}`,
    `CREATE TABLE "t${index}" ("id" SERIAL PRIMARY KEY, "name" TEXT NOT NULL);\n`,
  ]),
)

function configWith(apply: 'prisma' | 'atomic'): string {
  return `version: 1\nrules: {}\nenvironments: { production: { apply: ${apply}, require-approval: [], backup: { strategy: none } } }\n`
}

/** Each run on a database of its own: what is pending once is pending no more. */
async function overhead(server: LabServer): Promise<void> {
  await using project = await createProject({ prisma: 7, migrations: ten })
  const cli = join(project.path, 'node_modules/prisma/build/index.js')
  const ways = { bare: [cli, 'migrate', 'deploy'], prisma: deployArguments(project), atomic: deployArguments(project) }
  const costs: Record<keyof typeof ways, Cost[]> = { bare: [], prisma: [], atomic: [] }
  for (let pair = 0; pair <= pairs; pair++) {
    for (const way of ['bare', 'prisma', 'atomic'] as const) {
      await project.writeFile('airlock.yml', configWith(way === 'atomic' ? 'atomic' : 'prisma'))
      const cost = await costOf(await timed(server, project, ways[way]))
      // The first of each fills caches.
      if (pair > 0) costs[way].push(cost)
    }
  }
  const over = median(costs.prisma.map(({ wallMs }, pair) => wallMs - (costs.bare[pair]?.wallMs ?? Number.NaN)))
  const ratio = median(costs.atomic.map(({ wallMs }, pair) => wallMs / (costs.bare[pair]?.wallMs ?? Number.NaN)))
  const ms = (way: keyof typeof ways) => `${medianCost(costs[way]).wallMs.toFixed(0)} ms`
  console.log(
    [
      `ten pending migrations, Prisma ${project.prismaVersion}, PostgreSQL 17, ${pairs} rounds, no backup`,
      `  prisma migrate deploy           ${ms('bare')}`,
      `  airlock deploy, apply: prisma   ${ms('prisma')}   ${over.toFixed(0)} ms more (bar: ${mostOverheadMs})`,
      `  airlock deploy, apply: atomic   ${ms('atomic')}   ratio ${ratio.toFixed(2)} (bar: 1.00)`,
    ].join('\n'),
  )
  if (!(over < mostOverheadMs && ratio < 1)) process.exitCode = 1
}

function deployArguments(project: LabProject): readonly string[] {
  return [bundle, 'deploy', '--report-dir', join(project.path, 'reports')]
}

async function timed(server: LabServer, project: LabProject, args: readonly string[], url?: string): Promise<Timed> {
  const env = await project.environment({ DATABASE_URL: url ?? (await server.createDatabase()) })
  return { program: process.execPath, cwd: project.path, env, args }
}

/** The first half of a real history pending, then all of it. */
async function pendingOfRealHistory(server: LabServer, folder: string): Promise<void> {
  if (!existsSync(folder))
    return console.log(`pending migrations of a real history: ${folder} is not there, not measured`)
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .toSorted()
  const lines: string[] = []
  let before: Cost | undefined
  for (const count of [names.length / 4, names.length / 2, names.length].map(Math.floor)) {
    await using project = await createProject({ prisma: 7, files: { 'airlock.yml': configWith('atomic') } })
    for (const name of names.slice(0, count))
      cpSync(join(folder, name), join(project.path, 'prisma/migrations', name), { recursive: true })
    const cost = await costOf(await timed(server, project, deployArguments(project)))
    lines.push(line(`${count} pending`, cost, before))
    if (before !== undefined && cost.wallMs / before.wallMs > mostGrowth) process.exitCode = 1
    before = cost
  }
  console.log(
    [`pending migrations of ${realHistory}, apply: atomic (bar for twice as many: ${mostGrowth})`, ...lines].join('\n'),
  )
}

/** One small migration pending behind a long history, in a database with many tables. */
async function largeCatalogAndHistory(server: LabServer): Promise<void> {
  const lines: string[] = []
  for (const [tables, applied] of [
    [100, 50],
    [manyTables, 50],
    [100, longHistory],
    [manyTables, longHistory],
  ] as const) {
    const migrations = Object.fromEntries(
      Array.from({ length: applied }, (_, index) => [
        `2020${String(index).padStart(6, '0')}_applied`,
        `ALTER TABLE "made_1" ADD COLUMN "c${index}" TEXT;\n`,
      ]),
    )
    await using project = await createProject({ prisma: 7, migrations, files: { 'airlock.yml': configWith('atomic') } })
    const url = await server.createDatabase()
    await project.writeFile(
      'prisma/migrations/2024_pending/migration.sql',
      'ALTER TABLE "made_1" ADD COLUMN "late" TEXT;\n',
    )
    await recordAsApplied(url, project, tables)
    const cost = await costOf(await timed(server, project, deployArguments(project), url))
    lines.push(line(`${tables} tables, ${applied} applied`, cost, undefined))
  }
  console.log(['one pending migration, apply: atomic', ...lines].join('\n'))
}

const batch = 500

async function recordAsApplied(url: string, project: LabProject, tables: number): Promise<void> {
  const first = `CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`
  await query(url, first)
  for (let from = 1; from <= tables; from += batch)
    await query(
      url,
      `DO $$ BEGIN FOR i IN ${from}..${Math.min(from + batch - 1, tables)} LOOP EXECUTE format('CREATE TABLE %I (id serial PRIMARY KEY, name text NOT NULL, made timestamptz DEFAULT now())', 'made_' || i); END LOOP; END $$`,
    )
  const folder = join(project.path, 'prisma/migrations')
  const names = readdirSync(folder).filter((name) => name.endsWith('_applied'))
  const values = names.map((name) => {
    const text = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
    return `(gen_random_uuid(), encode(sha256(convert_to($t$${text}$t$, 'UTF8')), 'hex'), now(), '${name}', 1)`
  })
  await query(
    url,
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ${values.join(', ')}`,
  )
}

function line(what: string, { wallMs, peakMb }: Cost, before: Cost | undefined): string {
  const growth = before === undefined ? '' : `   ${(wallMs / before.wallMs).toFixed(2)} times that of half as many`
  return `  ${what.padEnd(28)} ${(wallMs / 1_000).toFixed(1)} s, ${peakMb.toFixed(0)} MB${growth}`
}
