import type { Client } from 'pg'

/** What a schema consists of, one line for each thing, as the catalog has it. */
const shapeSql = `
  SELECT 'table ' || relname AS line, relname AS relation FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  UNION ALL
  SELECT 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
         || CASE WHEN attnotnull THEN ' not null' ELSE '' END, relname
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT CASE WHEN indisunique THEN 'unique index ' ELSE 'index ' END || index.relname
         || CASE WHEN indisvalid THEN '' ELSE ' (invalid)' END, relation.relname
    FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS relation ON relation.oid = indrelid
   WHERE relation.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'foreign key ' || conname, relname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
   WHERE relnamespace = 'public'::regnamespace AND contype = 'f'
  UNION ALL
  SELECT 'enum ' || typname || '.' || enumlabel, typname FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid`

interface Line {
  readonly line: string
  readonly relation: string
}

export async function shapeOf(client: Client): Promise<readonly Line[]> {
  return (await client.query<Line>(shapeSql)).rows
}

/**
 * `+ column Order.note text`, `- table Coupon`: what came and what went, in alphabetical order. Of a table that came or
 * went, only the table and its foreign keys are named, not every column and index.
 */
export function changesBetween(before: readonly Line[], after: readonly Line[]): string[] {
  const [tablesBefore, tablesAfter] = [before, after].map(
    (lines) => new Set(lines.filter(({ line }) => line.startsWith('table ')).map(({ relation }) => relation)),
  )
  const partOfWholeTable = ({ line, relation }: Line) =>
    /^(column|index|unique index) /.test(line) && tablesBefore?.has(relation) !== tablesAfter?.has(relation)
  const only = (these: readonly Line[], those: readonly Line[], sign: string) => {
    const known = new Set(those.map(({ line }) => line))
    return these
      .filter((entry) => !known.has(entry.line) && !partOfWholeTable(entry))
      .map(({ line }) => `${sign} ${line}`)
  }
  return [...only(after, before, '+'), ...only(before, after, '-')].sort((a, b) =>
    a.slice(2) < b.slice(2) ? -1 : a.slice(2) > b.slice(2) ? 1 : 0,
  )
}
