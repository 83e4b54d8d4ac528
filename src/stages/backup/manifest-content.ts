import type { DatabaseContent } from './content/content.ts'
import type { Manifest } from './manifest.ts'

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

/** The other way round. */
export function describeContent({ tables, ...content }: DatabaseContent): Pick<Manifest, 'content' | 'tables'> {
  return {
    content,
    tables: tables.map((table) =>
      table.kind === 'read'
        ? { schema: table.schema, name: table.name, rows: table.rows, hash: table.hash }
        : { schema: table.schema, name: table.name, rows: null, hash: null, notCounted: table.because },
    ),
  }
}
