import './short-runs.ts'
import { readdir, rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FailureError } from '../errors.ts'
import { execute } from '../execute.ts'
import { annotateFailure, annotateFindings, toWorkflowCommand } from '../github/annotations.ts'
import { readContextOfAction } from '../github/context.ts'
import { quoteForLog } from '../github/log-text.ts'
import { maskSecrets } from '../github/masking.ts'
import { writeOutputs } from '../github/outputs.ts'
import { resultOutput } from '../github/result-output.ts'
import { writeSummary } from '../github/summary.ts'
import { notifyRunEnded } from '../notify/notify-run-ended.ts'
import { slackFrom } from '../notify/slack-run.ts'
import { removePassFilesOfTheDead } from '../postgres/pass-file.ts'
import { Redactor } from '../redact.ts'
import { markdownReport } from '../report/markdown.ts'
import { githubGroups } from '../report/progress.ts'
import type { RunResult } from '../result.ts'
import { version } from '../version.ts'
import { invocationFrom, parseInputs, secretInputs } from './action-invocation.ts'
import { render } from './render.ts'
import { writeReports } from './report-files.ts'
import { cancelSignal } from './signals.ts'

/** The step of the composite action: groups and annotations in the log, a summary, outputs. */

const env = process.env
const print = (line: string) => void process.stdout.write(`${line}\n`)

async function main(): Promise<number> {
  const given = parseInputs(env.AIRLOCK_INPUTS)
  // Handed over for this process alone: neither Prisma nor pg_dump is to find it in its environment.
  delete env.AIRLOCK_INPUTS
  const redactor = new Redactor((secrets) => maskSecrets(secrets))
  redactor.add(secretInputs(given))
  const github = readContextOfAction(env)
  const invocation = invocationFrom(given, env, github)
  const slack = slackFrom(invocation, redactor, github)

  const { result, exitCode, runId } = await execute(invocation, {
    emit: githubGroups(print, (text) => quoteForLog(redactor.text(text))),
    signal: cancelSignal(),
    redactor,
    version,
    schemaEnginePath: fileURLToPath(new URL('./schema-engine.mjs', import.meta.url)),
    readAheadPath: fileURLToPath(new URL('./read-ahead.mjs', import.meta.url)),
    announce: slack.started,
    onBug: (stack) => print(quoteForLog(stack)),
  })
  const written = await writeReports(result, join(env.RUNNER_TEMP ?? '/tmp', 'airlock-reports'), runId)
  warnIfNotWritten('report', written)
  const report = written.kind === 'written' ? written.path : ''
  print(quoteForLog(await render(result, 'text', { colour: true, width: 110, cwd: invocation.cwd })))
  for (const line of annotateFindings(result.findings.map(inRepository(given['working-directory'])))) print(line)
  if (result.failure !== undefined) print(annotateFailure(result.failure))
  warnIfNotWritten('summary', writeSummary(env.GITHUB_STEP_SUMMARY, markdownReport(result), report))
  warnIfNotWritten('outputs', writeOutputs(env.GITHUB_OUTPUT, outputsOf(result, report)))
  for (const line of await slack.ended(result)) print(line)
  return exitCode
}

/** An annotation stands at a path of the repository; a finding names its file from the project's folder. */
function inRepository(
  workingDirectory: string,
): (finding: RunResult['findings'][number]) => RunResult['findings'][number] {
  return (finding) => ({ ...finding, file: posix.join(workingDirectory, finding.file) })
}

function outputsOf(result: RunResult, report: string) {
  return {
    outcome: result.outcome,
    'reason-code': result.reasonCode,
    digest: result.digest ?? '',
    'pending-count': pendingCount(result),
    // Nobody could look: that is not 0.
    'applied-count': result.reasonCode === 'state_unknown' ? '' : String(result.applied.length),
    backup: result.backup?.manifest ?? '',
    'artifact-files': (result.backup?.artifactFiles ?? []).join('\n'),
    report,
    result: resultOutput(result),
  }
}

/** Empty where nobody counted: a run that failed before its plan must not read as one with nothing pending. */
function pendingCount({ outcome, digest, migrations }: RunResult): string {
  return digest === undefined && outcome !== 'nothing-pending' ? '' : String(migrations.length)
}

/** What cannot be shown must not turn a deploy that stands into a red one. */
function warnIfNotWritten(what: string, written: { readonly kind: string; readonly reason?: string }): void {
  if (written.kind !== 'not-written') return
  const message = `The ${what} could not be written: ${written.reason ?? 'unknown reason'}`
  print(toWorkflowCommand({ severity: 'warning', title: 'Airlock', message }))
}

/** After every run, also one that was killed: nothing private of it stays on the runner. */
async function cleanUp(): Promise<void> {
  removePassFilesOfTheDead()
  const temporary = env.RUNNER_TEMP
  if (temporary === undefined) return
  const left = (await readdir(temporary)).filter((name) => name.startsWith('airlock-run-'))
  for (const name of left) await rm(join(temporary, name), { recursive: true, force: true })
  if (left.length > 0) print(`Removed what a run left behind: ${left.join(', ')}`)
}

try {
  if (process.argv[2] === 'cleanup') await cleanUp()
  else if (process.argv[2] === 'notify') await notifyRunEnded(env, print)
  else process.exitCode = await main()
} catch (error) {
  if (!(error instanceof FailureError)) throw error
  print(annotateFailure(error.failure))
  writeOutputs(env.GITHUB_OUTPUT, { outcome: 'failed', 'reason-code': error.failure.code })
  process.exitCode = 2
}
