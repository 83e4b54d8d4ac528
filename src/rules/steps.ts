/**
 * A safe change takes three steps: add what the next release needs, move the rows, take away what no release needs any more.
 * Which statements of a file belong to which, where it takes more than one of them at once.
 */

import type { Change } from '../sql/catalog/change.ts'
import { listed } from '../sql/identifiers.ts'
import type { MigrationStage, RelationName } from '../sql/model.ts'
import { stageOfStatement } from '../sql/stage.ts'
import { clauseText, isInUse } from './in-use.ts'
import { relation } from './naming.ts'
import { renamedColumns } from './rename-as-drop-add/columns.ts'
import { renamedTables } from './rename-as-drop-add/tables.ts'
import type { AnalysedStatement, RuleContext } from './rule.ts'

export type Step = Exclude<MigrationStage, 'cleanup'>
const steps: readonly Step[] = ['expand', 'data', 'contract']

/** A statement, or one command of an ALTER TABLE. */
interface Part {
  readonly statement: AnalysedStatement
  readonly clause: number | undefined
  readonly changes: readonly Change[]
  /** `undefined` for what steers the session, and for types, which go with what uses them. */
  readonly stage: MigrationStage | undefined
}

export interface SplitStep {
  readonly step: Step
  readonly statements: readonly AnalysedStatement[]
  /** Which command of its first statement is the first of it. */
  readonly clause: number | undefined
  readonly sql: string
}

export interface Split {
  /** In the order in which they are to be applied; two or three of them. */
  readonly steps: readonly SplitStep[]
}

export function splitOf(context: RuleContext): Split | undefined {
  const parts = context.statements.flatMap(partsOf)
  // Tidying goes with the last step that there is, and the rest with nothing else than its own kind.
  const stages = new Set(parts.map(({ stage }) => stage))
  if (steps.filter((step) => stages.has(step)).length < 2) return undefined
  const candidates = parts.filter((part) => decides(part, context))
  if (candidates.length < 2) return undefined
  const renames = renamesIn(context)
  const deciding = new Set(candidates.filter((part) => !renames.has(part.statement)))
  const last = steps.findLast((step) => [...deciding].some(({ stage }) => stage === step))
  if (last === undefined) return undefined
  const placed = inSteps(parts, last)
  const found = steps.flatMap((step): readonly SplitStep[] => {
    const own = placed.filter((one) => one.step === step).map(({ part }) => part)
    if (!own.some((part) => deciding.has(part))) return []
    const statements = [...new Set(own.map(({ statement }) => statement))]
    return [{ step, statements, clause: own[0]?.clause, sql: sqlOf(own, context) }]
  })
  return found.length < 2 ? undefined : { steps: found }
}

const headings: Readonly<Record<Step, readonly [first: string, later: string]>> = {
  expand: ['this migration: what the next release needs', 'this migration: what the next release needs'],
  data: ['this migration: the rows', 'the next migration: the rows'],
  contract: ['', 'a later migration, once no running release needs the old'],
}

/** The files that it should have been, as SQL with a heading for each. */
export function splitText(split: Split): string {
  return split.steps.map(({ step, sql }, index) => `-- ${headings[step][index === 0 ? 0 : 1]}\n${sql}`).join('\n')
}

function partsOf(statement: AnalysedStatement): readonly Part[] {
  const { changes, kind, effects } = statement
  const whole = () => [{ statement, clause: undefined, changes, stage: stageOfWhole(statement) }]
  if (kind !== 'AlterTableStmt' || effects.unknown) return whole()
  const clauses = [...new Set(changes.map((change) => ('clause' in change ? change.clause : 0)))]
  if (clauses.length < 2) return whole()
  return clauses.map((clause) => {
    const own = changes.filter((change) => ('clause' in change ? change.clause : 0) === clause)
    return { statement, clause, changes: own, stage: stageOfCommand(statement, own) }
  })
}

/** A new type or label hurts nobody and comes first; one that is renamed or made anew goes with what uses it. */
function stageOfWhole(statement: AnalysedStatement): MigrationStage | undefined {
  const { changes, effects } = statement
  const [change] = changes
  // A temporary table ends with the session, and what was made in the file is dropped when the file has used it.
  if (change?.kind === 'create-table' && isTemporary(change.table.name)) return 'data'
  if (change?.kind.startsWith('drop-') && stageOfStatement(statement) === 'expand') return 'cleanup'
  if (effects.locks.length > 0 || change === undefined || !changes.every(isAboutType))
    return stageOfStatement(statement)
  if (change.kind === 'drop-type') return 'cleanup'
  const anew = change.kind === 'create-type' && /_(new|old)$/.test(change.type.name)
  return change.kind === 'rename-type' || anew ? undefined : 'expand'
}

function isAboutType({ kind }: Change): boolean {
  return kind === 'create-type' || kind === 'rename-type' || kind === 'drop-type' || kind === 'add-label'
}

function stageOfCommand({ kind, effects }: AnalysedStatement, changes: readonly Change[]): MigrationStage | undefined {
  if (changes.some((change) => change.kind === 'drop-column')) return 'contract'
  if (changes.some((change) => change.kind === 'drop-constraint')) return 'cleanup'
  return stageOfStatement({ kind, changes, effects: { ...effects, loses: [] } })
}

/** A rename that became DROP and ADD is to be written as a rename, which is one step. */
function renamesIn(context: RuleContext): ReadonlySet<AnalysedStatement> {
  return new Set([...renamedColumns(context), ...renamedTables(context)].map(({ dropped }) => dropped.statement))
}

/** Rows that are put into a new or a small table by value belong to what is added. */
const rowWork = new Set(['UpdateStmt', 'DeleteStmt', 'MergeStmt', 'DoStmt', 'CallStmt'])

/** Whether it alone makes the file one that takes this step. */
function decides({ statement, stage, changes }: Part, context: RuleContext): boolean {
  if (stage === 'expand') return changes.some(isNews)
  if (stage === 'contract') return !statement.effects.unknown && !changes.some(isDoneOtherwise)
  const { locks } = statement.effects
  const moves = rowWork.has(statement.kind) || locks.some((lock) => lock.mode === 'AccessShareLock')
  return stage === 'data' && moves && locks.some((lock) => isInUse(lock.relation, statement, context))
}

/** A rename and a required column without a default are to be written in another way, which is told, and not only later. */
function isDoneOtherwise({ kind }: Change): boolean {
  return kind === 'add-column' || kind.startsWith('rename-')
}

/** What the next release may ask for. An index, a view or a function that is made anew alone is no step of its own. */
function isNews(change: Change): boolean {
  return (change.kind === 'create-table' && !isTemporary(change.table.name)) || change.kind === 'add-column'
}

function isTemporary(table: RelationName): boolean {
  return table.startsWith('pg_temp.')
}

interface Placed {
  readonly part: Part
  readonly step: Step
}

/** Later where it builds on something that is later: a constraint on rows that are moved first, or on a column that changes. */
function inSteps(parts: readonly Part[], lastStep: Step): readonly Placed[] {
  const placed: Placed[] = []
  const waiting: Part[] = []
  const later: Later = { names: new Map(), relations: new Map() }
  for (const part of parts) {
    if (part.statement.kind === 'TransactionStmt' || part.statement.kind === 'VariableSetStmt') continue
    if (part.stage === undefined) {
      waiting.push(part)
      continue
    }
    const own = part.stage === 'cleanup' ? lastStep : part.stage
    const step = lastOf([own, ...neededBy(part, later)])
    placed.push(...waiting.splice(0).map((companion) => ({ part: companion, step })), { part, step })
    if (step !== 'expand') remember(part, step, later)
  }
  const last = placed.at(-1)?.step ?? 'expand'
  return [...placed, ...waiting.map((part) => ({ part, step: last }))]
}

/** What is done after the first step, under the names that a later statement may need. */
interface Later {
  readonly names: Map<string, Step>
  readonly relations: Map<RelationName, Step>
}

function lastOf(found: readonly (Step | undefined)[]): Step {
  return steps.findLast((step) => found.includes(step)) ?? 'expand'
}

function remember({ statement, changes, stage }: Part, step: Step, { names, relations }: Later): void {
  for (const change of changes) names.set(nameOf(change), lastOf([step, names.get(nameOf(change))]))
  // Nothing needs a thing to be gone but what takes its name.
  if (stage !== 'data' && changes.every(({ kind }) => kind.startsWith('drop-'))) return
  for (const relation of relationsOf({ statement, changes }))
    relations.set(relation, lastOf([step, relations.get(relation)]))
}

function neededBy({ statement, changes, stage }: Part, { names, relations }: Later): readonly (Step | undefined)[] {
  const needed = changes.map((change) => (nameOf(change) === '' ? undefined : names.get(nameOf(change))))
  if (stage === 'data' || stage === 'contract')
    return [...needed, ...[...relationsOf({ statement, changes })].map((relation) => relations.get(relation))]
  return [
    ...needed,
    ...changes.map((change) => {
      if (change.kind === 'create-index') return relations.get(change.index.table)
      return change.kind === 'add-constraint' || change.kind === 'alter-column'
        ? relations.get(change.table)
        : undefined
    }),
  ]
}

function nameOf(change: Change): string {
  switch (change.kind) {
    case 'add-column':
      return `${change.table}.${change.column.name}`
    case 'drop-column':
    case 'drop-constraint':
      return `${change.table}.${change.name}`
    case 'rename-column':
      return `${change.table}.${change.from}`
    case 'add-constraint':
      return `${change.table}.${change.constraint.name}`
    case 'create-index':
      return change.index.name
    case 'create-table':
      return change.table.name
    case 'drop-table':
    case 'drop-index':
    case 'drop-view':
      return change.name
    case 'create-view':
      return change.view.name
    default:
      return ''
  }
}

function relationsOf({ statement, changes }: Pick<Part, 'statement' | 'changes'>): ReadonlySet<string> {
  const names = new Set(statement.effects.locks.map((lock) => lock.relation))
  for (const change of changes) {
    if ('table' in change) names.add(typeof change.table === 'string' ? change.table : change.table.name)
    if (change.kind === 'create-index') names.add(change.index.table)
    if (change.kind === 'rename-table') names.add(change.from).add(change.to)
  }
  return names
}

const mostStatements = 12

function sqlOf(parts: readonly Part[], context: RuleContext): string {
  const byStatement = new Map<AnalysedStatement, Part[]>()
  for (const part of parts) byStatement.set(part.statement, [...(byStatement.get(part.statement) ?? []), part])
  const shown = [...byStatement].slice(0, mostStatements)
  const left = [...byStatement.keys()].slice(mostStatements).map(({ range }) => range.line)
  return [
    ...shown.map(([statement, own]) => textOf(statement, own, context)),
    ...(left.length > 0 ? [`-- and line${left.length > 1 ? 's' : ''} ${listed(left.map(String))}`] : []),
  ].join('\n')
}

const mostCharacters = 240

function textOf(statement: AnalysedStatement, [first, ...rest]: readonly Part[], context: RuleContext): string {
  const table = first?.changes.map((change) => ('table' in change ? change.table : undefined))[0]
  if (first?.clause === undefined || typeof table !== 'string') return shortened(statement)
  const commands = [first, ...rest].map(({ clause }) => clauseText(statement, clause ?? 0))
  return `ALTER TABLE ${relation(table, context)} ${commands.join(', ')};`
}

/** Of a long statement, which stands in the file, only where. */
function shortened({ sql, range: { line, endLine } }: AnalysedStatement): string {
  if (sql.length <= mostCharacters) return `${sql};`
  return `-- ${endLine > line ? `lines ${line} to ${endLine}` : `line ${line}`}: ${sql.split('\n')[0]?.slice(0, mostCharacters / 4)} …`
}
