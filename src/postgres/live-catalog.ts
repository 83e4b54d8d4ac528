import type { Session } from '../ports.ts'
import type { Catalog } from '../sql/catalog/model.ts'
import { Relations } from '../sql/catalog/relations.ts'
import { Unread } from '../sql/catalog/unread.ts'
import type { RelationName } from '../sql/model.ts'
import { loadParser, type Parser } from '../sql/parse.ts'
import { extensionsOf } from './live-catalog/extensions.ts'
import { functionsOf } from './live-catalog/functions.ts'
import { namesIn } from './live-catalog/names.ts'
import { relationsOf } from './live-catalog/relations.ts'
import type { LiveRows } from './live-catalog/rows.ts'
import { mayDoAnything, runsIn } from './live-catalog/runs.ts'
import { relationKinds } from './live-catalog/shared-sql.ts'
import { liveCatalogSql, partOfCatalogSql } from './live-catalog/sql.ts'
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

/** All that is told of everything, where only a part is read. */
export interface LiveNames {
  /** Of all relations, one for each. */
  readonly relations: readonly RelationName[]
  /** Of constraints without an index, which would have the same name. */
  readonly constraints: readonly RelationName[]
  /** Tables with row level security. */
  readonly secured: readonly RelationName[]
  /** A schema whose name has a dot: where it ends cannot be told from a name. */
  readonly dotted: boolean
}

const liveNamesSql = `
WITH schemas AS (SELECT oid, nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
live AS (SELECT c.oid, s.name || '.' || c.relname AS name, c.relrowsecurity FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
          WHERE c.relkind IN ${relationKinds})
SELECT (SELECT coalesce(json_agg(name), '[]') FROM live) AS relations,
       (SELECT coalesce(json_agg(s.name || '.' || k.conname), '[]') FROM pg_constraint k JOIN schemas s ON s.oid = k.connamespace
         WHERE k.conrelid <> 0 AND k.contype NOT IN ('p', 'u', 'x')) AS constraints,
       (SELECT coalesce(json_agg(name ORDER BY oid), '[]') FROM live WHERE relrowsecurity) AS secured,
       EXISTS (SELECT FROM schemas WHERE name LIKE '%.%') AS dotted`

export async function readLiveNames(session: Session): Promise<LiveNames> {
  const [row] = await session.query<LiveNames>(liveNamesSql)
  if (row === undefined) throw new Error('a SELECT without FROM gave no row')
  return row
}

/** What is wanted of the relations: by their names, and by those of their constraints. */
export interface Wanted {
  readonly relations: ReadonlySet<RelationName>
  readonly constraints: ReadonlySet<RelationName>
}

/** These relations and what points at them. `names` are of the same moment. */
export async function readPartOfCatalog(
  session: Session,
  names: LiveNames,
  { relations, constraints }: Wanted,
): Promise<{ readonly catalog: Catalog; readonly unread: Unread }> {
  const [[rows], parser] = await Promise.all([
    session.query<LiveRows>(partOfCatalogSql, [[...relations], [...constraints]]),
    loadParser(),
  ])
  if (rows === undefined) throw new Error('a SELECT without FROM gave no row')
  const read = new Set(rows.relations.flatMap(({ whole, name }) => (whole ? name : [])))
  const unread = new Unread({
    relations: new Set(names.relations.filter((name) => !read.has(name))),
    pointedAt: new Set([...read].filter((name) => !relations.has(name))),
    constraints: new Set(names.constraints.filter((name) => !constraints.has(name))),
  })
  const doubtful = new Set(ambiguous(names.relations))
  return { catalog: catalogOf(rows, parser, { unread, secured: names.secured, doubtful }), unread }
}

interface Rest {
  readonly unread: Unread
  readonly secured: readonly RelationName[]
  readonly doubtful: ReadonlySet<RelationName>
}

/** `rest`: what there is to know of the relations that are not among the rows. */
function catalogOf(rows: LiveRows, parser: Parser, rest?: Rest): Catalog {
  const names = namesIn(rows)
  const runs = runsIn(rows)
  const relations = relationsOf(rows, names, runs, parser)
  const types = rows.types.map((row) => typeOf(row, names, runs))
  return {
    complete: true,
    relations: new Relations(new Map(relations.map((relation) => [relation.name, relation])), rest),
    types: new Map(types.map((type) => [type.name, type])),
    functions: functionsOf(rows, names),
    hidden: new Set(rows.hidden.filter(mayDoAnything).map((row) => row.function)),
    schemas: new Set(rows.schemas.map((row) => row.name)),
    extensions: extensionsOf(rows, names),
    eventTriggers: new Map(rows.eventTriggers.map((row) => [row.name, row.function])),
    parents: new Set(rows.parents.map((row) => row.name)),
    uncertain: new Set(),
    doubtful: rest?.doubtful ?? new Set(ambiguous(relations.map((relation) => relation.name))),
  }
}

/** `a.b` in the schema `c` and `b` in the schema `c.a` have one name here: to touch either is unknown. */
function ambiguous(names: readonly string[]): readonly string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.size === seen.add(name).size)
}
