// Real histories run on a real server: does a replay of them give the catalog that the server has, and are migrations judged alike on both?
//   tsx scripts/replay.ts --histories DIR [--major 18] [--judge 25]
// DIR has one folder for each history, with its migrations in it: DIR/<owner+name>/<migration>/migration.sql.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Migration } from '../src/migrations/migration.ts'
import { migrationIn, readMigration } from '../src/migrations/migration-file.ts'
import type { Session } from '../src/ports.ts'
import { connect, type OpenSession } from '../src/postgres/connection.ts'
import { readLiveCatalog } from '../src/postgres/live-catalog.ts'
import { parseDatabaseUrl } from '../src/postgres/url.ts'
import { analyseMigration, replayMigration } from '../src/sql/analyse.ts'
import { type Catalog, emptyCatalog } from '../src/sql/catalog/model.ts'
import { loadParser, parseMigration } from '../src/sql/parse.ts'
import { type LabServer, postgresMajors, startServer } from '../test/lab/server.ts'
import { disagreements } from '../test/truth/replay-agreement.ts'

const parser = await loadParser()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string' },
      major: { type: 'string', default: '18' },
      judge: { type: 'string', default: '0' },
    },
  })
  const { histories } = values
  const major = postgresMajors.find((one) => one === Number(values.major))
  if (histories === undefined || major === undefined) throw new Error('--histories DIR, and --major one of 14 to 18')
  await using server = await startServer(major, { settings: { max_locks_per_transaction: '512' } })
  const sum = { migrations: 0, judged: 0, differences: 0, refused: 0 }
  for (const name of foldersIn(histories)) {
    const told = await compared(server, migrationsIn(join(histories, name)), Number(values.judge))
    for (const line of told.lines) console.log(`${name}: ${line}`)
    sum.migrations += told.migrations
    sum.judged += told.judged
    sum.refused += told.refused
    sum.differences += told.lines.length
  }
  console.log(
    `PostgreSQL ${major}: ${sum.migrations} migrations (${sum.refused} statements refused by the server and left out), ` +
      `${sum.judged} judged on both, ${sum.differences} differences`,
  )
}

function foldersIn(path: string): readonly string[] {
  const folders = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => name).toSorted()
}

function migrationsIn(path: string): readonly Migration[] {
  return foldersIn(path).flatMap((name) => readMigration(migrationIn(path, name)).migration ?? [])
}

async function compared(server: LabServer, migrations: readonly Migration[], judgeEach: number) {
  await using session = await newDatabase(server)
  const lines: string[] = []
  let catalog: Catalog = emptyCatalog
  let refused = 0
  let judged = 0
  for (const [index, { name, sql }] of migrations.entries()) {
    if (judgeEach > 0 && index % judgeEach === judgeEach - 1) {
      judged += 1
      lines.push(...judgedDifferently(name, sql, catalog, await readLiveCatalog(session)))
    }
    const ran = await run(sql, session)
    refused += ran.refused
    const replayed = replayMigration(parser, { name, sql: ran.sql, schema: 'public', catalog })
    if (replayed.kind === 'replayed') catalog = replayed.catalogAfter
    else lines.push(`${name}: ${replayed.message}`)
  }
  lines.push(...disagreements(catalog, await readLiveCatalog(session), await ofExtensions(session)))
  return { lines, migrations: migrations.length, judged, refused }
}

async function newDatabase(server: LabServer): Promise<OpenSession> {
  const database = new URL(await server.createDatabase()).pathname.slice(1)
  // As the superuser, for the extensions that histories create.
  const parsed = parseDatabaseUrl(server.superuserUrl(database), 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  return await connect(parsed.url)
}

/** All of the file at once; where the server refuses it, the statements that it takes one by one. */
async function run(sql: string, session: Session): Promise<{ readonly sql: string; readonly refused: number }> {
  await session.query('SET search_path = public')
  try {
    if (!/concurrently/i.test(sql) && (await taken(sql, session))) return { sql, refused: 0 }
    await session.query('ROLLBACK')
    const parsed = parseMigration(parser, sql)
    const statements =
      parsed.kind === 'parsed' ? parsed.statements.filter(({ kind }) => kind !== 'TransactionStmt') : []
    const kept: string[] = []
    for (const statement of statements) if (await taken(statement.sql, session)) kept.push(statement.sql)
    return { sql: kept.join(';\n'), refused: statements.length - kept.length }
  } finally {
    await session.query("SET search_path = ''")
  }
}

async function taken(sql: string, session: Session): Promise<boolean> {
  return await session.query(sql).then(
    () => true,
    () => false,
  )
}

async function ofExtensions(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(`
    SELECT n.nspname || '.' || coalesce(c.relname, t.typname) AS name FROM pg_depend d
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
      JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace) WHERE d.deptype = 'e'`)
  return new Set(rows.map(({ name }) => name))
}

function judgedDifferently(name: string, sql: string, replayed: Catalog, live: Catalog): readonly string[] {
  const [one, other] = [replayed, live].map((catalog) => new Set(said(name, sql, catalog)))
  const only = (here: ReadonlySet<string> = new Set(), there: ReadonlySet<string> = new Set()) =>
    [...here].filter((line) => !there.has(line))
  return [
    ...only(one, other).map((line) => `${name}: said on the replay only: ${line}`),
    ...only(other, one).map((line) => `${name}: said on the server's catalog only: ${line}`),
  ]
}

function said(name: string, sql: string, catalog: Catalog): readonly string[] {
  const analysis = analyseMigration(parser, { name, file: name, sql, schema: 'public', catalog })
  if (analysis.kind === 'syntax-error') return [analysis.message]
  const { statements, findings } = analysis
  return [
    ...statements.flatMap(({ range, effects: { locks, loses, rewrites, scans, unknownBecause } }) => [
      ...locks.map(({ relation, mode }) => `line ${range.line} locks ${relation} in ${mode}`),
      ...loses.map(({ kind, name: lost }) => `line ${range.line} loses the ${kind} ${lost}`),
      ...rewrites.map((relation) => `line ${range.line} rewrites ${relation}`),
      ...scans.map((relation) => `line ${range.line} scans ${relation}`),
      ...(unknownBecause === undefined ? [] : [`line ${range.line}: ${unknownBecause}`]),
    ]),
    ...findings.map(({ rule, line }) => `line ${line}: ${rule}`),
  ]
}

await main()
