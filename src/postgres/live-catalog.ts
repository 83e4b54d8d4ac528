import type { Session } from '../ports.ts'
import type { Catalog } from '../sql/catalog/model.ts'
import { Relations } from '../sql/catalog/relations.ts'
import { loadParser, type Parser } from '../sql/parse.ts'
import { extensionsOf } from './live-catalog/extensions.ts'
import { functionsOf } from './live-catalog/functions.ts'
import { namesIn } from './live-catalog/names.ts'
import { relationsOf } from './live-catalog/relations.ts'
import type { LiveRows } from './live-catalog/rows.ts'
import { mayDoAnything, runsIn } from './live-catalog/runs.ts'
import { liveCatalogSql } from './live-catalog/sql.ts'
import { typeOf } from './live-catalog/types.ts'

/**
 * What is there, whoever made it: the plan is made on this, so that columns, triggers and functions made by hand count.
 * Any role may read it; it needs the empty search path that connect() sets.
 */
export async function readLiveCatalog(session: Session): Promise<Catalog> {
  // One large query that runs once: the planner's estimate would have it compiled, which takes longer than running it.
  await session.query('SET jit = off')
  const [[rows], parser] = await Promise.all([session.query<LiveRows>(liveCatalogSql), loadParser()])
  if (rows === undefined) throw new Error('a SELECT without FROM gave no row')
  return catalogOf(rows, parser)
}

export function catalogOf(rows: LiveRows, parser: Parser): Catalog {
  const names = namesIn(rows)
  const runs = runsIn(rows)
  const relations = relationsOf(rows, names, runs, parser)
  const types = rows.types.map((row) => typeOf(row, names, runs))
  return {
    complete: true,
    relations: new Relations(new Map(relations.map((relation) => [relation.name, relation]))),
    types: new Map(types.map((type) => [type.name, type])),
    functions: functionsOf(rows, names),
    hidden: new Set(rows.hidden.filter(mayDoAnything).map((row) => row.function)),
    schemas: new Set(rows.schemas.map((row) => row.name)),
    extensions: extensionsOf(rows, names),
    eventTriggers: new Map(rows.eventTriggers.map((row) => [row.name, row.function])),
    parents: new Set(rows.inheritance.flatMap((row) => names.relation(row.parent) ?? [])),
    uncertain: new Set(),
    doubtful: new Set(ambiguous(relations.map((relation) => relation.name))),
  }
}

/** `a.b` in the schema `c` and `b` in the schema `c.a` have one name here: to touch either is unknown. */
function ambiguous(names: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.size === seen.add(name).size)
}
