import type { Effects } from '../../../src/sql/model.ts'
import { lockModes } from '../../../src/sql/model.ts'
import type { CatalogueEntry } from './model.ts'
import type { Observed } from './observe.ts'

/** Weak locks on other tables depend on the rows a statement meets, and what is scanned depends on the planner. */
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
])
/** GRANT looks at the table with ACCESS SHARE from 18 on, and the body of an SQL function is checked: neither blocks anybody. */
const looksOnly = new Set(['GrantStmt', 'CreateFunctionStmt'])

interface Comparable {
  readonly locks: readonly string[]
  readonly rewrites: readonly string[]
  readonly scans: readonly string[]
  readonly tables: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly string[]
}

export interface Comparison {
  readonly said: Comparable
  readonly seen: Comparable
}

/** Both sides without what the data and the planner decide; they agree when they are equal. */
export function comparison(
  entry: CatalogueEntry,
  { kind, effects }: { readonly kind: string; readonly effects: Effects },
  observed: Observed,
): Comparison {
  const said: Comparable = {
    locks: locksSaid(kind, effects, observed),
    rewrites: effects.rewrites.toSorted(),
    scans: readsAsItLikes.has(kind) ? [] : effects.scans.toSorted(),
    tables: lost('table', effects),
    columns: lost('column', effects),
    rows: lost('rows', effects).filter((table) => observed.rows.includes(table)),
  }
  const seen: Comparable = {
    locks: looksOnly.has(kind) ? observed.locks.filter((lock) => !lock.endsWith(' AccessShareLock')) : observed.locks,
    rewrites: observed.rewrites,
    scans: readsAsItLikes.has(kind) ? [] : withoutReferenced(observed, effects),
    tables: observed.tables,
    columns: observed.columns,
    rows: observed.rows,
  }
  return entry.branches ? { said: whereSeen(said, seen), seen } : { said, seen }
}

/** A branch that was not taken counts as well: what is said has to cover what was seen, and may go further. */
function whereSeen(said: Comparable, seen: Comparable): Comparable {
  const only = (one: readonly string[], other: readonly string[]) => one.filter((item) => other.includes(item))
  return {
    locks: seen.locks.filter((lock) => said.locks.some((other) => covers(other, lock))),
    rewrites: only(said.rewrites, seen.rewrites),
    scans: only(said.scans, seen.scans),
    tables: only(said.tables, seen.tables),
    columns: only(said.columns, seen.columns),
    rows: only(said.rows, seen.rows),
  }
}

function covers(said: string, seen: string): boolean {
  const [relation, mode] = relationAndMode(said)
  const [other, least] = relationAndMode(seen)
  const strength = (name: string) => (lockModes as readonly string[]).indexOf(name)
  return relation === other && strength(mode) >= strength(least)
}

/** Names may have blanks in them, modes have none. */
function relationAndMode(lock: string): readonly [string, string] {
  const cut = lock.lastIndexOf(' ')
  return [lock.slice(0, cut), lock.slice(cut + 1)]
}

function lost(kind: string, effects: Effects): readonly string[] {
  return effects.loses
    .filter((loss) => loss.kind === kind)
    .map((loss) => loss.name)
    .toSorted()
}

/** For statements on rows the model may name more weak locks than these rows happened to need, or stronger ones, never fewer. */
function locksSaid(kind: string, effects: Effects, observed: Observed): readonly string[] {
  const said = effects.locks.map(({ relation, mode }) => `${relation} ${mode}`)
  if (!dependsOnRows.has(kind)) return said.toSorted()
  return said
    .flatMap((lock) => {
      if (observed.locks.includes(lock) || !/ (AccessShare|RowShare|RowExclusive)Lock$/.test(lock)) return [lock]
      return observed.locks.filter((seen) => covers(lock, seen))
    })
    .toSorted()
}

/** Whether the check of a foreign key reads the other table or its index is the planner's choice. */
function withoutReferenced(observed: Observed, effects: Effects): readonly string[] {
  return observed.scans.filter(
    (table) =>
      effects.scans.includes(table) ||
      !effects.locks.some((lock) => lock.relation === table && lock.mode !== 'ShareLock'),
  )
}
