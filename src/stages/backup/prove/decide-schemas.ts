import type { Parser } from '../../../sql/parse.ts'
import { type SchemaEntry, splitEntries } from './decide-entries.ts'

export interface SchemaDifference {
  readonly entry: string
  /** null: it is not there. */
  readonly archive: string | null
  readonly copy: string | null
}

/**
 * What the archive defines against what a dump of the copy defines. As a set: where names and dependencies leave it open,
 * pg_dump orders by OID. Texts that differ are compared by their trees, because PostgreSQL does not always write an
 * expression the way it reads it back.
 */
export function compareSchemas(parser: Parser, archiveText: string, copyText: string): readonly SchemaDifference[] {
  const archive = byKey(splitEntries(archiveText).entries)
  const copy = byKey(splitEntries(copyText).entries)
  const differences: SchemaDifference[] = []
  for (const key of new Set([...archive.keys(), ...copy.keys()])) {
    const [left, right] = withoutCommon(archive.get(key) ?? [], copy.get(key) ?? [])
    for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
      const [one, other] = [left[at], right[at]]
      if (one !== undefined && other !== undefined && meansTheSame(parser, one, other)) continue
      differences.push({ entry: key, archive: one ?? null, copy: other ?? null })
    }
  }
  return differences
}

function byKey(entries: readonly SchemaEntry[]): ReadonlyMap<string, readonly string[]> {
  const grouped = new Map<string, string[]>()
  for (const { key, type, text } of entries) {
    // pg_restore --schema-only prints the refresh of materialized views, pg_dump --schema-only does not (measured with 17).
    if (type.endsWith(' DATA')) continue
    grouped.set(key, [...(grouped.get(key) ?? []), text].toSorted())
  }
  return grouped
}

function withoutCommon(left: readonly string[], right: readonly string[]): readonly [string[], string[]] {
  const rest = [...right]
  const alone = left.filter((text) => {
    const at = rest.indexOf(text)
    if (at !== -1) rest.splice(at, 1)
    return at === -1
  })
  return [alone, rest]
}

function meansTheSame(parser: Parser, one: string, other: string): boolean {
  try {
    return treeOf(parser, one) === treeOf(parser, other) && comments(one) === comments(other)
  } catch {
    // What the grammar does not read cannot be called equal.
    return false
  }
}

/** The owner and the access method stand in comments, which have no tree. */
function comments(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.startsWith('-- '))
    .join('\n')
}

function treeOf(parser: Parser, text: string): string {
  return JSON.stringify(normalise((parser.parse(text).stmts ?? []).map(({ stmt }) => stmt)))
}

type Json = { readonly [key: string]: unknown }

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function normalise(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(normalise)
  if (!isObject(node)) return node
  const entries = Object.entries(node)
    .filter(([key]) => key !== 'location' && !key.startsWith('list_'))
    .map(([key, value]) => [key, normalise(value)] as const)
  return castInside(policyRoles(Object.fromEntries(entries)))
}

/** The roles of a policy are listed by their OIDs, which are others in the copy. */
function policyRoles(node: Json): Json {
  const policy = isObject(node.CreatePolicyStmt) ? node.CreatePolicyStmt : undefined
  if (policy === undefined || !Array.isArray(policy.roles)) return node
  const roles = policy.roles.toSorted((a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  return { CreatePolicyStmt: { ...policy, roles } }
}

/**
 * `(ARRAY['a'::varchar])::text[]` becomes `ARRAY[('a'::varchar)::text]` on the way through a dump (measured on 14 to 18
 * with CHECK (column IN (…)) on varchar): both cast each element once, and both are written as the second.
 */
function castInside(node: Json): Json {
  const cast = isObject(node.TypeCast) ? node.TypeCast : undefined
  const array = isObject(cast?.arg) && isObject(cast.arg.A_ArrayExpr) ? cast.arg.A_ArrayExpr : undefined
  const type = isObject(cast?.typeName) ? cast.typeName : undefined
  if (array === undefined || type === undefined || !Array.isArray(array.elements)) return node
  if (!Array.isArray(type.arrayBounds) || type.arrayBounds.length !== 1) return node
  const { arrayBounds: _, ...element } = type
  return {
    A_ArrayExpr: {
      ...array,
      elements: array.elements.map((arg: unknown) => ({ TypeCast: { arg, typeName: element } })),
    },
  }
}

export function saySchemaDifference({ entry, archive, copy }: SchemaDifference): string {
  if (copy === null) return `${entry}: not in the copy`
  if (archive === null) return `${entry}: in the copy only`
  return `${entry}: in the dump\n${archive}\nin the copy\n${copy}`
}
