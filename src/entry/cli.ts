#!/usr/bin/env node
import './short-runs.ts'
import { fileURLToPath } from 'node:url'
import { noMigrations } from '../ended.ts'
import { FailureError } from '../errors.ts'
import { execute } from '../execute.ts'
import type { Invocation } from '../invocation.ts'
import { slackFrom } from '../notify/slack-run.ts'
import { Redactor } from '../redact.ts'
import { plainLines, spinner } from '../report/progress.ts'
import { type AnyResult, commands, type ReportedFailure } from '../result.ts'
import type { RunEvent } from '../run.ts'
import { version } from '../version.ts'
import { type Asked, readArguments } from './arguments.ts'
import { helpText } from './help.ts'
import { render } from './render.ts'
import { writeReports } from './report-files.ts'
import { cancelSignal } from './signals.ts'

/** The terminal: progress on stderr, the result on stdout, the exit code of DESIGN for scripts. */

const redactor = new Redactor()

function progressOn(stream: NodeJS.WriteStream): (event: RunEvent) => void {
  const write = (text: string) => stream.write(redactor.text(text))
  if (!stream.isTTY || process.env.CI !== undefined || process.env.TERM === 'dumb')
    return plainLines((line) => write(`${line}\n`))
  return spinner({
    write,
    columns: () => stream.columns ?? 80,
    now: () => performance.now(),
    everyMs: (ms, work) => {
      const timer = setInterval(work, ms)
      return () => clearInterval(timer)
    },
  })
}

function ask(): Asked | number {
  const argv = process.argv.slice(2)
  // Nobody should, but who gives a URL here must not find its password in the log of the refusal.
  redactor.add(argv.filter((argument) => argument.includes('://')))
  try {
    return readArguments(argv, process.env, process.cwd())
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    const failure = redactor.value(error.failure)
    if (/(^| )--format[ =]json( |$)/.test(argv.join(' ')))
      process.stdout.write(`${JSON.stringify(misused(argv, failure))}\n`)
    process.stderr.write([`${failure.code}: ${failure.what}`, failure.why, ...failure.next, ''].join('\n'))
    return 2
  }
}

/** A result like any other, but that the command may not be known. */
function misused(argv: readonly string[], failure: ReportedFailure): AnyResult {
  const command = commands.find((candidate) => candidate === argv[0])
  return {
    schemaVersion: 1,
    ...(command === undefined ? {} : { command }),
    outcome: 'failed',
    reasonCode: failure.code,
    reason: '',
    ...noMigrations,
    stages: [],
    notices: [],
    next: failure.next,
    failure,
    startedAt: new Date().toISOString(),
    ms: 0,
  }
}

async function runCommand(invocation: Invocation, format: Extract<Asked, { kind: 'run' }>['format']): Promise<number> {
  const slack = slackFrom(invocation, redactor, { kind: 'elsewhere' })
  const { result, exitCode, runId } = await execute(invocation, {
    emit: progressOn(process.stderr),
    signal: cancelSignal(),
    redactor,
    version,
    schemaEnginePath: fileURLToPath(new URL('./schema-engine.mjs', import.meta.url)),
    readAheadPath: fileURLToPath(new URL('./read-ahead.mjs', import.meta.url)),
    announce: slack.started,
    onBug: (stack) => process.stderr.write(`${stack}\n`),
  })
  const report =
    invocation.reportDir === undefined ? undefined : await writeReports(result, invocation.reportDir, runId)
  process.stdout.write(
    await render(result, format, {
      colour: process.stdout.isTTY && process.env.NO_COLOR === undefined,
      width: Math.min(process.stdout.columns ?? 100, 120),
      cwd: invocation.cwd,
    }),
  )
  if (report?.kind === 'written') process.stderr.write(`  report   ${report.path}\n`)
  if (report?.kind === 'not-written') process.stderr.write(`  the report could not be written: ${report.reason}\n`)
  for (const line of await slack.ended(result)) process.stderr.write(`  ${line}\n`)
  return exitCode
}

const asked = ask()
if (typeof asked === 'number') process.exitCode = asked
else if (asked.kind === 'version') process.stdout.write(`${version}\n`)
else if (asked.kind === 'help') process.stdout.write(helpText(version, asked.command))
else process.exitCode = await runCommand(asked.invocation, asked.format)
