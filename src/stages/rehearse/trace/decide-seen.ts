import { type LockMode, lockModes, type RelationName } from '../../../sql/model.ts'
import type { Held, Relation, Seen } from './look.ts'
import type { StatementTrace } from './trace.ts'

/** From what was seen before and after a statement to what it did. */

export interface Sight {
  readonly locks: readonly { readonly relation: RelationName; readonly mode: LockMode }[]
  readonly rewrites: readonly RelationName[]
  readonly scans: readonly RelationName[]
  readonly indexes: StatementTrace['indexes']
}

export const nothingSeen: Sight = { locks: [], rewrites: [], scans: [], indexes: [] }

/** How the statement before left the transaction. */
export interface Left {
  readonly held: ReadonlyMap<number, LockMode>
  readonly seen: ReadonlyMap<number, Seen>
}

export const nothingLeft: Left = { held: new Map(), seen: new Map() }

export interface Comparison {
  readonly statement: { readonly kind: string; readonly sql: string }
  /** Relations that were there before the migration. */
  readonly old: ReadonlySet<number>
  readonly left: Left
  readonly held: readonly Held[]
  /** With the scans since the look before. */
  readonly seen: readonly Seen[]
}

export function decideSight({ statement, old, left, held, seen }: Comparison): {
  readonly sight: Sight
  readonly left: Left
} {
  const now = new Map(seen.map((one) => [one.oid, one]))
  const modes = new Map(held.map(({ oid, modes: all }) => [oid, strongest(all)]))
  const before = new Map<number, Relation>()
  for (const { oid, committed } of held) {
    const known = left.seen.get(oid) ?? committed
    if (known !== null) before.set(oid, known)
  }
  const nameOf = (oid: number): RelationName | undefined => nameFor(statement.kind, before.get(oid), now.get(oid))
  const locks = held.flatMap(({ oid }) => {
    const mode = modes.get(oid)
    const relation = nameOf(oid)
    const kind = (before.get(oid) ?? now.get(oid))?.kind ?? ''
    if (mode === undefined || relation === undefined || !old.has(oid)) return []
    if (rank(mode) <= rank(left.held.get(oid)) || !countsFor(statement.sql, kind, relation)) return []
    return [{ relation, mode }]
  })
  // What a savepoint takes back looks like something new.
  if (statement.kind === 'TransactionStmt') return { sight: nothingSeen, left: { held: modes, seen: now } }
  const ofBefore = seen.filter(({ oid, kind }) => old.has(oid) && (kind === 'r' || kind === 'm'))
  return {
    sight: {
      locks: locks.toSorted((a, b) => compare(a.relation, b.relation)),
      rewrites: namesOf(ofBefore.filter(({ oid, file }) => before.has(oid) && before.get(oid)?.file !== file)),
      scans: namesOf(ofBefore.filter(({ scans }) => scans > 0)),
      indexes: indexesBuilt(statement.kind, seen, before),
    },
    // What a savepoint gave back is not locked any more.
    left: { held: modes, seen: now },
  }
}

/** What was polled while the statement ran, and seen at rest before and after it. */
export function decideSightAtRest(
  statement: Comparison['statement'],
  old: ReadonlySet<number>,
  polled: ReadonlyMap<number, LockMode>,
  atRest: { readonly before: readonly Seen[]; readonly after: readonly Seen[] },
): Sight {
  const before = new Map(atRest.before.map((one) => [one.oid, one]))
  const after = new Map(atRest.after.map((one) => [one.oid, one]))
  const locks = [...polled].flatMap(([oid, mode]) => {
    const one = before.get(oid) ?? after.get(oid)
    if (one === undefined || !old.has(oid) || !countsFor(statement.sql, one.kind, one.name)) return []
    return isDeadIndex(statement.sql, one, mode) ? [] : [{ relation: one.name, mode }]
  })
  const both = atRest.after.filter(({ oid, kind }) => old.has(oid) && before.has(oid) && (kind === 'r' || kind === 'm'))
  return {
    locks: locks.toSorted((a, b) => compare(a.relation, b.relation)),
    rewrites: namesOf(both.filter(({ oid, file }) => before.get(oid)?.file !== file)),
    scans: namesOf(both.filter(({ oid, scans }) => scans > (before.get(oid)?.scans ?? 0))),
    indexes: indexesBuilt(statement.kind, atRest.after, before),
  }
}

/** DROP INDEX CONCURRENTLY locks the index like this when no transaction knows it any more (index_drop; seen on 17): nobody waits for that. */
function isDeadIndex(sql: string, { kind }: Relation, mode: LockMode): boolean {
  return /\bDROP\s+INDEX\s+CONCURRENTLY\b/i.test(sql) && kind === 'i' && mode === 'AccessExclusiveLock'
}

export function strongest(modes: readonly LockMode[]): LockMode {
  return modes.reduce<LockMode>((best, mode) => (rank(mode) > rank(best) ? mode : best), 'AccessShareLock')
}

function rank(mode: LockMode | undefined): number {
  return mode === undefined ? -1 : lockModes.indexOf(mode)
}

/** Under the name that it is known by: what is renamed or dropped, by that of before; after a schema was renamed, by that of now. */
function nameFor(kind: string, before: Relation | undefined, now: Seen | undefined): RelationName | undefined {
  const renames = kind === 'RenameStmt' || kind === 'AlterObjectSchemaStmt'
  return renames ? (before?.name ?? now?.name) : (now?.name ?? before?.name)
}

/** An index counts only where the statement is about the index itself: who waits, waits for its table. */
function countsFor(sql: string, kind: string, name: RelationName): boolean {
  if (kind !== 'i' && kind !== 'I') return true
  return /\b(?:DROP|ALTER|REINDEX|COMMENT\s+ON)\s+INDEX\b/i.test(sql) && sql.includes(name.slice(name.indexOf('.') + 1))
}

/** TRUNCATE gives empty files to the indexes as well, and builds none. */
function indexesBuilt(
  kind: string,
  seen: readonly Seen[],
  before: ReadonlyMap<number, Relation>,
): StatementTrace['indexes'] {
  if (kind === 'TruncateStmt') return []
  return seen
    .flatMap(({ oid, kind: what, name, file, bytes, of }) =>
      what === 'i' && of !== null && before.get(oid)?.file !== file ? [{ name, relation: of, bytes: bytes ?? 0 }] : [],
    )
    .toSorted((a, b) => compare(a.name, b.name))
}

function namesOf(relations: readonly Relation[]): readonly RelationName[] {
  return relations.map(({ name }) => name).toSorted(compare)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
