import { atomicModel } from '../../src/migrations/atomic-model.ts'
import { executionModel, splitsFiles } from '../../src/migrations/execution-model.ts'
import { loadSqlParser } from '../../src/migrations/execution-parser.ts'
import type { LabServer } from '../../test/lab/server.ts'
import { applyAtomically } from '../../test/stages/apply/atomic/two-ways.ts'
import { readTables } from './catalog.ts'
import { type Comparison, compare } from './compare.ts'
import { type Filled, fill, openClient } from './fill.ts'
import { whatFits } from './fitting.ts'
import type { Point } from './points.ts'
import { deploy, projectOf, rehearse } from './programs.ts'
import { type Budget, sizesOf } from './sizes.ts'
import { type FileToRun, runOnTarget } from './target.ts'

export interface Replayed extends Comparison {
  readonly point: Point
  readonly filled: Filled
  readonly pending: number
}

/** One point of a history: production is made, rehearsed, and then goes through what was rehearsed. `undefined` where that takes too long. */
export async function replay(
  server: LabServer,
  point: Point,
  budget: Budget,
  random: () => number,
): Promise<Replayed | undefined> {
  const name = `${point.history}_${point.number}`
  const base = `${name}_base`
  const baseUrl = await server.createDatabase(base)
  await using admin = await openClient(server.superuserUrl())
  // Only what is to be measured waits for the disk.
  await admin.query(`ALTER DATABASE ${base} SET synchronous_commit = off`)
  await applyAtomically(baseUrl, point.applied)
  const fitting =
    point.data === 'fitting'
      ? await whatFits(server, base, point.pending)
      : { empty: new Set<string>(), pending: point.pending.length }
  const pending = point.pending.slice(0, Math.max(1, fitting.pending))

  await admin.query(`ALTER DATABASE ${base} RENAME TO ${name}`)
  const filled = await fillProduction(server.superuserUrl(name), { ...point, pending }, fitting.empty, budget, random)
  await admin.query(`ALTER DATABASE ${name} RESET synchronous_commit`)
  await admin.query(`CREATE DATABASE ${name}_deployed TEMPLATE ${name} OWNER app_owner STRATEGY file_copy`)
  await admin.query('CHECKPOINT')

  await using project = await projectOf({ ...point, pending })
  const predicted = await rehearse(project, server.ownerUrl(name))
  if (predicted === undefined) return undefined
  const { result, rehearsal } = predicted
  const files = await Promise.all(
    result.migrations.map(async ({ name: migration, statements }): Promise<FileToRun> => {
      const sql = pending.find((one) => one.name === migration)?.sql ?? ''
      const together = await isOneMessage(point, project.prismaVersion, sql, statements.length)
      return { name: migration, together, statements }
    }),
  )
  const target = await runOnTarget(server.ownerUrl(name), files)
  const deployed = await deploy(project, server.ownerUrl(`${name}_deployed`), pending)
  for (const done of [name, `${name}_deployed`]) await admin.query(`DROP DATABASE ${done} WITH (FORCE)`)
  const where = `${point.history} ${point.applied.length}+${pending.length}`
  return { point, filled, pending: pending.length, ...compare(where, result, rehearsal, target, deployed) }
}

async function fillProduction(
  url: string,
  { data, pending }: Point,
  empty: ReadonlySet<string>,
  budget: Budget,
  random: () => number,
): Promise<Filled> {
  await using client = await openClient(url)
  const pendingSql = pending.map(({ sql }) => sql).join('\n')
  const rows = sizesOf(await readTables(client), pendingSql, empty, budget, random)
  const filled = await fill(url, { rows, data })
  await client.query('VACUUM (ANALYZE)')
  return filled
}

async function isOneMessage(
  { engine }: Point,
  prismaVersion: string,
  sql: string,
  statements: number,
): Promise<boolean> {
  if (engine === 'atomic') return atomicModel(sql).kind === 'batch'
  const parser = splitsFiles(prismaVersion) ? await loadSqlParser() : { countStatements: () => undefined }
  return executionModel(prismaVersion, sql, parser).kind === 'batch' && statements > 1
}
