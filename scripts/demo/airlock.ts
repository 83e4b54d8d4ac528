import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, RunResult } from '../../src/result.ts'
import { runProgram } from './programs.ts'
import { root, type Shop } from './shop.ts'
import { note } from './terminal.ts'
import { expectThat } from './unexpected.ts'

export interface AirlockRun {
  readonly result: RunResult
  readonly ms: number
  /** Path of the JSON report; the Markdown lies beside it. */
  readonly report: string
}

/**
 * Runs the bundle of this checkout where the project is, with its output shown as it comes. What the story needs to know
 * is read from the JSON report that the same run wrote.
 */
export async function airlock(
  shop: Shop,
  args: readonly string[],
  expected: { readonly code: number; readonly outcome: Outcome },
  signal: AbortSignal,
): Promise<AirlockRun> {
  const before = new Set(await reportsIn(shop))
  const { code, ms } = await runProgram(
    ['airlock', ...args],
    [process.execPath, join(root, 'dist/airlock.mjs'), ...args],
    { cwd: shop.folder, env: shop.env, signal, output: 'shown' },
  )
  note(`exit code ${code}, ${(ms / 1_000).toFixed(1)} s\n`)
  expectThat(code === expected.code, `airlock ${args.join(' ')} ended with exit code ${code}, not ${expected.code}.`)
  const written = (await reportsIn(shop)).filter((path) => !before.has(path))
  const [report] = written
  expectThat(report !== undefined && written.length === 1, `The run wrote ${written.length} JSON reports, not one.`)
  const result = JSON.parse(await readFile(report, 'utf8')) as RunResult
  expectThat(
    result.outcome === expected.outcome,
    `The outcome in ${report} is ${result.outcome}, not ${expected.outcome}.`,
  )
  return { result, ms, report }
}

async function reportsIn(shop: Shop): Promise<readonly string[]> {
  const folder = join(shop.kept, 'reports')
  if (!existsSync(folder)) return []
  return (await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => join(folder, name))
}
