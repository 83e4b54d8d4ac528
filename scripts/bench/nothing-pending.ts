import { join } from 'node:path'
import { createProject, type PrismaMajor, prismaMajors } from '../../test/lab/prisma.ts'
import { startServer } from '../../test/lab/server.ts'
import { bundle } from './bundle.ts'
import { comparePairs } from './pairs.ts'

const pairs = 9
const most = 0.5

const migrations = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [
    `202401${String(index + 1).padStart(2, '0')}000000_table_${index}`,
    `CREATE TABLE "t${index}" ("id" SERIAL PRIMARY KEY, "name" TEXT NOT NULL);\n`,
  ]),
)

/** `deploy` with nothing pending against `prisma migrate deploy` on the same database. */
export async function benchNothingPending(): Promise<void> {
  for (const prisma of prismaMajors) await nothingPending(prisma)
}

async function nothingPending(prisma: PrismaMajor): Promise<void> {
  await using server = await startServer(17)
  await using project = await createProject({ prisma, migrations })
  const url = await server.createDatabase()
  const env = await project.environment({ DATABASE_URL: url })
  const deployed = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: url })
  if (deployed.exitCode !== 0) throw new Error(deployed.stderr)
  const cli = join(project.path, 'node_modules/prisma/build/index.js')
  const common = { program: process.execPath, cwd: project.path, env }
  const airlock = { ...common, args: [bundle, 'deploy', '--report-dir', join(project.path, 'reports')] }
  const bare = { ...common, args: [cli, 'migrate', 'deploy'] }
  // No engine is started: what the CLI costs before any engine, native or not, could do its work.
  const lowerBound = { ...common, args: [cli, 'migrate', '--help'] }
  const whole = await comparePairs(airlock, bare, pairs)
  const least = await comparePairs(airlock, lowerBound, pairs)
  console.log(
    [
      `nothing pending, Prisma ${project.prismaVersion}, PostgreSQL 17, ${pairs} pairs`,
      `  airlock deploy            ${whole.first.wallMs.toFixed(0)} ms`,
      `  prisma migrate deploy     ${whole.second.wallMs.toFixed(0)} ms   ratio ${whole.ratio.toFixed(2)} (bar: ${most.toFixed(2)})`,
      `  prisma migrate --help     ${least.second.wallMs.toFixed(0)} ms   ratio ${least.ratio.toFixed(2)} (starts no engine at all)`,
    ].join('\n'),
  )
  if (!(whole.ratio <= most)) process.exitCode = 1
}
