/**
 * Event triggers run with every statement that changes the schema, and nobody lists what they do then. Code that is there
 * already is trusted; code that a migration puts in their way is not known from there on.
 */

import type { Change } from '../catalog/change.ts'
import type { Catalog } from '../catalog/model.ts'
import { withoutSchema } from '../catalog/names.ts'
import type { EffectSink, Handler } from './sink.ts'
import { as, strings } from './tree.ts'

export const createEventTrigger: Handler = (node, sink) => {
  const { trigname: name = '', funcname } = as(node, 'CreateEventTrigStmt') ?? {}
  sink.unknown('its function runs with every later statement that changes the schema')
  sink.change({ kind: 'create-event-trigger', name, runs: sink.name(strings(funcname)) })
}

export function doubtEventTriggers(changes: readonly Change[], sink: EffectSink): void {
  const put = changes.flatMap(codeIn)
  if (put.length === 0) return
  const reach = reachOf(sink.catalog)
  for (const { name, everywhere } of put)
    if (everywhere || reach === 'anything' || reach.has(plain(name)))
      sink.unknown(
        `an event trigger may run what it makes of ${name} with every later statement that changes the schema`,
      )
}

interface Code {
  readonly name: string
  /** An operator or a cast: no text names it. */
  readonly everywhere: boolean
}

/** What the change gives another meaning: a function, or a relation or type that has code hanging on it now. */
function codeIn(change: Change): readonly Code[] {
  const named = (...names: readonly string[]) => names.map((name) => ({ name, everywhere: false }))
  switch (change.kind) {
    case 'create-function':
      return named(change.function.name)
    case 'rename-function':
      return named(change.from, change.to)
    case 'add-trigger':
    case 'add-rule':
      return named(change.table)
    case 'runs':
      return named(change.relation)
    case 'create-table':
      return change.table.runs.length > 0 ? named(change.table.name) : []
    case 'create-view':
      return named(change.view.name)
    case 'create-type':
      return change.type.runs.length > 0 ? named(change.type.name) : []
    case 'hides':
      return change.functions.map((name) => ({ name, everywhere: true }))
    case 'uncertain':
      return codeIn(change.change)
    default:
      return []
  }
}

/** Every word in the code that event triggers reach, through functions, and through what hangs on relations that it names. */
function reachOf(catalog: Catalog): ReadonlySet<string> | 'anything' {
  const words = new Set<string>()
  const seen = new Set<string>()
  let round = [...catalog.eventTriggers.values(), ...catalog.hidden]
  while (round.length > 0) {
    for (const name of round) {
      seen.add(name)
      words.add(plain(name))
      for (const { text } of catalog.functions.get(name)?.bodies ?? []) {
        if (runsComputedCalls(text)) return 'anything'
        for (const [word] of text.matchAll(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu))
          words.add(word.replace(/^"|"$/g, '').replaceAll('""', '"').toLowerCase())
      }
    }
    round = namedBy(words, catalog).filter((name) => !seen.has(name))
  }
  return words
}

function plain(name: string): string {
  return withoutSchema(name).toLowerCase()
}

function namedBy(words: ReadonlySet<string>, catalog: Catalog): readonly string[] {
  const isNamed = (name: string) => words.has(plain(name))
  const hanging = [...catalog.relations.values()].flatMap((relation) => {
    if (relation.kind === 'index' || relation.kind === 'sequence' || !isNamed(relation.name)) return []
    return [...relation.runs, ...[...relation.triggers.values()].flatMap(({ runs }) => runs)]
  })
  return [...[...catalog.functions.keys()].filter(isNamed), ...hanging]
}

/** Text that is put together and does not begin with a word after which no function of somebody's own can stand. */
function runsComputedCalls(text: string): boolean {
  const whole = /\bexecute\s+'(?:[^']|'')*'\s*(?=;|into\b|using\b)/gi
  const computed = text
    .replaceAll(whole, '')
    .matchAll(/\bexecute\s+(?!function\b|procedure\b)(?:format\s*\(\s*)?(?:'|\$\w*\$)?\s*(\w*)/gi)
  return [...computed].some(([, first = '']) => !/^(alter|comment|drop|grant|notify|revoke|security)$/i.test(first))
}
