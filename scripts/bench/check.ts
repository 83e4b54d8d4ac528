import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadParser, parseMigration } from '../../src/sql/parse.ts'
import { tempFolder } from '../../test/lab/temp.ts'
import { bundle, root } from './bundle.ts'
import { type MadeMigration, madeHistory, writeHistory } from './made-history.ts'
import { comparePairs } from './pairs.ts'
import { type Cost, costOf, medianCost, type Timed } from './processes.ts'
import { findSquawk, type Squawk } from './squawk.ts'

export interface CheckOptions {
  readonly squawk: string | undefined
  readonly histories: string
  readonly rounds: number
}

const mostTimesSquawk = 2
const mostMb = 150
/** Twice the migrations may take twice the time, and a tenth more for what is noise. */
const mostPerDoubling = 2.2
const wanted = 1_700
const lengths = [500, 1_000, 2_000, 4_000]

/** `check` as a user runs it: the bundle, a whole process, the report for the terminal. */
export async function benchCheck(options: CheckOptions): Promise<void> {
  await againstSquawk(options)
  await growth(options.rounds)
}

/** No measurement unless it did its work: nothing to say, or something. */
const airlockOn = (folder: string): Timed => ({
  program: process.execPath,
  args: [bundle, 'check', '--migrations', folder],
  cwd: folder,
  env: process.env,
  exitCodes: [0, 3],
})

const squawkOn = ({ program }: Squawk, folder: string, migrations: readonly MadeMigration[]): Timed => ({
  program,
  args: migrations.map(({ name }) => `${name}/migration.sql`),
  cwd: folder,
  env: process.env,
  exitCodes: [0, 1],
})

async function againstSquawk({ squawk: given, histories, rounds }: CheckOptions): Promise<void> {
  if (!existsSync(histories)) {
    notMade(`the public histories are not in ${histories}: npx tsx scripts/histories.ts fetch`)
    return
  }
  const squawk = findSquawk(given)
  if ('missing' in squawk) {
    notMade(`squawk is not there (--squawk PATH or SQUAWK names one). ${squawk.missing}`)
    return
  }
  const { migrations, unreadable, from } = await readHistories(histories)
  await using folder = await tempFolder('airlock-bench-')
  await writeHistory(join(folder.path, 'all'), migrations)
  const path = join(folder.path, 'all')
  const { first, second, ratio, cpuRatio } = await comparePairs(
    airlockOn(path),
    squawkOn(squawk, path, migrations),
    rounds,
  )
  console.log(
    [
      `check, ${migrations.length} migrations of ${from} public histories (${unreadable} more are not PostgreSQL SQL), ${rounds} pairs`,
      row('', 'wall', 'CPU', 'peak'),
      row('airlock check', ...columns(first)),
      row(squawk.version, ...columns(second)),
      row('times squawk', ratio.toFixed(2), cpuRatio.toFixed(2), '', ` bars: ${mostTimesSquawk} (wall), ${mostMb} MB`),
    ].join('\n'),
  )
  if (!(ratio <= mostTimesSquawk) || !(first.peakMb < mostMb)) process.exitCode = 1
}

/** A comparison that was not made is not one that was passed. */
function notMade(why: string): void {
  console.error(`check against squawk: NOT MEASURED, ${why}`)
  process.exitCode = 2
}

async function readHistories(folder: string) {
  const parser = await loadParser()
  const migrations: MadeMigration[] = []
  let unreadable = 0
  let from = 0
  for (const history of readdirSync(folder).toSorted()) {
    if (migrations.length >= wanted) break
    from += 1
    for (const name of readdirSync(join(folder, history)).toSorted()) {
      const file = join(folder, history, name, 'migration.sql')
      if (!existsSync(file)) continue
      const sql = readFileSync(file, 'utf8')
      // One such file, and `check` tells nothing but that: it would be a measurement of something else.
      if (parseMigration(parser, sql).kind === 'syntax-error' || sql.trim() === '') unreadable += 1
      else migrations.push({ name: `${String(from).padStart(2, '0')}_${name.replaceAll(/[^\w-]/g, '_')}`, sql })
    }
  }
  return { migrations, unreadable, from }
}

async function growth(rounds: number): Promise<void> {
  await using folder = await tempFolder('airlock-bench-')
  for (const length of lengths) await writeHistory(join(folder.path, String(length)), madeHistory(length))
  const costs = new Map<number, Cost[]>(lengths.map((length) => [length, []]))
  for (let round = 0; round < rounds; round++)
    for (const length of lengths) costs.get(length)?.push(await costOf(airlockOn(join(folder.path, String(length)))))
  const measured = lengths.map((length) => ({ length, cost: medianCost(costs.get(length) ?? []) }))
  // By the time of the processors, where it is known: other work on the machine lengthens the long runs most.
  const spent = (cost: Cost | undefined) => cost?.cpuMs || (cost?.wallMs ?? Number.NaN)
  const perDoubling = measured.slice(1).map(({ cost }, index) => spent(cost) / spent(measured[index]?.cost))
  console.log(
    [
      `check, made-up histories, ${rounds} rounds`,
      row('migrations', 'wall', 'CPU', 'peak', 'times half'),
      ...measured.map(({ length, cost }, index) =>
        row(String(length), ...columns(cost), index === 0 ? '' : (perDoubling[index - 1] ?? Number.NaN).toFixed(2)),
      ),
      row('', '', '', '', `bar: ${mostPerDoubling}`),
    ].join('\n'),
  )
  if (!perDoubling.every((factor) => factor <= mostPerDoubling)) process.exitCode ??= 1
}

function columns({ wallMs, cpuMs, peakMb }: Cost): readonly [string, string, string] {
  return [`${wallMs.toFixed(0)} ms`, `${cpuMs.toFixed(0)} ms`, `${peakMb.toFixed(0)} MB`]
}

function row(first: string, ...others: readonly string[]): string {
  return `  ${first.padEnd(16)}${others.map((text) => text.padStart(12)).join('')}`.trimEnd()
}

export const defaultHistories = join(root, '.cache/histories')
