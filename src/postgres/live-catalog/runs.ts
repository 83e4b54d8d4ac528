/** Functions that run without being called: behind defaults, checks, indexes, policies, views, triggers and domains. */

import { builtinVolatility, extensionVolatility } from '../../sql/effects/builtin-functions.ts'
import { lastingCalls } from '../../sql/effects/own-code.ts'
import { splitName } from '../../sql/identifiers.ts'
import { groupedBy } from './grouped.ts'
import type { FunctionUse, Id, LiveRows, RunRow, TriggerRow } from './rows.ts'

export interface Runs {
  ofRelation(id: Id): readonly string[]
  ofType(id: Id): readonly string[]
  ofTrigger(trigger: TriggerRow): readonly string[]
}

export function runsIn(rows: LiveRows): Runs {
  const found = rows.runs.filter(mayDoAnything)
  const ofTriggers = groupedBy(
    found.filter((row) => row.trigger !== null),
    (row) => `${row.relation} ${row.trigger}`,
  )
  const ofRelations = groupedBy(
    found.filter((row) => row.trigger === null),
    (row) => row.relation,
  )
  const ofTypes = groupedBy(found, (row) => row.type)
  return {
    ofRelation: (id) => named(ofRelations.get(id)),
    ofType: (id) => named(ofTypes.get(id)),
    ofTrigger: (row) => [...ofServer(row.function), ...named(ofTriggers.get(`${row.relation} ${row.name}`))],
  }
}

function named(rows: readonly RunRow[] = []): readonly string[] {
  return [...new Set(rows.map((row) => row.function))]
}

/** An extension is trusted where it declares a function immutable, and its functions that are known are trusted as well. */
export function mayDoAnything(row: FunctionUse): boolean {
  if (row.ofServer) return isStrange(row.function)
  if (!row.ofExtension) return true
  return !row.immutable && extensionVolatility(splitName(row.function).name) === undefined
}

/** A trigger function that comes with PostgreSQL and that nobody knows to be harmless. */
function ofServer(trigger: string): readonly string[] {
  return splitName(trigger).schema === 'pg_catalog' && isStrange(trigger) ? [trigger] : []
}

/** Of PostgreSQL's own, and not known to be harmless wherever it stands. */
function isStrange(name: string): boolean {
  return builtinVolatility(splitName(name).name) === undefined || lastingCalls.has(name)
}
