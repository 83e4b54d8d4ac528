import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { type Ended, noMigrations } from '../ended.ts'
import { type Failure, FailureError } from '../errors.ts'
import { errnoOf } from '../migrations/errno.ts'
import { unreadableFile } from '../migrations/project-failures.ts'
import { chooseClient } from '../postgres/client-choice.ts'
import { describeMachine, findClients } from '../postgres/client-tools.ts'
import { checkEnvFile } from '../postgres/url/env-file.ts'
import { readRegularText } from '../regular-file.ts'
import { plural } from '../report/words.ts'
import { openTarget, readFacts, type Target } from '../stages/preflight/perform.ts'
import { majorOf, readServer } from '../stages/preflight/server.ts'

interface Ailment {
  readonly where: string
  readonly failure: Failure
}

/** Everything that would stop a deploy, looked for at once and all of it told. Reads only. */
export async function doctor(context: Context): Promise<Ended> {
  const ailments = await context.run.stage(
    'preflight',
    async () => [...(await inEnvFiles(context.invocation.cwd)), ...(await inTarget(context))],
    (found) => ({
      outcome: found.length === 0 ? 'pass' : 'fail',
      summary:
        found.length === 0
          ? 'project, env files, connection, history and client tools'
          : plural(found.length, 'problem'),
      detail: { problems: found },
    }),
  )
  const [first] = ailments
  if (first === undefined) {
    return {
      ...noMigrations,
      outcome: 'done',
      reasonCode: 'ready',
      reason:
        'Project, env files, connection, history and client tools are in order. Not checked: what is pending, and the privileges it needs.',
      next: ['airlock plan'],
    }
  }
  const failure = {
    code: first.failure.code,
    what: ailments.length === 1 ? first.failure.what : `${ailments.length} things stand in the way of a deploy.`,
    why: ailments.map(({ where, failure: { code, what, why } }) => `${where}: ${code}: ${what} ${why}`).join('\n'),
    next: [...new Set(ailments.flatMap(({ failure: { next } }) => next))],
  }
  return { ...noMigrations, outcome: 'failed', reasonCode: failure.code, reason: '', next: failure.next, failure }
}

async function inEnvFiles(cwd: string): Promise<readonly Ailment[]> {
  const names = (await filesIn(cwd)).filter(
    (name) => /^\.env(\.|$)/.test(name) && !/\.(example|sample|template)$/.test(name),
  )
  return (await Promise.all(names.sort().map((name) => inEnvFile(cwd, name)))).flat()
}

async function filesIn(cwd: string): Promise<string[]> {
  try {
    const entries = await readdir(cwd, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]))
  } catch (error) {
    // A folder that is not there is told as such, by whoever looks for the project in it.
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return []
    throw unreadableFile(error) ?? error
  }
}

async function inEnvFile(cwd: string, name: string): Promise<readonly Ailment[]> {
  try {
    const problems = checkEnvFile(await readRegularText(join(cwd, name)), name)
    return problems.map(({ line, variable, failure }) => ({ where: `${name}:${line} ${variable}`, failure }))
  } catch (error) {
    const unreadable = unreadableFile(error)
    if (unreadable === undefined) throw error
    return [{ where: name, failure: unreadable.failure }]
  }
}

async function inTarget(context: Context): Promise<readonly Ailment[]> {
  try {
    await using target = await openTarget(context, 'write')
    return [
      ...(await inClients(context, target)),
      ...(await ailmentsOf('history', async () => void (await readFacts(target)))),
    ]
  } catch (error) {
    if (error instanceof FailureError) return [{ where: 'project', failure: error.failure }]
    throw error
  }
}

async function inClients({ invocation, policy }: Context, target: Target): Promise<readonly Ailment[]> {
  if (policy.backup.strategy === 'none') return []
  const choice = chooseClient(
    await findClients(invocation.env),
    majorOf(await readServer(target.session)),
    await describeMachine(invocation.env),
  )
  return choice.kind === 'none' ? [{ where: 'client tools', failure: choice.failure }] : []
}

async function ailmentsOf(where: string, work: () => Promise<void>): Promise<readonly Ailment[]> {
  try {
    await work()
    return []
  } catch (error) {
    if (error instanceof FailureError) return [{ where, failure: error.failure }]
    throw error
  }
}
