// How much the rules say about real histories: findings per migration with default settings, as `check` gives them.
//   tsx scripts/noise.ts --histories DIR [--prisma 7.10.1] [--sample 50 --seed 1]
// DIR has one folder for each history, with its migrations in it: DIR/<owner+name>/<migration>/migration.sql.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Migration } from '../src/migrations/migration.ts'
import { migrationIn, readMigration } from '../src/migrations/migration-file.ts'
import { compareNames, orderOf } from '../src/migrations/order.ts'
import { findingText } from '../src/report/findings-text.ts'
import type { Finding } from '../src/rules/finding.ts'
import { emptyCatalog } from '../src/sql/catalog/model.ts'
import { dataLosses, type LockMode, lockModes } from '../src/sql/model.ts'
import { loadParser, type Parser, parseMigration } from '../src/sql/parse.ts'
import { sourceText } from '../src/sql/source-text.ts'
import { type Analysis, analyse } from '../src/stages/plan/analyse.ts'

interface History {
  readonly name: string
  readonly migrations: readonly Migration[]
  readonly analysis: Analysis
}

interface Sampled {
  readonly history: History
  readonly finding: Finding
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string' },
      prisma: { type: 'string', default: '7.10.1' },
      sample: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
    },
  })
  if (values.histories === undefined) throw new Error('--histories DIR: where the histories are')
  const parser = await loadParser()
  const histories: History[] = []
  for (const name of foldersIn(values.histories))
    histories.push(await judged(join(values.histories, name), name, parser, values.prisma))
  console.log(figures(histories).join('\n'))
  for (const [index, sampled] of drawn(histories, Number(values.sample), Number(values.seed)).entries()) {
    console.log(`\n${'='.repeat(40)} ${index + 1}: ${sampled.history.name}\n${shown(sampled)}`)
  }
}

function foldersIn(path: string): readonly string[] {
  const folders = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map(({ name }) => name).toSorted()
}

/** A file at which `check` would stop is named and left out. */
async function judged(path: string, name: string, parser: Parser, prismaVersion: string): Promise<History> {
  const migrations = foldersIn(path)
    .filter((folder) => existsSync(join(path, folder, 'migration.sql')))
    .toSorted(compareNames(orderOf(prismaVersion)))
    .flatMap((folder) => {
      const { migration, problem } = readMigration(migrationIn(path, folder))
      const because = problem?.what ?? syntaxErrorIn(parser, migration?.sql ?? '')
      if (because === undefined && migration !== undefined) return [migration]
      console.error(`left out: ${name}/${folder}: ${because}`)
      return []
    })
  const options = { prismaVersion, schema: 'public', rules: {}, start: emptyCatalog }
  return { name, migrations, analysis: await analyse({ applied: [], pending: migrations }, options) }
}

function syntaxErrorIn(parser: Parser, sql: string): string | undefined {
  const parsed = parseMigration(parser, sql)
  return parsed.kind === 'syntax-error' ? `line ${parsed.line}: ${parsed.message}` : undefined
}

function figures(histories: readonly History[]): readonly string[] {
  const migrations = histories.flatMap(({ analysis }) => analysis.migrations)
  const findings = histories.flatMap(({ analysis }) => analysis.findings)
  const statements = migrations.reduce((sum, { statements }) => sum + statements.length, 0)
  const silent = histories.reduce((sum, { analysis }) => {
    const told = new Set(analysis.findings.map(({ migration }) => migration))
    return sum + analysis.migrations.filter(({ name }) => !told.has(name)).length
  }, 0)
  const share = (count: number) => `${((100 * count) / migrations.length).toFixed(1)} %`
  const counts = (key: 'rule' | 'severity') => {
    const tally = new Map<string, number>()
    for (const finding of findings) tally.set(finding[key], (tally.get(finding[key]) ?? 0) + 1)
    return [...tally].toSorted(([, one], [, other]) => other - one)
  }
  const row = ([what, count]: readonly [string, number]) =>
    `${what.padEnd(32)} ${String(count).padStart(6)} ${(count / migrations.length).toFixed(3).padStart(8)}`
  return [
    `${histories.length} histories, ${migrations.length} migrations, ${statements} statements`,
    row(['findings (per migration)', findings.length]),
    `without any finding: ${silent} migrations (${share(silent)})`,
    ...unsaid(histories),
    '',
    ...counts('severity').map(row),
    '',
    ...counts('rule').map(row),
  ]
}

/** What can hurt and is named by no finding of its migration: it should be none. */
function unsaid(histories: readonly History[]): readonly string[] {
  const losses = { what: 'losses of data', all: 0, unsaid: 0 }
  const works = { what: 'scans and rewrites under a lock against writes', all: 0, unsaid: 0 }
  for (const { analysis } of histories) {
    for (const { name, statements } of analysis.migrations) {
      const own = analysis.findings.filter(({ migration }) => migration === name)
      const said = own.map(({ message, why, instead }) => `${message}\n${why}\n${instead}`).join('\n')
      const count = (tally: typeof losses, relation: string) => {
        tally.all += 1
        if (!said.includes(relation.slice(relation.lastIndexOf('.') + 1))) tally.unsaid += 1
      }
      for (const { effects } of statements) {
        for (const loss of effects.loses) if (dataLosses.has(loss.kind)) count(losses, loss.name)
        for (const table of new Set([...effects.scans, ...effects.rewrites]))
          if (effects.locks.some(({ relation, mode }) => relation === table && stopsWrites(mode))) count(works, table)
      }
    }
  }
  return [losses, works].map((one) => `${one.what}: ${one.all}, named by no finding: ${one.unsaid}`)
}

function stopsWrites(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= lockModes.indexOf('ShareLock')
}

/** The same seed draws the same findings from the same histories. */
function drawn(histories: readonly History[], count: number, seed: number): readonly Sampled[] {
  const all = histories.flatMap((history) => history.analysis.findings.map((finding) => ({ history, finding })))
  const random = randomFrom(seed)
  const rest = all.map((sampled) => ({ sampled, at: random() })).toSorted((one, other) => one.at - other.at)
  return rest.slice(0, count).map(({ sampled }) => sampled)
}

/** Mulberry32: a small generator whose whole state is one number. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function shown({ history, finding }: Sampled): string {
  const migration = history.migrations.find(({ name }) => name === finding.migration)
  const source = migration === undefined ? undefined : sourceText(migration.sql)
  return findingText(finding, source, { colour: false, width: 120 })
}

await main()
