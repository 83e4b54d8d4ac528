import type { DatabaseContent } from './content/content.ts'
import type { CountedTable, Manifest } from './manifest.ts'

/** Between a manifest, which people read table by table, and the content that two databases are compared by. */

/** What was in the database in the snapshot of the dump; undefined where only rows were counted. */
export function contentOf({ content, tables }: Pick<Manifest, 'content' | 'tables'>): DatabaseContent | undefined {
  if (content === null) return undefined
  return {
    ...content,
    tables: tables.map(({ schema, name, rows, hash, notCounted }) =>
      rows === null || hash === null
        ? { kind: 'not-read', schema, name, because: notCounted ?? 'its content was not read' }
        : { kind: 'read', schema, name, rows, hash },
    ),
  }
}

/** What was read beside the dump: rows and hashes for the tier `compared`, only rows for a lesser one. */
export type ContentRead =
  | { readonly kind: 'hashed'; readonly content: DatabaseContent }
  | { readonly kind: 'counted'; readonly tables: readonly CountedTable[] }

/** The other way round. */
export function describeContent(read: ContentRead): Pick<Manifest, 'content' | 'tables'> {
  if (read.kind === 'counted') return { content: null, tables: read.tables.map((table) => ({ ...table, hash: null })) }
  const { tables, ...content } = read.content
  return {
    content,
    tables: tables.map((table) =>
      table.kind === 'read'
        ? { schema: table.schema, name: table.name, rows: table.rows, hash: table.hash }
        : { schema: table.schema, name: table.name, rows: null, hash: null, notCounted: table.because },
    ),
  }
}
