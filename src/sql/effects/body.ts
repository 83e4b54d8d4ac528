/** Statements that run as part of another one, one after the other, on a catalog that changes under them. */

import type { Node } from 'libpg-query'
import type { Change } from '../catalog/change.ts'
import { CatalogDraft } from '../catalog/draft.ts'
import type { Catalog } from '../catalog/model.ts'
import { type ParsedStatement, parseMigration } from '../parse.ts'
import { ownFunctionsIn } from './own-code.ts'
import { type EffectContext, EffectSink, type Outcome } from './sink.ts'

export type EffectsOf = (node: Node, context: EffectContext) => Outcome

/** Where a statement of a body stands, and whether it runs for certain whenever the body does. */
export interface Place {
  readonly where: string
  readonly certain: boolean
  /** In the second turn of a loop nothing new is changed; what the first one left may be met again. */
  readonly repeated?: boolean
}

/** Copied only where something follows a change: most bodies are one statement. */
export class RunningCatalog {
  readonly #from: Catalog
  #draft: CatalogDraft | undefined
  #pending: Change[] = []

  constructor(from: Catalog) {
    this.#from = from
  }

  current(): Catalog {
    if (this.#pending.length > 0) {
      this.#draft ??= new CatalogDraft(this.#from)
      for (const change of this.#pending) this.#draft.apply(change)
      this.#pending = []
    }
    return this.#draft ?? this.#from
  }

  apply(change: Change): void {
    this.#pending.push(change)
  }
}

export class BodyRun {
  readonly sink: EffectSink
  readonly #effectsOf: EffectsOf
  readonly #catalog: RunningCatalog
  readonly #within: readonly string[]
  #path: readonly string[] | undefined

  constructor(
    sink: EffectSink,
    effectsOf: EffectsOf,
    catalog: RunningCatalog,
    { path, within }: Pick<EffectContext, 'path' | 'within'>,
  ) {
    this.sink = sink
    this.#effectsOf = effectsOf
    this.#catalog = catalog
    this.#path = path
    this.#within = within
  }

  /** SQL text that may hold several statements. */
  sql(text: string, place: Place): void {
    for (const { node, sql } of this.parsed(text, place) ?? []) this.statement(node, sql, place)
  }

  parsed(text: string, place: Pick<Place, 'where'>): readonly ParsedStatement[] | undefined {
    const parsed = parseMigration(this.sink.context.parser, text)
    if (parsed.kind === 'parsed') return parsed.statements
    this.sink.unknown(`${place.where}: ${parsed.message}`)
    return undefined
  }

  /** Whether somebody's own functions, operators or casts have a part in its value. */
  isOwn(expression: Node): boolean {
    return ownFunctionsIn(expression, new EffectSink(this.#contextOf(''))).size > 0
  }

  #contextOf(text: string): EffectContext {
    const catalog = this.#catalog.current()
    return { ...this.sink.context, catalog, path: this.#path, within: this.#within, text }
  }

  statement(node: Node, text: string, { where, certain, repeated }: Place): void {
    const outcome = this.#effectsOf(node, this.#contextOf(text))
    const { effects, changes } = outcome
    this.sink.absorb(effects, where)
    if (repeated !== true) this.sink.contain({ ...outcome, node, sql: text })
    for (const change of changes) {
      if (change.kind === 'search-path') this.#path = certain ? change.path : undefined
      const made: Change = certain || change.kind === 'uncertain' ? change : { kind: 'uncertain', change }
      this.#catalog.apply(made)
      if (repeated !== true) this.sink.change(made)
    }
  }
}
