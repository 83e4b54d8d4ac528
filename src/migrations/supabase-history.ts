import { quoteIdentifier, quoteLiteral } from '../postgres/quoting.ts'
import { fileStatements } from './execution-statements.ts'
import { foreignHistory } from './foreign-history.ts'
import { contentChecksum } from './numbered-folder.ts'
import type { MigrationHistory } from './source.ts'

/** `supabase_migrations.schema_migrations`, as the Supabase CLI makes and reads it (supabase/cli, pkg/migration/history.go). */
export function supabaseHistory(dataSchema: string, names: () => ReadonlyMap<string, string>): MigrationHistory {
  const schema = 'supabase_migrations'
  const table = 'schema_migrations'
  const quoted = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
  return foreignHistory({
    schema,
    table,
    dataSchema,
    reader: 'the Supabase CLI',
    key: 'version',
    content: statementsSql,
    create: [
      `CREATE TABLE IF NOT EXISTS ${quoted} (version text NOT NULL PRIMARY KEY)`,
      `ALTER TABLE ${quoted} ADD COLUMN IF NOT EXISTS statements text[]`,
      `ALTER TABLE ${quoted} ADD COLUMN IF NOT EXISTS name text`,
    ],
    row: ({ name, sql, recordedAs = '' }) => ({
      version: quoteLiteral(recordedAs),
      name: quoteLiteral(name.slice(recordedAs.length + 1)),
      statements: `ARRAY[${supabaseStatements(sql).map(quoteLiteral).join(', ')}]::text[]`,
    }),
    checksumOf: (content) => (content === '' ? '' : contentChecksum(content)),
    names,
    look: async () => undefined,
    problems: () => [],
    acceptEdited: ({ migration }) =>
      `UPDATE ${quoted} SET statements = NULL WHERE version = ${quoteLiteral(migration.recordedAs ?? '')};`,
    insertFrom: (version) => `INSERT INTO ${quoted} (version) VALUES (${quoteLiteral(version)})`,
    findInGit: (version) => `git log --all --oneline -- '*/${version}_*.sql'`,
  })
}

/** Through JSON, because a table of an old version has no such column, and then there is nothing to compare with. */
function statementsSql(row: string): string {
  const kept = `pg_catalog.to_jsonb(${row}) -> 'statements'`
  return `coalesce((SELECT pg_catalog.string_agg(s.text, E';\\n' ORDER BY s.at) FROM pg_catalog.jsonb_array_elements_text(
       CASE pg_catalog.jsonb_typeof(${kept}) WHEN 'array' THEN ${kept} ELSE '[]'::pg_catalog.jsonb END) WITH ORDINALITY AS s(text, at)), '')`
}

/** What the CLI keeps of a file (pkg/parser, SplitAndTrim): the statements with their comments, without the last semicolon. */
export function supabaseStatements(sql: string): readonly string[] {
  const bytes = Buffer.from(sql)
  const statements = fileStatements(sql)
  const rest = bytes.subarray(statements.at(-1)?.endByte ?? 0).toString()
  return [...statements.map((statement) => statement.sql), rest]
    .map((text) => text.trimEnd().replace(/;+$/, '').trim())
    .filter((text) => text !== '')
}
