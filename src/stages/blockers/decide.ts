import { formatMs } from '../../report/words.ts'
import { conflicts } from '../../sql/lock-conflicts.ts'
import type { LockMode, RelationName } from '../../sql/model.ts'
import type { PlannedMigration } from '../plan/plan.ts'
import type { Holder, Wanted } from './holder.ts'

/** Who is in the way of which table, since when, and what ends it. */
export interface Blocker {
  /** Stays the same while it is in the way. */
  readonly key: string
  readonly text: string
  readonly next: string
}

export interface Blocking {
  readonly blockers: readonly Blocker[]
  /** Transactions in the way that are not long yet, as far as that is known: another role's session hides its age. */
  readonly notYet: readonly string[]
}

export function wantedBy(migrations: readonly Pick<PlannedMigration, 'statements'>[]): Wanted {
  const modes = new Map<RelationName, Set<LockMode>>()
  let concurrently = false
  let unknown = 0
  for (const { effects, sql } of migrations.flatMap(({ statements }) => statements)) {
    if (effects.unknown) unknown += 1
    const own = /\bCONCURRENTLY\b/i.test(sql)
    concurrently ||= own
    for (const { relation, mode } of effects.locks) {
      const known = modes.get(relation) ?? new Set()
      modes.set(relation, known.add(mode))
      // It waits for everybody who writes to the table (manual, CREATE INDEX, "Building Indexes Concurrently").
      if (own) known.add('ShareLock')
    }
  }
  return { modes, concurrently, unknown }
}

export function decideBlockers(
  wanted: Wanted,
  holders: readonly Holder[],
  { longMs, seenForMs }: { readonly longMs: number; readonly seenForMs: (transaction: string) => number },
): Blocking {
  const inTheWay = holders.filter((holder) => isInTheWay(holder, wanted))
  const ageOf = (holder: Holder) => holder.transactionMs ?? seenForMs(holder.transaction)
  const long = inTheWay.filter((holder) => ageOf(holder) >= longMs)
  return {
    blockers: grouped(long).map((group) => describe(group, Math.max(...group.map(ageOf)))),
    notYet: inTheWay.filter((holder) => ageOf(holder) < longMs).map(({ transaction }) => transaction),
  }
}

function isInTheWay(holder: Holder, wanted: Wanted): boolean {
  if (holder.worker && !holder.antiWraparound) return false
  if (holder.relation === null) return wanted.concurrently && holder.hasSnapshot !== false
  return [...(wanted.modes.get(holder.relation) ?? [])].some((mode) => conflicts[mode].includes(holder.mode))
}

function grouped(holders: readonly Holder[]): readonly (readonly [Holder, ...Holder[]])[] {
  const groups = new Map<string, [Holder, ...Holder[]]>()
  for (const holder of holders) {
    const group = groups.get(holder.transaction)
    if (group === undefined) groups.set(holder.transaction, [holder])
    else group.push(holder)
  }
  return [...groups.values()]
}

function describe(group: readonly [Holder, ...Holder[]], ms: number): Blocker {
  const [first] = group
  const tables = [...new Set(group.flatMap(({ relation }) => relation ?? []))]
  const what =
    tables.length === 0 ? 'an old view of the database, which CONCURRENTLY waits for' : `a lock on ${tables.join(', ')}`
  const age =
    first.transactionMs === null
      ? `for at least ${formatMs(ms)}`
      : `for ${formatMs(ms)}${first.since === null ? '' : `, since ${first.since}`}`
  const { prepared, pid, transaction: key } = first
  if (prepared !== null) {
    const gid = prepared.gid.replaceAll("'", "''")
    return {
      key,
      text: `the prepared transaction ${prepared.gid} of ${prepared.owner} holds ${what} ${age}`,
      next: `COMMIT PREPARED '${gid}'; -- or ROLLBACK PREPARED '${gid}';`,
    }
  }
  if (first.worker)
    return {
      key,
      text: `autovacuum to prevent wraparound holds ${what} ${age}`,
      next: `Let it end; it does not give way. See how far it is: SELECT * FROM pg_stat_progress_vacuum WHERE pid = ${pid};`,
    }
  const who = `process ${pid} (${[first.name, first.user, first.state].filter((fact) => fact !== null && fact !== '').join(', ')})`
  return {
    key,
    text: `${who} holds ${what} ${age}`,
    next:
      first.name === 'pg_dump'
        ? `Let the dump end, or end it: SELECT pg_terminate_backend(${pid});`
        : `SELECT pid, state, xact_start, query FROM pg_stat_activity WHERE pid = ${pid}; -- to end it: SELECT pg_terminate_backend(${pid});`,
  }
}
