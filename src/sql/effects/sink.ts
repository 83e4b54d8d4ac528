/** Where the effects of one statement are gathered. */

import type { Node } from 'libpg-query'
import type { Change } from '../catalog/change.ts'
import { splitName } from '../identifiers.ts'
import {
  type Effects,
  type Lock,
  type LockMode,
  type Loss,
  type LossKind,
  lockModes,
  type RelationName,
} from '../model.ts'
import { Names } from './names.ts'

export type { EffectContext } from './names.ts'

/** What runs as a part of the statement: the block of a DO, or a function that somebody wrote. */
export type Body =
  | { readonly kind: 'block' }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly because: string
      readonly certain: boolean
    }

export interface Outcome {
  readonly effects: Effects
  readonly changes: readonly Change[]
  /** A block or functions of somebody's own: they have been read, or are the reason why it is unknown. */
  readonly runsCode: boolean
  readonly inner: readonly InnerStatement[]
}

/** One that runs as part of another: in a block, or in the body of a function. */
export interface InnerStatement extends Outcome {
  readonly node: Node
  readonly sql: string
}

export type Handler = (node: Node, sink: EffectSink) => void

/** Most statements have one or two of these effects, and there are ten thousands of them: each collection is made when something comes in. */
export class EffectSink extends Names {
  #locks: Map<RelationName, LockMode> | undefined
  #rewrites: Set<RelationName> | undefined
  #scans: Set<RelationName> | undefined
  #overwrites: Set<RelationName> | undefined
  #losses: Map<string, Loss> | undefined
  #reasons: string[] | undefined
  #created: Set<RelationName> | undefined
  #bodies: Map<string, Body> | undefined
  #beyond: Set<string> | undefined
  #inner: InnerStatement[] | undefined
  readonly #changes: Change[] = []

  /** The strongest mode per relation counts, as it does in `pg_locks`. */
  lock(relation: RelationName, mode: LockMode): void {
    if (this.catalog.doubtful.has(relation))
      this.unknown(`what ${relation} is like is not certain: a DO block or a function may have changed it`)
    if (!this.existed(relation)) return
    this.#hold(relation, mode)
  }

  #hold(relation: RelationName, mode: LockMode): void {
    this.#locks ??= new Map()
    const held = this.#locks.get(relation)
    if (held === undefined || lockModes.indexOf(mode) > lockModes.indexOf(held)) this.#locks.set(relation, mode)
  }

  /** Its file is replaced by a new one. A partitioned table has none; its partitions have. */
  rewrite(relation: RelationName): void {
    this.#runWhatHangsOn(relation)
    if (!this.existed(relation) || this.table(relation)?.partitioned === true) return
    this.#rewrites ??= new Set()
    this.#rewrites.add(relation)
  }

  /** All of it is read. */
  scan(relation: RelationName): void {
    this.#runWhatHangsOn(relation)
    if (!this.existed(relation) || this.table(relation)?.partitioned === true) return
    this.#scans ??= new Set()
    this.#scans.add(relation)
  }

  /** Reading all rows to prove a constraint or to build an index evaluates what hangs on them. */
  #runWhatHangsOn(relation: RelationName): void {
    const known = this.relation(relation)
    if (known?.kind === 'table' || known?.kind === 'materialized-view')
      this.runFunctions([...known.runs, ...this.catalog.hidden], `what hangs on ${relation}`)
  }

  /** Rows that are there get other values; what they had is nowhere else. */
  overwrite(relation: RelationName): void {
    if (!this.existed(relation)) return
    this.#overwrites ??= new Set()
    this.#overwrites.add(relation)
  }

  lose(kind: LossKind, name: string): void {
    this.#losses ??= new Map()
    this.#losses.set(`${kind} ${name}`, { kind, name })
  }

  /** No transaction takes it back. */
  reachBeyond(call: string): void {
    this.#beyond ??= new Set()
    this.#beyond.add(call)
  }

  unknown(reason: string): void {
    this.#reasons ??= []
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason)
  }

  change(change: Change): void {
    if (change.kind === 'create-table') this.#create(change.table.name)
    if (change.kind === 'create-view') this.#create(change.view.name)
    this.#changes.push(change)
  }

  #create(relation: RelationName): void {
    this.#created ??= new Set()
    this.#created.add(relation)
  }

  /** To be looked into once the statement itself has been. */
  run(body: Body): void {
    this.#bodies ??= new Map()
    const key = body.kind === 'call' ? body.name : ''
    if (!this.#bodies.has(key)) this.#bodies.set(key, body)
  }

  /** `caller` as in "… calls the function f()". Whether all of it runs, nobody knows. */
  runFunctions(names: Iterable<string>, caller: string): void {
    for (const name of names)
      this.run({
        kind: 'call',
        name,
        because: `${caller} calls the function ${splitName(name).name}()`,
        certain: false,
      })
  }

  contain(statement: InnerStatement): void {
    this.#inner ??= []
    this.#inner.push(statement)
  }

  get bodies(): readonly Body[] {
    return listOf(this.#bodies?.values())
  }

  /** The effects of a statement inside this one, with its own idea of what existed before. */
  absorb(effects: Effects, where: string): void {
    for (const { relation, mode } of effects.locks) this.#hold(relation, mode)
    if (effects.rewrites.length > 0) this.#rewrites = new Set([...(this.#rewrites ?? []), ...effects.rewrites])
    if (effects.scans.length > 0) this.#scans = new Set([...(this.#scans ?? []), ...effects.scans])
    if (effects.overwrites.length > 0) this.#overwrites = new Set([...(this.#overwrites ?? []), ...effects.overwrites])
    for (const { kind, name } of effects.loses) this.lose(kind, name)
    for (const call of effects.beyond) this.reachBeyond(call)
    if (effects.unknown) this.unknown(`${where}: ${effects.unknownBecause ?? 'no reason was recorded'}`)
  }

  outcome(): Outcome {
    const locks: Lock[] = []
    if (this.#locks !== undefined) for (const [relation, mode] of this.#locks) locks.push({ relation, mode })
    return {
      effects: {
        locks,
        rewrites: listOf(this.#rewrites),
        scans: listOf(this.#scans),
        overwrites: listOf(this.#overwrites),
        loses: listOf(this.#losses?.values()),
        beyond: listOf(this.#beyond),
        unknown: this.#reasons !== undefined,
        unknownBecause: this.#reasons?.join('; '),
      },
      changes: this.#changes,
      runsCode: this.#bodies !== undefined,
      inner: this.#inner ?? [],
    }
  }

  /** Whether others may be using it: it was there before the migration, or nobody knows. System catalogs do not count. */
  existed(relation: RelationName): boolean {
    if (this.#created?.has(relation) === true) return false
    if (isSystem.test(relation)) return false
    const known = this.catalog.relations.get(relation)
    return known?.createdBy !== this.context.migration || this.catalog.doubtful.has(relation)
  }
}

const isSystem = /^(?:pg_catalog|information_schema|pg_toast|pg_temp)\./

const nothing: readonly never[] = []

function listOf<One>(found: Iterable<One> | undefined): readonly One[] {
  return found === undefined ? nothing : [...found]
}
