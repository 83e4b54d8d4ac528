// Applies the migrations of public repositories with Prisma's own engine and with `apply: atomic`, and compares what is there.
//   tsx scripts/identity.ts [--histories DIR] [--only NAME] [--server 17]
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { postgresMajors, startServer } from '../test/lab/server.ts'
import { applyAtomically, applyWithPrisma, differences, whatIsThere } from '../test/stages/apply/atomic/two-ways.ts'
import { readHistory, withoutRefused } from './histories/runnable.ts'

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '.cache/histories' },
    only: { type: 'string', default: '' },
    server: { type: 'string', default: '17' },
  },
})
const major = postgresMajors.find((one) => String(one) === values.server)
if (major === undefined) throw new Error(`--server is one of ${postgresMajors.join(', ')}`)

await using server = await startServer(major)
const totals = { histories: 0, migrations: 0, refused: 0, notByPrisma: 0, different: 0, prismaMs: 0, atomicMs: 0 }
for (const history of readdirSync(values.histories).filter((name) => name.includes(values.only))) {
  const files = readHistory(join(values.histories, history))
  const number = totals.histories
  const runnable = await withoutRefused(await databaseFor(`judge_${number}`), files)
  const { refused } = runnable
  let { migrations } = runnable
  let ofPrisma = await databaseFor(`prisma_${number}`)
  const ofAtomic = await databaseFor(`atomic_${number}`)
  let prismaMs = await timed(() => applyWithPrisma(ofPrisma, migrations))
  for (let name = failedIn(prismaMs); name !== undefined; name = failedIn(prismaMs)) {
    // Prisma sends it in one message, in which PostgreSQL runs no CREATE INDEX CONCURRENTLY: nobody can compare that.
    console.log(`${history}: ${name} is left out, because Prisma itself cannot apply it`)
    totals.notByPrisma += 1
    migrations = migrations.filter((one) => one.name !== name)
    ofPrisma = await databaseFor(`prisma_${number}_${totals.notByPrisma}`)
    prismaMs = await timed(() => applyWithPrisma(ofPrisma, migrations))
  }
  const atomicMs = await timed(() => applyAtomically(ofAtomic, migrations))
  const found =
    typeof prismaMs === 'string' || typeof atomicMs === 'string'
      ? [`Prisma: ${prismaMs}; atomic: ${atomicMs}`]
      : differences(await whatIsThere(ofPrisma), await whatIsThere(ofAtomic))
  totals.histories += 1
  totals.migrations += migrations.length
  totals.refused += refused
  totals.different += found.length === 0 ? 0 : 1
  totals.prismaMs += Number(prismaMs)
  totals.atomicMs += Number(atomicMs)
  console.log(
    `${history}: ${migrations.length} migrations, ${refused} statements left out, Prisma ${Number(prismaMs).toFixed(0)} ms, atomic ${Number(atomicMs).toFixed(0)} ms: ${found.length === 0 ? 'identical' : found.slice(0, 6).join('\n  ')}`,
  )
}
console.log(
  `PostgreSQL ${major}: ${totals.histories} histories, ${totals.migrations} migrations, ${totals.refused} statements that the server refuses and ${totals.notByPrisma} files that Prisma cannot apply left out; ${totals.different} histories differ; Prisma's engine ${totals.prismaMs.toFixed(0)} ms, atomic ${totals.atomicMs.toFixed(0)} ms`,
)
if (totals.different > 0 || totals.histories === 0) process.exitCode = 1

async function databaseFor(name: string): Promise<string> {
  if (major === undefined) throw new Error('no server')
  await server.createDatabase(name)
  return server.superuserUrl(name)
}

function failedIn(said: number | string): string | undefined {
  if (typeof said === 'number' || !said.includes('cannot run inside a transaction block')) return undefined
  return /^Migration name: (.+)$/m.exec(said)?.[1]
}

async function timed(work: () => Promise<void>): Promise<number | string> {
  const startedAt = performance.now()
  try {
    await work()
    return performance.now() - startedAt
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
