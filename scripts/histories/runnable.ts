import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { fileStatements } from '../../src/migrations/execution-statements.ts'
import type { NamedSql } from '../../test/stages/apply/atomic/two-ways.ts'

export function readHistory(folder: string): readonly NamedSql[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .toSorted()
    .map((name) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
}

/** What this server refuses of them, for want of an extension or of rows, is blanked: every other statement keeps its place. */
export async function withoutRefused(
  url: string,
  files: readonly NamedSql[],
): Promise<{ readonly migrations: readonly NamedSql[]; readonly refused: number }> {
  const client = new pg.Client(url)
  await client.connect()
  let refused = 0
  const migrations: NamedSql[] = []
  for (const { name, sql } of files) {
    const bytes = Buffer.from(sql)
    for (const statement of fileStatements(sql)) {
      try {
        await client.query(statement.sql)
      } catch {
        refused += 1
        bytes.fill(' ', statement.startByte, statement.endByte)
      }
    }
    await client.query('ROLLBACK')
    await client.query('DISCARD ALL')
    migrations.push({ name, sql: bytes.toString() })
  }
  await client.end()
  return { migrations, refused }
}
