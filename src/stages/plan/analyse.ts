import type { RunningRelease } from '../../compatibility/prisma-schema.ts'
import { type FailureError, fail } from '../../errors.ts'
import { executionModel, type SqlParser, splitsFiles } from '../../migrations/execution-model.ts'
import { loadSqlParser } from '../../migrations/execution-parser.ts'
import type { Migration } from '../../migrations/migration.ts'
import type { AllowedFinding, Finding, Severity } from '../../rules/finding.ts'
import { analyseMigration, replayMigration } from '../../sql/analyse.ts'
import { type Catalog, unknownCatalog } from '../../sql/catalog/model.ts'
import type { RelationName } from '../../sql/model.ts'
import { loadParser, type Parser } from '../../sql/parse.ts'
import { obstaclesOf } from './obstacles.ts'
import type { Obstacle, PlannedMigration } from './plan.ts'
import { findingsOfStray } from './stray.ts'

export interface Analysis {
  readonly migrations: readonly PlannedMigration[]
  readonly findings: readonly Finding[]
  readonly allowed: readonly AllowedFinding[]
  readonly obstacles: readonly Obstacle[]
}

export interface AnalysisOptions {
  readonly prismaVersion: string
  readonly schema: string
  readonly rules: Readonly<Record<string, Severity | 'off'>>
  /** What is there before the first migration of the folder: nothing, or a database that nobody has described. */
  readonly start: Catalog
  /** The release that is running, and which migrations it has to live with. */
  readonly running?: { readonly release: RunningRelease; readonly mustBear: (migration: string) => boolean } | undefined
}

/**
 * The pending migrations in order, each judged on what the ones before it leave; those that are applied are only replayed.
 * All syntax errors are reported together.
 */
export async function analyse(
  { applied, pending }: { readonly applied: readonly Migration[]; readonly pending: readonly Migration[] },
  options: AnalysisOptions,
): Promise<Analysis> {
  const parser = await loadParser()
  const splitter = splitsFiles(options.prismaVersion) ? await loadSqlParser() : neverAsked
  const planned: PlannedMigration[] = []
  const findings: Finding[] = []
  const allowed: AllowedFinding[] = []
  const obstacles: Obstacle[] = []
  const syntaxErrors: string[] = []
  const notYetInUse = new Set<RelationName>()
  let catalog = replay(parser, applied, options)
  for (const { name, file, sql, checksum } of pending) {
    const execution = executionModel(options.prismaVersion, sql, splitter)
    const analysis = analyseMigration(parser, {
      name,
      file,
      sql,
      schema: options.schema,
      catalog,
      execution,
      notYetInUse,
      running: options.running?.mustBear(name) === true ? options.running.release : undefined,
    })
    if (analysis.kind === 'syntax-error') {
      const hint = analysis.hint === undefined ? '' : ` (${analysis.hint})`
      syntaxErrors.push(`${file}:${analysis.line}:${analysis.column} ${analysis.message}${hint}`)
      continue
    }
    catalog = analysis.catalogAfter
    if (applied.length > 0) for (const table of analysis.creates) notYetInUse.add(table)
    obstacles.push(...obstaclesOf(name, execution))
    const { statements } = analysis
    const said = [...analysis.findings, ...findingsOfStray({ name, file, statements }, execution)]
    findings.push(...said.flatMap((finding) => atSeverity(finding, options.rules[finding.rule])))
    allowed.push(...analysis.allowed.filter(({ rule }) => options.rules[rule] !== 'off'))
    planned.push({ name, checksum, file, stage: analysis.stage, execution, statements: analysis.statements })
  }
  if (syntaxErrors.length > 0) throw unparsable(syntaxErrors)
  return { migrations: planned, findings, allowed, obstacles }
}

/**
 * What the applied files say about the database. Prisma never runs them again, so one that no longer parses is not held
 * against anybody; but what it did is not known, and nothing that was learnt before it may be relied on.
 */
function replay(parser: Parser, applied: readonly Migration[], { schema, start }: AnalysisOptions): Catalog {
  let catalog = start
  for (const { name, sql } of applied) {
    const replayed = replayMigration(parser, { name, sql, schema, catalog })
    catalog = replayed.kind === 'replayed' ? replayed.catalogAfter : unknownCatalog
  }
  return catalog
}

const neverAsked: SqlParser = {
  countStatements() {
    throw new Error('this version of Prisma does not split files')
  },
}

function atSeverity(finding: Finding, severity: Severity | 'off' | undefined): readonly Finding[] {
  if (severity === 'off') return []
  return [severity === undefined ? finding : { ...finding, severity }]
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
