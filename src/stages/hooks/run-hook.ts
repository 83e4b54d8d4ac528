import { createInterface } from 'node:readline'
import { cancellation } from '../../cancellation.ts'
import type { Context } from '../../context.ts'
import { type Failure, messageOf } from '../../errors.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import { withoutRowValues } from '../../postgres/row-values.ts'
import { prismaUrl } from '../../postgres/url.ts'
import { startGroup } from '../../process-group.ts'
import { childEnvironment } from '../apply/child-environment.ts'
import type { Target } from '../preflight/perform.ts'

export type HookMoment = 'before-deploy' | 'seed' | 'after-deploy'

const keptLines = 20

/**
 * One program, with the environment and the connection URL that Prisma gets, and none of Airlock's secrets. What it says goes
 * into the log. Its failure, where it has one.
 */
export async function runHook(
  { run, policy, invocation }: Context,
  { url, source }: Target,
  janitor: Janitor,
  { moment, argv }: { readonly moment: HookMoment; readonly argv: readonly string[] },
): Promise<Failure | undefined> {
  const [program = '', ...args] = argv
  const limitMs = policy.hooks['time-limit']
  const tooLong = AbortSignal.timeout(limitMs)
  const { urlVariables, directUrlVariable } = source.urls
  run.progress(`${moment}: ${program}`)
  using hook = startGroup(program, args, {
    cwd: source.root,
    env: childEnvironment(
      invocation.env,
      directUrlVariable === undefined ? urlVariables : [...urlVariables, directUrlVariable],
      prismaUrl(url),
    ),
    signal: AbortSignal.any([run.signal, tooLong]),
    janitor,
  })
  const lines: string[] = []
  for (const stream of [hook.stdout, hook.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() === '') return
      const said = withoutRowValues(line.trimEnd())
      run.progress(said)
      lines.push(said)
      lines.splice(0, lines.length - keptLines)
    })
  const ended = await hook.ended.then(
    (code) => (code === null ? 'was ended by a signal' : `ended with exit code ${code}`),
    (thrown: unknown) => `could not be started: ${messageOf(thrown)}`,
  )
  if (run.signal.aborted) throw cancellation()
  if (ended === 'ended with exit code 0' && !tooLong.aborted) return undefined
  const how = tooLong.aborted ? `was stopped after ${limitMs / 1_000} s, \`hooks.time-limit\` in airlock.yml` : ended
  return {
    code: 'HOOK.FAILED',
    what: `A program of \`hooks.${moment}\` failed${moment === 'before-deploy' ? ', so nothing was applied' : ''}.`,
    why: [`\`${program}\` ${how}.`, ...lines].join('\n'),
    next: [
      `Run it in ${source.root} as the same user, and correct what it complains about. No shell reads the command; for pipes and variables: [sh, -c, "…"].`,
    ],
  }
}
