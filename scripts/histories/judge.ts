import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyseMigration } from '../../src/sql/analyse.ts'
import { type Catalog, emptyCatalog } from '../../src/sql/catalog/model.ts'
import { type Effects, lockModes, type Statement } from '../../src/sql/model.ts'
import { type ParsedStatement, type Parser, parseMigration } from '../../src/sql/parse.ts'
import { type Comparison, comparison } from '../../test/sql/effects-truth/agreement.ts'
import { applyMigration, type Database, type Ran, runsAlone } from './apply.ts'

export type Verdict =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'unknown'; readonly because: string }
  | ({ readonly kind: 'differs' } & Comparison)

export interface JudgedStatement {
  readonly migration: string
  readonly line: number
  readonly sql: string
  readonly verdict: Verdict
}

export interface JudgedHistory {
  readonly name: string
  readonly migrations: number
  readonly judged: readonly JudgedStatement[]
  /** Statements that the server would not run, and files that the grammar would not read. */
  readonly refused: readonly string[]
  /** Findings about the size of a table that the same file created. */
  readonly aboutNewTables: readonly string[]
}

export async function judgeHistory(
  parser: Parser,
  database: Database,
  folder: string,
  name: string,
): Promise<JudgedHistory> {
  const migrations = readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/migration\.sql$/.test(path))
    .toSorted()
  const judged: JudgedStatement[] = []
  const refused: string[] = []
  const aboutNewTables: string[] = []
  let catalog: Catalog = emptyCatalog
  for (const file of migrations) {
    const migration = file.slice(0, file.indexOf('/'))
    const sql = readFileSync(join(folder, name, file), 'utf8')
    const parsed = parseMigration(parser, sql)
    if (parsed.kind === 'syntax-error') {
      refused.push(`${file}:${parsed.line} ${parsed.message}`)
      continue
    }
    const ran = await applyMigration(database, parsed.statements)
    for (const [index, one] of ran.entries())
      if (one.kind === 'refused') refused.push(`${file}:${parsed.statements[index]?.range.line} ${one.because}`)
    const what = { name: migration, file, sql: withoutRefused(sql, parsed.statements, ran), schema: 'public', catalog }
    const analysis = analyseMigration(parser, what)
    if (analysis.kind === 'syntax-error') throw new Error(`${file}: ${analysis.message}`)
    catalog = analysis.catalogAfter
    const seen = ran.filter((one) => one.kind !== 'refused')
    for (const [index, statement] of analysis.statements.entries()) {
      const one = seen[index]
      if (one?.kind !== 'observed') continue
      const verdict = verdictOf(statement, one)
      judged.push({ migration, line: statement.range.line, sql: statement.sql, verdict })
    }
    for (const { rule, line, relation } of analysis.findings)
      if (relation !== undefined && analysis.creates.includes(relation))
        aboutNewTables.push(`${file}:${line} ${rule} ${relation}`)
  }
  return { name, migrations: migrations.length, judged, refused, aboutNewTables }
}

/** As if they had never been written; every other keeps its place. */
function withoutRefused(sql: string, statements: readonly ParsedStatement[], ran: readonly Ran[]): string {
  const bytes = Buffer.from(sql)
  for (const [index, { range }] of statements.entries())
    if (ran[index]?.kind === 'refused') bytes.fill(' ', range.startByte, range.endByte)
  return bytes.toString()
}

/** Where the model looks into branches that these rows do not take, it says more than is seen. */
const mayBranch = new Set(['DoStmt', 'CallStmt', 'SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt'])

function verdictOf({ kind, sql, effects }: Statement, { observed, held }: Extract<Ran, { kind: 'observed' }>): Verdict {
  if (effects.unknown) return { kind: 'unknown', because: effects.unknownBecause ?? 'no reason was recorded' }
  const alone = runsAlone(kind, sql)
  // What the transaction holds from before cannot be seen to be taken again.
  const again = effects.locks.filter(({ relation, mode }) => {
    const already = held.get(relation)
    return already !== undefined && lockModes.indexOf(already) >= lockModes.indexOf(mode)
  })
  const locks = [...observed.locks, ...again.map(({ relation, mode }) => `${relation} ${mode}`)].toSorted()
  const said: Effects = { ...effects, scans: alone ? [] : effects.scans }
  const branches = mayBranch.has(kind)
  const entry = { sql, since: 0, unknown: false, branches }
  const compared = comparison(entry, { kind, effects: said }, { ...observed, locks })
  const agrees = JSON.stringify(compared.said) === JSON.stringify(compared.seen)
  return agrees ? { kind: 'agrees' } : { kind: 'differs', ...compared }
}
