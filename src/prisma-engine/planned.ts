import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Piece } from '../migrations/execution-model.ts'
import type { ModelOf } from './execution.ts'
import { EngineFailure } from './failures.ts'

/** The variable that names a file with what was planned; without it the engine applies whatever Prisma reads. */
export const plannedVariable = 'AIRLOCK_PLANNED_MIGRATIONS'

export type Params = Readonly<Record<string, unknown>>

export interface PlannedMigrations {
  /** Names of those that are applied already. */
  readonly applied: readonly string[]
  /** By name, the SHA-256 of the file, as Prisma records it. */
  readonly pending: Readonly<Record<string, string>>
  /** In the folder, and not asked for. */
  readonly leftOut: readonly string[]
  /** Those that nobody queues behind: while they run, a lock may take longer to get and a statement to end. */
  readonly gentle?: { readonly names: readonly string[]; readonly lockTimeoutMs: number }
}

async function readPlanned(plannedFile: string): Promise<PlannedMigrations> {
  return JSON.parse(await readFile(plannedFile, 'utf8')) as PlannedMigrations
}

/** The limits are set before the first piece of a gentle script, and those that the URL set are back after the last. */
export async function withGentleLimits(modelOf: ModelOf, plannedFile: string | undefined): Promise<ModelOf> {
  if (plannedFile === undefined) return modelOf
  const { pending, gentle } = await readPlanned(plannedFile)
  if (gentle === undefined || gentle.names.length === 0) return modelOf
  const checksums = new Set(gentle.names.map((name) => pending[name]))
  const before = `SET lock_timeout = ${gentle.lockTimeoutMs}; SET statement_timeout = 0`
  return (script) => {
    const model = modelOf(script)
    if (!checksums.has(sha256(script))) return model
    const around = (sql: string): Piece => ({ sql, startByte: 0, endByte: 0 })
    return {
      ...model,
      pieces: [around(before), ...model.pieces, around('RESET lock_timeout; RESET statement_timeout')],
    }
  }
}

function sha256(script: string): string {
  return createHash('sha256').update(script).digest('hex')
}

/** Between the plan and Prisma's own reading of the folder the project's code runs: what it changed there must not be applied. */
export async function onlyPlanned(params: Params, plannedFile: string | undefined): Promise<Params> {
  if (plannedFile === undefined) return params
  const planned = await readPlanned(plannedFile)
  for (const { name, script } of migrationsIn(params)) {
    if (planned.applied.includes(name) || planned.leftOut.includes(name)) continue
    const expected = planned.pending[name]
    if (expected === undefined) throw unplanned(`${name} was not there when the deploy was planned`)
    if (sha256(script) !== expected) throw unplanned(`${name}/migration.sql is not the file that was planned`)
  }
  return planned.leftOut.length === 0 ? params : without(planned.leftOut, params)
}

function without(leftOut: readonly string[], params: Params): Params {
  const list = params.migrationsList as Params
  const directories = list.migrationDirectories as readonly { readonly path: string }[]
  const kept = directories.filter(({ path }) => !leftOut.includes(path))
  return { ...params, migrationsList: { ...list, migrationDirectories: kept } }
}

function unplanned(what: string): EngineFailure {
  return new EngineFailure(undefined, `${what}. Nothing was applied.`)
}

/** As the CLI hands over what it read: `{ migrationsList: { migrationDirectories: [{ path, migrationFile: { content } }] } }`. */
function migrationsIn(params: unknown): readonly { readonly name: string; readonly script: string }[] {
  const directories = at(at(params, 'migrationsList'), 'migrationDirectories')
  if (!Array.isArray(directories)) throw unplanned('Prisma does not say which migrations it read')
  return directories.map((directory: unknown) => {
    const name = at(directory, 'path')
    const content = at(at(directory, 'migrationFile'), 'content')
    const script = at(content, 'value')
    if (typeof name !== 'string') throw unplanned('Prisma does not say which migrations it read')
    // A folder without a file is not applied either; its text cannot have the checksum of one that was planned.
    return { name, script: typeof script === 'string' ? script : '' }
  })
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}
