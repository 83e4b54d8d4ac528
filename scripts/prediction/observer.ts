import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { type Lock, type LockMode, lockModes } from '../../src/sql/model.ts'
import { backendPid } from '../../test/lab/backend-pid.ts'

/** What a statement did, as this server shows it: written without a line of the rehearsal's own observing. */
export interface Seen {
  /** Of relations that were there before the file, and beyond what was held. */
  readonly locks: readonly Lock[]
  readonly rewrites: readonly string[]
}

export const nothingSeen: Seen = { locks: [], rewrites: [] }

interface Relation {
  readonly oid: number
  readonly name: string
  readonly kind: string
  readonly file: number | null
}

const relations = `
SELECT c.oid::int8::float8 AS oid, n.nspname || '.' || c.relname AS name, c.relkind::text AS kind, pg_relation_filenode(c.oid)::int8::float8 AS file
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid >= 16384 AND c.relkind NOT IN ('t', 'c') AND c.relpersistence <> 't'`
const locks = `
SELECT relation::int8::float8 AS oid, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation' AND granted AND relation >= 16384`

export class Observer {
  readonly #client: Client
  readonly #witness: Client
  #old: ReadonlySet<number> = new Set()
  #known = new Map<number, Relation>()
  #held = new Map<number, LockMode>()

  constructor(client: Client, witness: Client) {
    this.#client = client
    this.#witness = witness
  }

  async newFile(): Promise<void> {
    const { rows } = await this.#witness.query<Relation>(relations)
    this.#known = new Map(rows.map((row) => [row.oid, row]))
    this.#old = new Set(this.#known.keys())
  }

  newTransaction(): void {
    this.#held = new Map()
  }

  /** What holds no transaction open is looked at as often as possible. */
  async whileItRuns(
    run: () => Promise<number>,
  ): Promise<{ readonly ms: number; readonly polled: ReadonlyMap<number, LockMode> }> {
    const polled = new Map<number, LockMode>()
    const over = new AbortController()
    const running = run().finally(() => over.abort())
    const polling = (async () => {
      while (!over.signal.aborted) {
        for (const [oid, mode] of await this.#locks()) polled.set(oid, strongest(polled.get(oid), mode))
        await sleep(1)
      }
    })()
    const [ran, looked] = await Promise.allSettled([running, polling])
    if (ran.status === 'rejected') throw ran.reason
    if (looked.status === 'rejected') throw looked.reason
    return { ms: ran.value, polled }
  }

  /** In the transaction that is still open, or behind one that is over. */
  async after(
    { kind, sql }: { readonly kind: string; readonly sql: string },
    polled: ReadonlyMap<number, LockMode> | undefined,
  ): Promise<Seen> {
    // SET TRANSACTION is refused once something was asked.
    if (/^(?:VariableSet|VariableShow|ConstraintsSet)Stmt$/.test(kind)) return nothingSeen
    const now = polled ?? (await this.#locks())
    const { rows } = await this.#client.query<Relation>(relations)
    const there = new Map(rows.map((row) => [row.oid, row]))
    const seen = {
      locks: this.#newLocks({ kind, sql }, now, there, polled !== undefined),
      rewrites: this.#rewritten(kind, there),
    }
    this.#known = there
    this.#held = new Map(now)
    return kind === 'TransactionStmt' ? nothingSeen : seen
  }

  #newLocks(
    statement: { readonly kind: string; readonly sql: string },
    now: ReadonlyMap<number, LockMode>,
    there: ReadonlyMap<number, Relation>,
    passing: boolean,
  ): readonly Lock[] {
    const found: Lock[] = []
    for (const [oid, mode] of now) {
      const was = this.#known.get(oid)
      const is = there.get(oid)
      // Under its name of before where the statement gives it another one.
      const one = /^(?:Rename|AlterObjectSchema)Stmt$/.test(statement.kind) ? (was ?? is) : (is ?? was)
      if (one === undefined || !this.#old.has(oid) || this.#held.get(oid) === mode) continue
      const isIndex = one.kind === 'i' || one.kind === 'I'
      // DROP INDEX CONCURRENTLY ends with this one, when no transaction knows the index any more.
      if (passing && isIndex && mode === 'AccessExclusiveLock') continue
      if (!isIndex || isAbout(statement.sql, one.name)) found.push({ relation: one.name, mode })
    }
    return found
  }

  #rewritten(kind: string, there: ReadonlyMap<number, Relation>): readonly string[] {
    if (kind === 'TransactionStmt') return []
    return [...there.values()]
      .filter(({ oid, kind: what }) => this.#old.has(oid) && (what === 'r' || what === 'm'))
      .filter(({ oid, file }) => this.#known.get(oid)?.file !== file)
      .map(({ name }) => name)
      .toSorted()
  }

  async #locks(): Promise<ReadonlyMap<number, LockMode>> {
    const { rows } = await this.#witness.query<{ oid: number; mode: LockMode }>(locks, [backendPid(this.#client)])
    const found = new Map<number, LockMode>()
    for (const { oid, mode } of rows) found.set(oid, strongest(found.get(oid), mode))
    return found
  }
}

function strongest(one: LockMode | undefined, other: LockMode): LockMode {
  return one !== undefined && lockModes.indexOf(one) > lockModes.indexOf(other) ? one : other
}

/** An index is listed where the statement is about the index itself: who waits, waits for its table. */
function isAbout(sql: string, index: string): boolean {
  return (
    /\b(?:DROP|ALTER|REINDEX|COMMENT\s+ON)\s+INDEX\b/i.test(sql) && sql.includes(index.slice(index.indexOf('.') + 1))
  )
}
