import type { Client } from 'pg'

/** What a database holds, as statements about it have to spell it: names are quoted where they must be. */
export interface World {
  readonly tables: readonly WorldTable[]
  readonly views: readonly WorldView[]
  readonly sequences: readonly string[]
  readonly enums: readonly { readonly name: string; readonly labels: readonly string[] }[]
  readonly domains: readonly { readonly name: string; readonly constraints: readonly string[] }[]
  readonly functions: readonly { readonly name: string; readonly returns: string }[]
  readonly schemas: readonly string[]
  readonly statistics: readonly string[]
}

export interface WorldColumn {
  readonly name: string
  readonly type: string
  readonly notNull: boolean
  readonly generated: boolean
  readonly identity: boolean
  readonly hasDefault: boolean
}

export interface WorldTable {
  readonly schema: string
  /** With its schema. */
  readonly name: string
  readonly bare: string
  readonly kind: 'r' | 'p'
  readonly isPartition: boolean
  readonly parents: readonly string[]
  readonly columns: readonly WorldColumn[]
  readonly constraints: readonly { readonly name: string; readonly type: string; readonly valid: boolean }[]
  readonly indexes: readonly {
    readonly name: string
    readonly bare: string
    readonly unique: boolean
    readonly ofConstraint: boolean
    readonly plain: boolean
  }[]
  /** Column lists of its primary and unique keys, single columns only. */
  readonly keys: readonly { readonly column: string; readonly type: string }[]
  readonly triggers: readonly string[]
  readonly policies: readonly string[]
  readonly rules: readonly string[]
}

export interface WorldView {
  readonly name: string
  readonly kind: 'v' | 'm'
  readonly columns: readonly string[]
}

const isUsers = (schema: string) => `${schema} !~ '^pg_' AND ${schema} <> 'information_schema'`
const list = (query: string) => `coalesce((SELECT json_agg(x ORDER BY x::text) FROM (${query}) AS x), '[]'::json)`
const names = (query: string) => `coalesce((SELECT json_agg(n ORDER BY n) FROM (${query}) AS q(n)), '[]'::json)`

const tableParts = `
  quote_ident(s.nspname) AS schema, format('%I.%I', s.nspname, c.relname) AS name, quote_ident(c.relname) AS bare,
  c.relkind AS kind, c.relispartition AS "isPartition",
  ${names(`SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = c.oid`)} AS parents,
  ${list(`SELECT quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
            a.attgenerated <> '' AS generated, a.attidentity <> '' AS identity, a.atthasdef AS "hasDefault"
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`)} AS columns,
  ${list(`SELECT quote_ident(k.conname) AS name, k.contype AS type, k.convalidated AS valid
            FROM pg_constraint k WHERE k.conrelid = c.oid`)} AS constraints,
  ${list(`SELECT format('%I.%I', s.nspname, ic.relname) AS name, quote_ident(ic.relname) AS bare, i.indisunique AS unique,
            i.indpred IS NULL AND i.indexprs IS NULL AS plain,
            EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AS "ofConstraint"
            FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid`)} AS indexes,
  ${list(`SELECT DISTINCT quote_ident(a.attname) AS column, format_type(a.atttypid, NULL) AS type FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indnkeyatts = 1 AND i.indpred IS NULL AND i.indexprs IS NULL`)} AS keys,
  ${names(`SELECT quote_ident(t.tgname) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal`)} AS triggers,
  ${names(`SELECT quote_ident(p.polname) FROM pg_policy p WHERE p.polrelid = c.oid`)} AS policies,
  ${names(`SELECT quote_ident(r.rulename) FROM pg_rewrite r WHERE r.ev_class = c.oid`)} AS rules`

const ofUsers = `JOIN pg_namespace s ON s.oid = c.relnamespace WHERE ${isUsers('s.nspname')}`
const worldQuery = `SELECT
  ${list(`SELECT ${tableParts} FROM pg_class c ${ofUsers} AND c.relkind IN ('r', 'p')`)} AS tables,
  ${list(`SELECT format('%I.%I', s.nspname, c.relname) AS name, c.relkind AS kind,
            ${names(`SELECT quote_ident(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0`)} AS columns
            FROM pg_class c ${ofUsers} AND c.relkind IN ('v', 'm')`)} AS views,
  ${names(`SELECT format('%I.%I', s.nspname, c.relname) FROM pg_class c ${ofUsers} AND c.relkind = 'S'`)} AS sequences,
  ${list(`SELECT format('%I.%I', s.nspname, t.typname) AS name,
            (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
            FROM pg_type t JOIN pg_namespace s ON s.oid = t.typnamespace WHERE ${isUsers('s.nspname')} AND t.typtype = 'e'`)} AS enums,
  ${list(`SELECT format('%I.%I', s.nspname, t.typname) AS name,
            ${names(`SELECT quote_ident(k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'`)} AS constraints
            FROM pg_type t JOIN pg_namespace s ON s.oid = t.typnamespace WHERE ${isUsers('s.nspname')} AND t.typtype = 'd'`)} AS domains,
  ${list(`SELECT format('%I.%I', s.nspname, p.proname) AS name, p.prorettype::regtype::text AS returns
            FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace WHERE ${isUsers('s.nspname')} AND p.pronargs = 0`)} AS functions,
  ${names(`SELECT quote_ident(s.nspname) FROM pg_namespace s WHERE ${isUsers('s.nspname')}`)} AS schemas,
  ${names(`SELECT format('%I.%I', s.nspname, x.stxname) FROM pg_statistic_ext x JOIN pg_namespace s ON s.oid = x.stxnamespace`)} AS statistics`

export async function readWorld(client: Client): Promise<World> {
  const { rows } = await client.query<World>(worldQuery)
  if (rows[0] === undefined) throw new Error('the catalog did not answer')
  return rows[0]
}
