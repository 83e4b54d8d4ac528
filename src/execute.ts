import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { commandTable } from './commands/table.ts'
import { type Config, defaultConfig, parseConfig, policyFor } from './config.ts'
import type { Context, DeployStarted } from './context.ts'
import { type Ended, noMigrations } from './ended.ts'
import { FailureError, fail, messageOf } from './errors.ts'
import type { Invocation } from './invocation.ts'
import { errnoOf } from './migrations/errno.ts'
import { environmentSecrets, type Redactor } from './redact.ts'
import { readRegularText } from './regular-file.ts'
import { exitCodes, type ReportedFailure, type RunResult } from './result.ts'
import { ruleIds } from './rules/index.ts'
import { type Known, Run, type RunEvent } from './run.ts'

/** Where a run meets the outside: the terminal or the action supplies it. */
export interface Surface {
  readonly emit: (event: RunEvent) => void
  readonly signal: AbortSignal
  readonly redactor: Redactor
  readonly version: string
  readonly schemaEnginePath: string
  /** The bundled thread that reads a long history ahead. */
  readonly readAheadPath: string
  readonly announce: (event: DeployStarted) => void
  /** A bug's stack goes where people debug, never into the result. */
  readonly onBug: (stack: string) => void
}

export interface Executed {
  readonly result: RunResult
  readonly exitCode: number
  readonly runId: string
}

const bugExitCode = 1

/** Runs one command to its result. Whatever is thrown inside ends here, as a failure with its code or as a bug. */
export async function execute(invocation: Invocation, surface: Surface): Promise<Executed> {
  const run = new Run(surface.emit, surface.signal)
  const runId = `${run.startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${invocation.command}-${randomBytes(3).toString('hex')}`
  const ended = await attempt(invocation, surface, run, runId)
  const { target, digest, backup, failure, ...rest } = ended
  const result: RunResult = {
    schemaVersion: 1,
    command: invocation.command,
    environment: followsPolicy(invocation) ? invocation.environment : undefined,
    ...surface.redactor.value(rest),
    // These words are ours and scripts compare them: a password that happens to be one of them must not blank it.
    outcome: ended.outcome,
    reasonCode: ended.reasonCode,
    target,
    digest,
    backup,
    notices: run.notices.map((notice) => surface.redactor.text(notice)),
    // Whatever came after it: it was seen, and is told.
    rehearsal: surface.redactor.value(run.known.rehearsal),
    failure: surface.redactor.value(failure),
    stages: run.records.map((record) => ({
      ...record,
      summary: surface.redactor.text(record.summary),
      detail: surface.redactor.value(record.detail),
    })),
    startedAt: run.startedAt.toISOString(),
    ms: Date.now() - run.startedAt.getTime(),
  }
  return { result, runId, exitCode: failure?.code === 'BUG' ? bugExitCode : exitCodes[result.outcome] }
}

async function attempt(invocation: Invocation, surface: Surface, run: Run, runId: string): Promise<Ended> {
  surface.redactor.add(environmentSecrets(invocation.env))
  try {
    const config = await readConfig(invocation)
    const context: Context = {
      run,
      runId,
      invocation,
      config,
      // Asked for by those who follow one: a restore must not fail over an environment that it has no use for.
      get policy() {
        return policyFor(config, invocation.environment)
      },
      redactor: surface.redactor,
      version: surface.version,
      schemaEnginePath: surface.schemaEnginePath,
      readAheadPath: surface.readAheadPath,
      announce: surface.announce,
    }
    return await commandTable[invocation.command](context)
  } catch (error) {
    if (error instanceof FailureError) return failed(error, run.known)
    surface.onBug(surface.redactor.text(error instanceof Error ? (error.stack ?? error.message) : String(error)))
    return bug(error, run.known)
  }
}

async function readConfig(invocation: Invocation): Promise<Config> {
  const path = resolve(invocation.cwd, invocation.config)
  try {
    return parseConfig(await readRegularText(path), invocation.config, ruleIds)
  } catch (error) {
    const code = errnoOf(error)
    if (error instanceof FailureError || code === '') throw error
    if (code === 'ENOENT' && invocation.config === 'airlock.yml') {
      if (existsSync(resolve(invocation.cwd, 'airlock.yaml'))) throw otherEnding()
      return defaultConfig
    }
    throw fail('CONFIG.UNREADABLE', {
      what: `${invocation.config} cannot be read.`,
      why: messageOf(error),
      next: ['Check the path; without `config` Airlock reads airlock.yml in the project folder, where there is one.'],
    })
  }
}

function otherEnding(): FailureError {
  return fail('CONFIG.UNREADABLE', {
    what: 'There is an airlock.yaml, and Airlock reads airlock.yml.',
    why: 'Settings that nobody reads protect nobody, so they are not passed over in silence.',
    next: ['git mv airlock.yaml airlock.yml'],
  })
}

/** A restore puts back what is there, whatever any policy says. */
function followsPolicy({ command }: Invocation): boolean {
  return command !== 'restore'
}

function failed({ failure }: { readonly failure: ReportedFailure }, known: Known): Ended {
  return {
    ...noMigrations,
    ...known,
    outcome: 'failed',
    reasonCode: failure.code,
    reason: '',
    next: failure.next,
    failure,
  }
}

function bug(thrown: unknown, known: Known): Ended {
  const failure = {
    code: 'BUG',
    what: 'Airlock itself is wrong here.',
    why: messageOf(thrown),
    next: ['Report this with the output above. Run `airlock plan` to see the state of the database.'],
  } as const
  return failed({ failure }, known)
}
