import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { FailureCode } from '../../src/errors.ts'
import type { RunResult } from '../../src/result.ts'
import { tempFolder } from '../lab/temp.ts'
import { type AirlockRun, airlock, type RunOptions } from './airlock.ts'

export interface Scene extends AsyncDisposable {
  readonly path: string
  /** Runs Airlock with temp and report folders of its own and holds what every run must keep to. */
  run(args: readonly string[], options: SceneOptions): Promise<SceneRun>
  /** At the same time. */
  runAll(commands: readonly (readonly string[])[], options: SceneOptions): Promise<readonly SceneRun[]>
}

export interface SceneOptions extends Omit<RunOptions, 'env'> {
  readonly env?: Readonly<Record<string, string>>
  /** Texts that must not appear anywhere: not on either stream, not in a report. */
  readonly secrets?: readonly string[]
  /** `none`: the command line cannot be read, so nothing can be asked for on it. */
  readonly reports?: 'none'
}

export interface SceneRun extends AirlockRun {
  /** The report of the run, which is the same whatever the format on standard output is. */
  readonly result: RunResult
  /** What is left in the temp folders. */
  readonly left: readonly string[]
}

export async function openScene(): Promise<Scene> {
  const folder = await tempFolder('airlock-scene-')
  let runs = 0
  const run: Scene['run'] = async (args, { secrets = [], env, reports: wanted, ...options }) => {
    runs += 1
    const own = join(folder.path, `${runs}`)
    const [temp, runnerTemp, reports] = [join(own, 'temp'), join(own, 'runner-temp'), join(own, 'reports')]
    for (const path of [temp, runnerTemp]) await mkdir(path, { recursive: true })
    const ran = await airlock(wanted === 'none' ? args : [...args, '--report-dir', reports], {
      ...options,
      env: { TMPDIR: temp, RUNNER_TEMP: runnerTemp, ...env },
    })
    const texts = await readReports(reports)
    const everything = [ran.stdout, ran.stderr, ...texts.values()]
    for (const text of everything) {
      for (const secret of secrets.flatMap(spellings)) expect(text).not.toContain(secret)
      expect(text).not.toMatch(/^\s+at .*[:(]\d+:\d+\)?$/m)
    }
    const json = [...texts].find(([name]) => name.endsWith('.json'))?.[1]
    const result = JSON.parse(json ?? (ran.stdout || 'null')) as RunResult
    // One document, or none where the process was not left the time for one.
    if (args.includes('json') && ran.stdout !== '')
      expect(withoutTimes(JSON.parse(ran.stdout))).toEqual(withoutTimes(result))
    return { ...ran, result, left: [...(await readdir(temp)), ...(await readdir(runnerTemp))] }
  }
  return {
    path: folder.path,
    run,
    runAll: (commands, options) => Promise.all(commands.map((args) => run(args, options))),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

async function readReports(folder: string): Promise<ReadonlyMap<string, string>> {
  if (!existsSync(folder)) return new Map()
  const names = (await readdir(folder)).filter((name) => name !== '.gitignore')
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}

function withoutTimes({ ms: _ms, ...rest }: RunResult): unknown {
  return rest
}

/** As it is, as a URL carries it, and as JSON writes it. */
function spellings(secret: string): readonly string[] {
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])]
}

/**
 * One message with a code, what, why and what to do, the exit code 2, and nothing left lying about. A deploy that finds what an
 * earlier one left asks a person, with the same message.
 */
export function expectFailure(run: SceneRun | undefined, code: FailureCode): void {
  if (run === undefined) throw new Error('nothing was run')
  const { failure } = run.result
  const asks = code === 'HISTORY.FAILED_MIGRATION' && run.result.command === 'deploy'
  expect({
    exitCode: run.exitCode,
    outcome: run.result.outcome,
    reasonCode: run.result.reasonCode,
    code: failure?.code,
  }).toEqual({
    ...(asks ? { exitCode: 5, outcome: 'needs-human' } : { exitCode: 2, outcome: 'failed' }),
    reasonCode: code,
    code,
  })
  expect(failure?.what).toMatch(/\S.*[.:]$/)
  expect(failure?.why).toMatch(/\S/)
  expect(failure?.next.length).toBeGreaterThan(0)
  for (const step of failure?.next ?? []) expect(step).toMatch(/\S/)
  expect(run.result.next).toEqual(failure?.next)
  expect(run.result.applied).toEqual([])
  expect(run.result.backup).toBeUndefined()
  expect(run.left).toEqual([])
}

/** The same for people: the message stands on standard output once, and its code with it. */
export function expectText(run: SceneRun | undefined): void {
  if (run === undefined) throw new Error('nothing was run')
  const { failure } = run.result
  const said = run.stdout.replaceAll(/^ {2}/gm, '')
  for (const part of [`${failure?.code}: ${failure?.what}`, failure?.why ?? '', ...(failure?.next ?? [])]) {
    expect(said).toContain(part)
  }
}
