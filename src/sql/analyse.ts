/** From the text of one migration to what it does, what there is to say about it, and the catalog after it. */

import type { RunningRelease } from '../compatibility/prisma-schema.ts'
import type { RuleSettings } from '../config.ts'
import type { AllowedFinding, Finding } from '../rules/finding.ts'
import { ruleIds } from '../rules/index.ts'
import { judge } from '../rules/judge.ts'
import type { AnalysedStatement, Execution } from '../rules/rule.ts'
import { certainly } from './catalog/change.ts'
import { CatalogDraft } from './catalog/draft.ts'
import type { Catalog } from './catalog/model.ts'
import { effectsOf } from './effects/effects-of.ts'
import type { MigrationStage, RelationName, Statement } from './model.ts'
import { type ParsedMigration, type Parser, parseMigration, type SyntaxErrorInMigration } from './parse.ts'
import type { SourceText } from './source-text.ts'
import { stageOf } from './stage.ts'

export interface MigrationToAnalyse {
  readonly name: string
  readonly file: string
  readonly sql: string
  /** Where its tables are; Prisma's `?schema=`, else `public`. */
  readonly schema: string
  /** Where all of a run are applied in one session: that session. Else the file is one of its own. */
  readonly session?: Session | undefined
  /** The state before it: that of the last migration's `catalogAfter`, `unknownCatalog`, or one read from a live server. */
  readonly catalog: Catalog
  /** How Prisma will run the file; without it nothing is said about half-applied files. */
  readonly execution?: Execution | undefined
  /** Tables of earlier migrations that are applied in the same run: they exist, but no application uses them yet. */
  readonly notYetInUse?: ReadonlySet<RelationName> | undefined
  /** Without it nothing is said about the application. */
  readonly running?: RunningRelease | undefined
  /** The last migration that is applied already, where that is a later one. */
  readonly lateBehind?: string | undefined
  /** From the catalog after this migration to the one after the last that is judged with it; without it this is the last. */
  readonly replayRest?: ((catalog: Catalog) => Catalog) | undefined
  readonly settings?: RuleSettings | undefined
}

/** What lasts from file to file: Prisma applies all of a run in one session. */
export interface Session {
  readonly path: readonly string[] | undefined
}

export type Analysis =
  | {
      readonly kind: 'analysed'
      readonly statements: readonly Statement[]
      readonly findings: readonly Finding[]
      readonly allowed: readonly AllowedFinding[]
      readonly stage: MigrationStage
      readonly catalogAfter: Catalog
      /** Tables that it created, for `notYetInUse` of the next one. */
      readonly creates: readonly RelationName[]
      readonly source: SourceText
      readonly sessionAfter: Session
    }
  | SyntaxErrorInMigration

/** Only what a migration leaves behind, for those that are applied: no rule is asked. */
export function replayMigration(
  parser: Parser,
  migration: Pick<MigrationToAnalyse, 'name' | 'sql' | 'schema' | 'catalog'>,
): { readonly kind: 'replayed'; readonly catalogAfter: Catalog } | SyntaxErrorInMigration {
  const parsed = parseMigration(parser, migration.sql)
  if (parsed.kind === 'syntax-error') return parsed
  const { draft } = replay(parser, parsed, migration)
  draft.endSession()
  return { kind: 'replayed', catalogAfter: draft }
}

/** `judging` is a value so that somebody can see what the rules are given. */
export function analyseMigration(parser: Parser, migration: MigrationToAnalyse, judging = judge): Analysis {
  const parsed = parseMigration(parser, migration.sql)
  if (parsed.kind === 'syntax-error') return parsed
  const { analysed, draft, creates, sessionAfter } = replay(parser, parsed, migration)
  if (migration.session === undefined) draft.endSession()
  const { findings, allowed } = judging({
    migration: migration.name,
    file: migration.file,
    schema: migration.schema,
    source: parsed.source,
    statements: analysed,
    catalogBefore: migration.catalog,
    catalogAfter: draft,
    catalogAtTheEnd: () => migration.replayRest?.(draft) ?? draft,
    execution: migration.execution,
    notYetInUse: migration.notYetInUse ?? new Set(),
    running: migration.running,
    lateBehind: migration.lateBehind,
    settings: migration.settings ?? {},
    ruleIds,
  })
  return {
    kind: 'analysed',
    statements: analysed.map(({ index, kind, sql, range, effects, runsCode }) => ({
      index,
      kind,
      sql,
      range,
      effects,
      runsCode,
    })),
    findings,
    allowed,
    stage: stageOf(analysed),
    catalogAfter: draft,
    creates,
    source: parsed.source,
    sessionAfter,
  }
}

function replay(
  parser: Parser,
  parsed: ParsedMigration,
  migration: Pick<MigrationToAnalyse, 'name' | 'schema' | 'catalog' | 'session'>,
) {
  const draft = new CatalogDraft(migration.catalog)
  const analysed: AnalysedStatement[] = []
  const creates: RelationName[] = []
  let { path }: Session = migration.session ?? { path: [migration.schema] }
  for (const { index, kind, node, sql, range } of parsed.statements) {
    const { effects, changes, runsCode, inner } = effectsOf(node, {
      catalog: draft,
      path,
      migration: migration.name,
      text: sql,
      parser,
      within: [],
    })
    // Rules judge what may happen like what will.
    analysed.push({ index, kind, sql, range, effects, runsCode, inner, node, changes: changes.map(certainly) })
    for (const change of changes) {
      const made = certainly(change)
      // A table that may have been there before, unseen, is not a new one.
      if (made.kind === 'create-table' && (change === made || draft.complete)) creates.push(made.table.name)
      if (made.kind === 'search-path') path = made === change ? made.path : undefined
      draft.apply(change)
    }
  }
  return { analysed, draft, creates, sessionAfter: { path } satisfies Session }
}
