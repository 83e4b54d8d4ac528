import type { RunningRelease } from '../../compatibility/prisma-schema.ts'
import type { Policy, RuleSettings } from '../../config.ts'
import { type FailureError, fail } from '../../errors.ts'
import { atomicModel } from '../../migrations/atomic-model.ts'
import { withoutDone } from '../../migrations/atomic-progress.ts'
import type { Migration } from '../../migrations/migration.ts'
import { type Reader, readerOf } from '../../migrations/read-ahead.ts'
import type { ReadingThread } from '../../migrations/reading-thread.ts'
import type { AllowedFinding, Finding } from '../../rules/finding.ts'
import { analyseMigration, replayMigration, type Session } from '../../sql/analyse.ts'
import { type Catalog, unknownCatalog } from '../../sql/catalog/model.ts'
import type { RelationName } from '../../sql/model.ts'
import type { Parser } from '../../sql/parse.ts'
import { leftElsewhere, obstaclesOf } from './obstacles.ts'
import type { Obstacle, PlannedMigration } from './plan.ts'

export interface Analysis {
  readonly migrations: readonly PlannedMigration[]
  readonly findings: readonly Finding[]
  readonly allowed: readonly AllowedFinding[]
  readonly obstacles: readonly Obstacle[]
}

export interface AnalysisOptions {
  /** `undefined` where no Prisma runs the files. */
  readonly prismaVersion: string | undefined
  /** `atomic`: the files are run by Airlock itself, each in a session as good as new. */
  readonly apply?: Policy['apply']
  readonly schema: string
  readonly rules: RuleSettings
  /** What is there before the first applied migration; or before the first pending one, where none is given as applied. */
  readonly start: Catalog
  /** The pending migrations are applied to a database together: by one run of Prisma, in one session. */
  readonly oneRun?: boolean
  /** The release that is running, and which migrations it has to live with. */
  readonly running?: { readonly release: RunningRelease; readonly mustBear: (migration: string) => boolean } | undefined
  /** Reads a long history ahead; without it everything is read in this thread. */
  readonly thread?: ReadingThread | undefined
  /** Pending migrations that are older than the last applied one. */
  readonly late?: { readonly names: ReadonlySet<string>; readonly behind: string } | undefined
}

/**
 * The pending migrations in order, each judged on what the ones before it leave; those that are applied are only replayed.
 * All syntax errors are reported together.
 */
export async function analyse(
  { applied, pending }: { readonly applied: readonly Migration[]; readonly pending: readonly Migration[] },
  options: AnalysisOptions,
): Promise<Analysis> {
  const { prismaVersion } = options
  const atomic = options.apply === 'atomic' || prismaVersion === undefined
  const texts = [...applied, ...pending].map(stillToRun)
  const reader = readerOf(texts, options)
  const planned: PlannedMigration[] = []
  const findings: Finding[] = []
  const allowed: AllowedFinding[] = []
  const obstacles: Obstacle[] = []
  const syntaxErrors: string[] = []
  const notYetInUse = new Set<RelationName>()
  let session: Session | undefined = options.oneRun === true && !atomic ? { path: [options.schema] } : undefined
  let catalog = await replay(reader, applied, options)
  let atTheEnd: Catalog | undefined
  for (const [index, migration] of pending.entries()) {
    const { name, file, checksum, resume } = migration
    const sql = stillToRun(migration)
    const { parser, execution: executionOf } = await reader.next(sql)
    const execution = atomic ? atomicModel(sql, resume) : executionOf()
    const analysis = analyseMigration(parser, {
      name,
      file,
      sql,
      schema: options.schema,
      catalog,
      session,
      execution,
      notYetInUse,
      running: options.running?.mustBear(name) === true ? options.running.release : undefined,
      lateBehind: options.late?.names.has(name) === true ? options.late.behind : undefined,
      replayRest: (here) => {
        atTheEnd ??= pending
          .slice(index + 1)
          .reduce((before, later) => after(parser, later, options.schema, before), here)
        return atTheEnd
      },
      settings: options.rules,
    })
    if (analysis.kind === 'syntax-error') {
      const hint = analysis.hint === undefined ? '' : ` (${analysis.hint})`
      syntaxErrors.push(`${file}:${analysis.line}:${analysis.column} ${analysis.message}${hint}`)
      continue
    }
    catalog = analysis.catalogAfter
    if (session !== undefined) session = analysis.sessionAfter
    if (applied.length > 0 || options.oneRun === true) for (const table of analysis.creates) notYetInUse.add(table)
    obstacles.push(...obstaclesOf({ name, file }, execution))
    if (!atomic) obstacles.push(...leftElsewhere(name, options.schema, analysis.sessionAfter))
    findings.push(...analysis.findings)
    allowed.push(...analysis.allowed)
    const { stage, statements } = analysis
    planned.push({ name, checksum, file, stage, execution, resumesAt: resume?.doneBytes, statements })
  }
  if (syntaxErrors.length > 0) throw unparsable(syntaxErrors)
  return { migrations: planned, findings, allowed, obstacles }
}

/** The text that this run is going to execute. */
function stillToRun({ sql, resume }: Migration): string {
  return resume === undefined ? sql : withoutDone(sql, resume)
}

/**
 * What the applied files say about the database. Prisma never runs them again, so one that no longer parses is not held
 * against anybody; but what it did is not known, and nothing that was learnt before it may be relied on.
 */
async function replay(
  reader: Reader,
  applied: readonly Migration[],
  { schema, start }: Pick<AnalysisOptions, 'schema' | 'start'>,
): Promise<Catalog> {
  let catalog = start
  for (const migration of applied) {
    const { parser } = await reader.next(migration.sql)
    catalog = after(parser, migration, schema, catalog)
  }
  return catalog
}

function after(parser: Parser, { name, sql }: Migration, schema: string, catalog: Catalog): Catalog {
  const replayed = replayMigration(parser, { name, sql, schema, catalog })
  return replayed.kind === 'replayed' ? replayed.catalogAfter : unknownCatalog
}

function unparsable(errors: readonly string[]): FailureError {
  return fail('SQL.SYNTAX', {
    what:
      errors.length === 1
        ? 'A migration does not parse as PostgreSQL SQL.'
        : `${errors.length} migrations do not parse as PostgreSQL SQL.`,
    why: errors.join('\n'),
    next: [
      'Correct the SQL at the place named above. Commands of psql (\\copy, \\i) and COPY … FROM stdin do not work in a migration.',
    ],
  })
}
