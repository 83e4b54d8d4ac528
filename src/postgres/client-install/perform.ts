import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cancellation, unlessCancelled } from '../../cancellation.ts'
import { messageOf } from '../../errors.ts'
import { type ClientChoice, chooseClient, type Machine } from '../client-choice.ts'
import { findClients } from '../client-tools.ts'
import { decideInstall } from './decide.ts'

export interface EnsureRequest {
  readonly serverMajor: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly machine: Machine
  /** False: only looked for, and the failure names the command. */
  readonly install: boolean
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** The client for a server of that major, installed where it was missing and that was asked for. */
export async function ensureClient(request: EnsureRequest): Promise<ClientChoice> {
  const { serverMajor, environment, machine, onProgress } = request
  const choice = chooseClient(await findClients(environment), serverMajor, machine)
  if (choice.kind === 'found' || !request.install) return choice
  const plan = decideInstall(serverMajor, {
    ...machine,
    maySudo: !machine.isRoot && (await run(['sudo', '-n', 'true'], request)) === undefined,
    foldersNamed: (environment.AIRLOCK_PG_BIN ?? '') !== '',
  })
  if (plan.kind === 'not-possible') return notInstalled(choice, [plan.because])

  onProgress(`installing the client programs of PostgreSQL ${serverMajor}`)
  const problems: string[] = []
  for (const commands of plan.ways) {
    for (const command of commands) {
      const problem = await run(command, request)
      // The next command may do its work all the same: apt also fails to update when a stranger's repository is down.
      if (problem !== undefined) problems.push(problem)
    }
    const now = chooseClient(await findClients(environment), serverMajor, machine)
    if (now.kind === 'found') return now
  }
  return notInstalled(choice, problems)
}

/** Why it failed, or nothing. A cancelled run does not wait for it, and does not tear a package manager apart. */
async function run(
  [program, ...args]: readonly [string, ...string[]],
  { environment, signal }: EnsureRequest,
): Promise<string | undefined> {
  if (signal.aborted) throw cancellation(signal.reason)
  const { PATH, HOME, http_proxy, https_proxy, no_proxy } = environment
  // A group of its own, so that Ctrl-C in a terminal does not reach it either.
  const options = {
    env: { PATH, HOME, http_proxy, https_proxy, no_proxy },
    detached: true,
    cwd: '/',
    maxBuffer: 67_108_864,
  }
  const running = promisify(execFile)(program, args, options)
  try {
    await unlessCancelled(running, signal)
    return undefined
  } catch (thrown) {
    if (signal.aborted) throw thrown
    const said = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr).trim() : ''
    const shown = args.slice(args.indexOf('timeout') === -1 ? 0 : args.indexOf('timeout') + 4).join(' ')
    return `${shown}: ${(said || messageOf(thrown)).split('\n').slice(-3).join(' ')}`
  }
}

function notInstalled(choice: Extract<ClientChoice, { kind: 'none' }>, problems: readonly string[]): ClientChoice {
  const why = [choice.failure.why, 'It could not be installed:', ...new Set(problems)].join('\n')
  return { kind: 'none', failure: { ...choice.failure, why } }
}
