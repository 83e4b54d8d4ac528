import type { Client } from 'pg'

export interface Column {
  readonly name: string
  /** As the server writes it, to cast to. */
  readonly type: string
  /** Of the type, or of what lies beneath a domain. */
  readonly base: string
  readonly labels: number
  /** Of an enum, a domain over it included. */
  readonly isEnum: boolean
  /** The most characters; null where any number fits. */
  readonly length: number | null
  readonly notNull: boolean
  /** Stands in a key or a unique index. */
  readonly unique: boolean
  /** Of the numbers that it takes where no value is given. */
  readonly sequence: string | null
}

export interface ForeignKey {
  readonly columns: readonly string[]
  readonly to: string
  readonly toColumns: readonly string[]
}

export interface Table {
  /** In quotes where it needs them, with its schema. */
  readonly name: string
  readonly plain: string
  readonly columns: readonly Column[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly indexes: number
}

const names = (numbers: string, relation: string) => `
  (SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY k(number, place)
     JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`

/** Those that people made, and not the history of the migrations. */
export async function readTables(client: Client): Promise<readonly Table[]> {
  const { rows } = await client.query<Table>(`
SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname AS plain,
       (SELECT count(*)::int FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
       (SELECT json_agg(json_build_object(
                 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'base', format_type(b.oid, NULL), 'isEnum', b.typtype = 'e',
                 'labels', (SELECT count(*) FROM pg_enum e WHERE e.enumtypid = b.oid),
                 'length', CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
                 'notNull', a.attnotnull, 'sequence', pg_get_serial_sequence(c.oid::regclass::text, a.attname),
                 'unique', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey::int2[]))
               ) ORDER BY a.attnum)
          FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
          JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       coalesce((SELECT json_agg(json_build_object('to', format('%I.%I', tn.nspname, t.relname),
                 'columns', ${names('f.conkey', 'f.conrelid')}, 'toColumns', ${names('f.confkey', 'f.confrelid')}) ORDER BY f.conname)
          FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
         WHERE f.conrelid = c.oid AND f.contype = 'f'), '[]') AS "foreignKeys"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname <> '_prisma_migrations'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`)
  return rows.filter(({ columns }) => columns !== null)
}
