import { type Effects, type Lock, type LockMode, lockModes, type RelationName } from '../../../sql/model.ts'
import type { PlannedMigration } from '../../plan/plan.ts'
import type { StatementTrace, Trace } from './trace.ts'

/** Where a statement did something else on the copy than the plan says. */
export interface Disagreement {
  readonly migration: string
  readonly line: number
  readonly what: 'lock' | 'rewrite' | 'scan'
  /** `AccessExclusiveLock on public.User`; undefined where nothing is said, or nothing was seen. */
  readonly said: string | undefined
  readonly seen: string | undefined
  readonly text: string
}

/** A statement of which the plan could not tell everything, and what it did on the copy. */
export interface Resolved {
  readonly migration: string
  readonly line: number
  readonly because: string
  readonly text: string
}

export interface Agreement {
  readonly disagreements: readonly Disagreement[]
  readonly resolved: readonly Resolved[]
  /** How many were compared in full. */
  readonly compared: number
}

/** What rows they meet decides which weak locks they need, and the planner what they read. */
const dependsOnRows = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'DoStmt',
  'CallStmt',
])
const readsAsItLikes = new Set([
  ...dependsOnRows,
  'TruncateStmt',
  'CopyStmt',
  'CreateTableAsStmt',
  'RefreshMatViewStmt',
  'VacuumStmt',
])
/** GRANT looks at the table with ACCESS SHARE from 18 on, and the body of an SQL function is checked: neither blocks anybody. */
const looksOnly = new Set(['GrantStmt', 'CreateFunctionStmt'])

/** What is held after it may have been given back to a savepoint, or go by another name. */
const uncertainAfter = new Set(['TransactionStmt', 'RenameStmt', 'AlterObjectSchemaStmt'])

export function decideAgreement(planned: readonly PlannedMigration[], trace: Trace): Agreement {
  const disagreements: Disagreement[] = []
  const resolved: Resolved[] = []
  let compared = 0
  for (const file of trace.files) {
    const migration = planned.find(({ name }) => name === file.migration)
    const groups = new Map<number, Held>()
    for (const seen of file.statements) {
      const statement = migration?.statements.find(({ index }) => index === seen.index)
      if (statement === undefined) continue
      const held = groups.get(seen.transaction) ?? new Held()
      groups.set(seen.transaction, held)
      if (isUnseen(seen, 'not run')) continue
      const { effects, runsCode } = statement
      const at = { migration: file.migration, line: seen.line }
      if (effects.unknown) resolved.push({ ...at, ...resolution(effects, seen) })
      else {
        const branches = runsCode || dependsOnRows.has(seen.kind)
        for (const one of differences(effects, seen, held, branches)) disagreements.push({ ...at, ...one })
        if (seen.notObserved.length === 0) compared += 1
      }
      held.take(seen)
      if (uncertainAfter.has(seen.kind)) held.uncertain = true
    }
  }
  return { disagreements, resolved, compared }
}

/** What a transaction holds, so that a lock that is said again need not be seen again. */
class Held {
  readonly #locks = new Map<RelationName, LockMode>()
  uncertain = false

  take({ locks }: StatementTrace): void {
    for (const { relation, mode } of locks) this.#locks.set(relation, mode)
  }

  has({ relation, mode }: Lock): boolean {
    const held = this.#locks.get(relation)
    return held !== undefined && strength(held) >= strength(mode)
  }
}

type Difference = Omit<Disagreement, 'migration' | 'line'>

function differences(effects: Effects, seen: StatementTrace, held: Held, branches: boolean): readonly Difference[] {
  const found: Difference[] = []
  if (!isUnseen(seen, 'locks')) found.push(...lockDifferences(effects, seen, held, branches))
  else found.push(...lockDifferences(effects, seen, held, true))
  found.push(...namesDiffer('rewrite', effects.rewrites, seen.rewrites, branches || isUnseen(seen, 'rewrites')))
  if (!readsAsItLikes.has(seen.kind)) {
    const chosen = (table: RelationName) => isPlannersChoice(table, effects)
    const scans = seen.scans.filter((table) => effects.scans.includes(table) || !chosen(table))
    const said = effects.scans.filter((table) => seen.scans.includes(table) || !chosen(table))
    found.push(...namesDiffer('scan', said, scans, branches || isUnseen(seen, 'scans')))
  }
  return found
}

function lockDifferences(effects: Effects, seen: StatementTrace, held: Held, branches: boolean): readonly Difference[] {
  const found: Difference[] = []
  const said = new Map(effects.locks.map((lock) => [lock.relation, lock.mode]))
  const seenModes = new Map(seen.locks.map((lock) => [lock.relation, lock.mode]))
  for (const { relation, mode } of seen.locks) {
    const expected = said.get(relation)
    if (looksOnly.has(seen.kind) && mode === 'AccessShareLock') continue
    if (expected === undefined && mode === 'RowShareLock' && writesAgain(effects, seen, held)) continue
    const covered = expected !== undefined && strength(expected) >= strength(mode)
    if (expected === mode || (covered && (branches || isWeak(expected)))) continue
    found.push(lockDifference(relation, expected, mode))
  }
  for (const lock of effects.locks) {
    if (seenModes.has(lock.relation) || branches || held.uncertain || held.has(lock)) continue
    found.push(lockDifference(lock.relation, lock.mode, undefined))
  }
  return found
}

/**
 * A row that this transaction has written before is checked against all its foreign keys again, whatever the UPDATE assigns
 * (RI_FKey_fk_upd_check_required in ri_triggers.c): with a lock that blocks no reader and no writer.
 */
function writesAgain(effects: Effects, { kind }: StatementTrace, held: Held): boolean {
  return (
    (kind === 'UpdateStmt' || kind === 'MergeStmt' || kind === 'InsertStmt') &&
    (held.uncertain || effects.locks.some((lock) => lock.mode === 'RowExclusiveLock' && held.has(lock)))
  )
}

function lockDifference(relation: RelationName, said: LockMode | undefined, seen: LockMode | undefined): Difference {
  const words = (mode: LockMode | undefined) => (mode === undefined ? undefined : `${mode} on ${relation}`)
  const text =
    seen === undefined
      ? `the plan says ${said} on ${relation}, and on the copy it was not taken`
      : said === undefined
        ? `on the copy it took ${seen} on ${relation}, which the plan does not say`
        : `the plan says ${said} on ${relation}, and on the copy it took ${seen}`
  return { what: 'lock', said: words(said), seen: words(seen), text }
}

function namesDiffer(
  what: 'rewrite' | 'scan',
  said: readonly RelationName[],
  seen: readonly RelationName[],
  mayDoLess: boolean,
): readonly Difference[] {
  const [is, was] = what === 'rewrite' ? ['rewrites', 'rewritten'] : ['reads all of', 'read']
  const more = seen
    .filter((relation) => !said.includes(relation))
    .map((relation) => ({
      what,
      said: undefined,
      seen: relation,
      text: `on the copy it ${is} ${relation}, which the plan does not say`,
    }))
  const less = said
    .filter((relation) => !seen.includes(relation) && !mayDoLess)
    .map((relation) => ({
      what,
      said: relation,
      seen: undefined,
      text: `the plan says that it ${is} ${relation}, and on the copy that was not ${was}`,
    }))
  return [...more, ...less]
}

/** The check of a foreign key is a join of two tables: whether it reads them or their indexes, the planner decides. */
const ofForeignKeys: ReadonlySet<LockMode> = new Set([
  'ShareRowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'RowShareLock',
])

function isPlannersChoice(table: RelationName, effects: Effects): boolean {
  return effects.locks.some((lock) => lock.relation === table && ofForeignKeys.has(lock.mode))
}

function resolution(effects: Effects, seen: StatementTrace): Pick<Resolved, 'because' | 'text'> {
  const locks = seen.locks.map(({ relation, mode }) => `${mode} on ${relation}`)
  const parts = [
    locks.length === 0 ? 'locked nothing that was there' : `took ${locks.join(', ')}`,
    ...(seen.rewrites.length === 0 ? [] : [`rewrote ${seen.rewrites.join(', ')}`]),
    ...(seen.scans.length === 0 ? [] : [`read all of ${seen.scans.join(', ')}`]),
  ]
  const because = effects.unknownBecause ?? 'its effects could not be told'
  return { because, text: `on the copy it ${parts.join(', ')}; production may take another branch` }
}

function isUnseen({ notObserved }: StatementTrace, what: string): boolean {
  return notObserved.some((text) => {
    const subjects = text.slice(0, text.indexOf(':')).split(', ')
    return subjects.includes(what)
  })
}

function isWeak(mode: LockMode): boolean {
  return strength(mode) <= strength('RowExclusiveLock')
}

function strength(mode: LockMode): number {
  return lockModes.indexOf(mode)
}
