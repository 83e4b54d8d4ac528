import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { dumpNameOf, manifestSchema } from '../../src/stages/backup/manifest.ts'
import { labClientPath, labClients } from '../../test/lab/clients.ts'
import { createProject, type LabProject } from '../../test/lab/prisma.ts'
import { query } from '../../test/lab/query.ts'
import { type LabServer, startServer } from '../../test/lab/server.ts'
import { fillWithData } from './backup-data.ts'
import { bundle } from './bundle.ts'
import { type Cost, costOf, median } from './processes.ts'
import { tuned } from './tuned.ts'

export interface RehearseOptions {
  /** About 110 MB each. */
  readonly scale: number
  readonly rounds: number
}

const mostTimes = 1.5
const mostGrowth = 1.25
const major = 17

/** As they come in a release: most are over at once, some read or write a large table. */
const pending = [
  `ALTER TABLE "Order" ADD COLUMN "paidAt" TIMESTAMP(3)`,
  `CREATE TABLE "Invoice" ("id" SERIAL PRIMARY KEY, "orderId" BIGINT NOT NULL, "number" TEXT NOT NULL);\nCREATE UNIQUE INDEX "Invoice_number_key" ON "Invoice"("number")`,
  `ALTER TABLE "Invoice" ADD CONSTRAINT "Invoice_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id") ON DELETE RESTRICT ON UPDATE CASCADE`,
  `ALTER TABLE "Customer" ADD COLUMN "locale" TEXT NOT NULL DEFAULT 'en'`,
  `CREATE INDEX "Event_kind_idx" ON "Event"("kind")`,
  `ALTER TABLE "Order" ADD CONSTRAINT "Order_total_check" CHECK ("total" >= 0)`,
  `UPDATE "Customer" SET "locale" = 'de' WHERE "id" % 20 = 0`,
  `CREATE TYPE "Channel" AS ENUM ('WEB', 'SHOP');\nALTER TABLE "Order" ADD COLUMN "channel" "Channel" NOT NULL DEFAULT 'WEB'`,
  `ALTER TABLE "Order" ALTER COLUMN "note" SET DEFAULT ''`,
  `ALTER TABLE "Customer" DROP COLUMN "settings"`,
]

/** Ten pending migrations tried on the copy of a backup, against restoring it by hand and letting Prisma run. */
export async function benchRehearse({ scale, rounds }: RehearseOptions): Promise<void> {
  const client = (await labClients()).usable.find((found) => found.major === major)
  if (client === undefined) {
    console.error(`rehearse: NOT MEASURED, there is no pg_restore ${major} here`)
    process.exitCode = 2
    return
  }
  await using server = await startServer(major, { settings: { shared_buffers: '512MB', max_wal_size: '8GB' } })
  await using scratch = await startServer(major, { settings: tuned })
  const large = await backedUp(server, scale)
  await using project = large.project
  const small = await backedUp(server, 1)
  await using smallProject = small.project

  const rehearsals: Cost[] = []
  const byHand: { readonly restoreMs: number; readonly deployMs: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    byHand.push(await restoredAndDeployed(scratch, project, large.dump, client.restore))
    rehearsals.push(await rehearsed(project, large.manifest))
  }
  const little = await rehearsed(smallProject, small.manifest)
  const times = median(
    rehearsals.map(({ wallMs }, round) => wallMs / ((byHand[round]?.restoreMs ?? 0) + (byHand[round]?.deployMs ?? 0))),
  )
  const peakMb = median(rehearsals.map((cost) => cost.peakMb))
  const growth = peakMb / little.peakMb
  const ms = (values: readonly number[]) => `${median(values).toFixed(0).padStart(8)} ms`
  console.log(
    [
      `rehearsal of ${pending.length} pending migrations on ${large.mb} MB, PostgreSQL ${major}, Prisma ${project.prismaVersion}, ${rounds} rounds`,
      `  pg_restore by hand, parallel   ${ms(byHand.map(({ restoreMs }) => restoreMs))}`,
      `  prisma migrate deploy          ${ms(byHand.map(({ deployMs }) => deployMs))}`,
      `  airlock rehearse --from        ${ms(rehearsals.map(({ wallMs }) => wallMs))}   ${times.toFixed(2)} times both (bar: ${mostTimes})`,
      `  peak memory ${peakMb.toFixed(0)} MB, of ${small.mb} MB ${little.peakMb.toFixed(0)} MB: ${growth.toFixed(2)} times (bar: ${mostGrowth})`,
    ].join('\n'),
  )
  if (!(times <= mostTimes && growth <= mostGrowth)) process.exitCode = 1
}

/** A project whose database has its first migration and all its rows; the ten come after its backup. */
async function backedUp(server: LabServer, scale: number) {
  const project = await createProject({
    prisma: 7,
    migrations: { '0_init': 'CREATE TABLE "Setting" ("id" TEXT PRIMARY KEY);\n' },
    files: {
      'airlock.yml':
        'version: 1\nrules: {}\nenvironments: { production: { require-approval: [], backup: { tier: checksum } } }\n',
    },
  })
  const url = await server.createDatabase()
  const env = await project.environment({ DATABASE_URL: url })
  const started = { program: process.execPath, cwd: project.path }
  await costOf({ ...started, env, args: [cliOf(project), 'migrate', 'deploy'] })
  await fillWithData(url, scale)
  const out = join(project.path, 'backups')
  await costOf({
    ...started,
    env: { ...env, AIRLOCK_PG_BIN: await labClientPath() },
    args: [bundle, 'backup', '--out', out],
  })
  const name = (await readdir(out)).find((file) => file.endsWith('.json'))
  if (name === undefined) throw new Error(`there is no manifest in ${out}`)
  const manifest = join(out, name)
  const dump = join(out, dumpNameOf(manifestSchema.parse(JSON.parse(await readFile(manifest, 'utf8')))))
  for (const [at, sql] of pending.entries()) await project.addMigration(`1_${at}`, `${sql};\n`)
  const [size] = await query<{ mb: number }>(
    url,
    'SELECT (pg_catalog.pg_database_size(pg_catalog.current_database()) / 1048576)::int AS mb',
  )
  return { project, manifest, dump, mb: size?.mb ?? Number.NaN }
}

async function restoredAndDeployed(scratch: LabServer, project: LabProject, dump: string, restore: string) {
  const url = await scratch.createDatabase()
  const { port, username, password, pathname } = new URL(url)
  const env = await project.environment({
    DATABASE_URL: url,
    PGHOST: '127.0.0.1',
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
  })
  const name = pathname.slice(1)
  const cwd = project.path
  const restored = await costOf({
    program: restore,
    args: ['--no-owner', `--jobs=${availableParallelism()}`, `--dbname=${name}`, dump],
    cwd,
    env,
  })
  const deployed = await costOf({ program: process.execPath, args: [cliOf(project), 'migrate', 'deploy'], cwd, env })
  await query(scratch.superuserUrl(), `DROP DATABASE "${name}"`)
  return { restoreMs: restored.wallMs, deployMs: deployed.wallMs }
}

async function rehearsed(project: LabProject, manifest: string): Promise<Cost> {
  return costOf({
    program: process.execPath,
    args: [bundle, 'rehearse', '--from', manifest, '--report-dir', join(project.path, 'reports')],
    cwd: project.path,
    env: await project.environment({ AIRLOCK_PG_BIN: await labClientPath() }),
  })
}

const cliOf = (project: LabProject) => join(project.path, 'node_modules/prisma/build/index.js')
