/** What a rule is. Each lives in a folder with its documentation and its cases; `index.ts` lists them. */

import type { Node } from 'libpg-query'
import type { RunningRelease } from '../compatibility/prisma-schema.ts'
import type { RuleSettings } from '../config.ts'
import type { Change } from '../sql/catalog/change.ts'
import type { Catalog } from '../sql/catalog/model.ts'
import type { InnerStatement } from '../sql/effects/sink.ts'
import type { RelationName, Statement } from '../sql/model.ts'
import type { SourceText } from '../sql/source-text.ts'
import type { Severity } from './finding.ts'
import type { Topic } from './topics.ts'

export const ruleGroups = [
  'destructive',
  'irreversible',
  'lock',
  'rewrite',
  'constraint',
  'data-dependent',
  'application-compatibility',
  'transaction',
  'security',
  'unknown',
] as const
export type RuleGroup = (typeof ruleGroups)[number]

export interface AnalysedStatement extends Statement {
  readonly node: Node
  readonly changes: readonly Change[]
  /** What runs as part of it. Its effects and changes are among those of the statement. */
  readonly inner: readonly InnerStatement[]
}

/** How the file will be run; see migrations/execution-model.ts. */
export interface Execution {
  readonly atomic: boolean
  readonly kind: string
  readonly because: string
  /** Statements that find no transaction where they need one, counted from 0; `fails` where the server refuses them. */
  readonly stray: readonly { readonly statement: number; readonly what: string; readonly fails: boolean }[]
}

export interface RuleContext {
  readonly migration: string
  readonly file: string
  readonly schema: string
  readonly source: SourceText
  readonly statements: readonly AnalysedStatement[]
  /** The catalog before the first statement. */
  readonly catalogBefore: Catalog
  /** The catalog after the last one. */
  readonly catalogAfter: Catalog
  /** The catalog after the last of the migrations that are judged together. Worked out when asked for. */
  readonly catalogAtTheEnd: () => Catalog
  readonly execution: Execution | undefined
  /** Tables that exist but that no running application uses yet: to lock them blocks nobody. */
  readonly notYetInUse: ReadonlySet<RelationName>
  /** What the release that is running expects; `undefined` where nobody said which one that is. */
  readonly running: RunningRelease | undefined
  /** The last migration that is applied already, where that is a later one than this. */
  readonly lateBehind: string | undefined
  /** Of airlock.yml: a rule that leaves something to another one asks whether that one speaks. */
  readonly settings: RuleSettings
  /** A comment at the statement allows what the rule that is asked says about it. */
  readonly isAllowed: (statement: AnalysedStatement) => boolean
  /** Of every rule there is: what a comment may name. */
  readonly ruleIds: readonly string[]
}

/** What a rule has to say; where it stands and whose it is are added by `findingsOf`. */
export interface Remark {
  readonly statement: AnalysedStatement
  /** Which command of an ALTER TABLE, counted from 0; without it the statement is meant. */
  readonly clause?: number | undefined
  /** Another place than the statement's. */
  readonly at?: { readonly line: number; readonly column: number } | undefined
  /** The table whose size decides how long it takes; see `growsWithTable`. */
  readonly relation?: RelationName | undefined
  readonly severity: Severity
  readonly message: string
  readonly why: string
  readonly instead: string
  /** It can fail on the rows that are there: what of the file stays then is added to `why`. */
  readonly mayFail?: boolean
}

export interface Rule {
  readonly id: string
  readonly title: string
  readonly group: RuleGroup
  readonly documentation: {
    /** A paragraph for somebody who never met the problem. */
    readonly summary: string
    /** Complete migrations: the test runs the rule over both. */
    readonly bad: string
    readonly good: string
  }
  /** What it warns of takes as long as the table is large: on one that is known to be small it is worth a notice. */
  readonly growsWithTable?: boolean
  /** It reads statements, not changes: those in blocks and functions are handed to it one by one, as if they stood in the file. */
  readonly looksInside?: boolean
  /** False where it has nothing to judge by, so that silence means nothing. */
  readonly judges?: (context: RuleContext) => boolean
  /** It has nothing to say about a file without any of these, and is not asked; without it, it is asked about every file. */
  readonly about?: readonly Topic[]
  readonly check: (context: RuleContext) => readonly Remark[]
}
