import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, RunResult } from '../../src/result.ts'
import { type Ended, runProgram } from './programs.ts'
import { root, type Shop } from './shop.ts'
import { note } from './terminal.ts'
import { expectThat } from './unexpected.ts'

export interface AirlockRun {
  readonly result: RunResult
  /** Path of the JSON report; the Markdown lies beside it. */
  readonly report: string
}

export interface Expected {
  readonly code: number
  readonly outcome: Outcome
}

/**
 * Runs the bundle of this checkout where the project is, with its output shown as it comes. What the story needs to know
 * is read from the JSON report that the same run wrote.
 */
export async function airlock(
  shop: Shop,
  args: readonly string[],
  expected: Expected,
  signal: AbortSignal,
): Promise<AirlockRun> {
  const before = new Set(await reportsIn(shop))
  await runBundle(shop, args, expected, signal, 'shown')
  const written = (await reportsIn(shop)).filter((path) => !before.has(path))
  const [report] = written
  expectThat(report !== undefined && written.length === 1, `The run wrote ${written.length} JSON reports, not one.`)
  const result = JSON.parse(await readFile(report, 'utf8')) as RunResult
  expectOutcome(result, expected)
  return { result, report }
}

/** For a command that changes nothing and writes no report: once to be seen, once more for its JSON. */
export async function airlockReading(
  shop: Shop,
  args: readonly string[],
  expected: Expected,
  signal: AbortSignal,
): Promise<RunResult> {
  await runBundle(shop, args, expected, signal, 'shown')
  const { stdout } = await runBundle(shop, [...args, '--format', 'json'], expected, signal, 'captured')
  const result = JSON.parse(stdout) as RunResult
  expectOutcome(result, expected)
  return result
}

async function runBundle(
  shop: Shop,
  args: readonly string[],
  expected: Expected,
  signal: AbortSignal,
  output: 'shown' | 'captured',
): Promise<Ended> {
  const ended = await runProgram(
    output === 'shown' ? ['airlock', ...args] : [],
    [process.execPath, join(root, 'dist/airlock.mjs'), ...args],
    { cwd: shop.folder, env: shop.env, signal, output },
  )
  if (output === 'shown') note(`exit code ${ended.code}, ${(ended.ms / 1_000).toFixed(1)} s`)
  expectThat(
    ended.code === expected.code,
    `airlock ${args.join(' ')} ended with exit code ${ended.code}, not ${expected.code}.`,
  )
  return ended
}

function expectOutcome(result: RunResult, expected: Expected): void {
  expectThat(result.outcome === expected.outcome, `The outcome is ${result.outcome}, not ${expected.outcome}.`)
}

async function reportsIn(shop: Shop): Promise<readonly string[]> {
  const folder = join(shop.kept, 'reports')
  if (!existsSync(folder)) return []
  return (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => join(folder, name))
}
