import type { Readable } from 'node:stream'
import { FailureError, fail, messageOf } from '../../../../errors.ts'
import type { Janitor } from '../../../../janitor/janitor.ts'
import type { ClientConnection } from '../../../../postgres/client-process.ts'
import { writePassFile } from '../../../../postgres/pass-file.ts'
import { startGroup } from '../../../../process-group.ts'
import { Redactor } from '../../../../redact.ts'
import { type CommandExit, type CommandPart, commandFailed, environmentFor } from './decide.ts'

/** The user's own program, without a shell, with the connection in libpq's variables and a pass file. */

export interface CommandSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly connection: ClientConnection
  readonly cwd: string
  readonly janitor: Janitor
}

export interface CommandRun {
  readonly part: CommandPart
  readonly argv: readonly string[]
  readonly name: string
  readonly timeLimitMs: number
  readonly signal: AbortSignal
}

const longestOutput = 4 * 1_048_576
const keptForFailure = 32_000

/** Standard output of a program that ended with 0; everything else throws BACKUP.COMMAND_FAILED. */
export async function runCommand(
  { part, argv, name, timeLimitMs, signal }: CommandRun,
  { environment, connection, cwd, janitor }: CommandSurroundings,
): Promise<string> {
  const [program = '', ...args] = argv
  signal.throwIfAborted()
  const password = connection.password ?? ''
  const passFile = writePassFile(connection.password)
  const tooLong = AbortSignal.timeout(timeLimitMs)
  const redactor = new Redactor()
  redactor.add([password, encodeURIComponent(password)].filter((secret) => secret !== ''))
  try {
    using group = startGroup(program, args, {
      cwd,
      signal: AbortSignal.any([signal, tooLong]),
      janitor,
      env: {
        ...environmentFor(environment, [password, encodeURIComponent(password)]),
        PGAPPNAME: 'airlock',
        ...connection.environment,
        ...passFile.environment,
        AIRLOCK_BACKUP_NAME: name,
      },
    })
    const output = collect(group.stdout, longestOutput, group.stop)
    const errors = collect(group.stderr, Number.POSITIVE_INFINITY, group.stop)
    const ended = await group.ended.then<CommandExit, CommandExit>(
      (code) => (code === null ? { kind: 'killed' } : { kind: 'ended', code }),
      (thrown: unknown) => {
        if (thrown instanceof FailureError) throw thrown
        return { kind: 'not-started', because: messageOf(thrown) }
      },
    )
    if (signal.aborted) throw cancelled(program, signal)
    const exit: CommandExit = tooLong.aborted
      ? { kind: 'too-long', timeLimitMs }
      : output.tooMuch()
        ? { kind: 'too-much', bytes: longestOutput }
        : ended
    if (exit.kind === 'ended' && exit.code === 0) return redactor.text(output.text())
    // Most programs complain on standard error; pgBackRest does so on standard output.
    throw new FailureError(commandFailed(part, program, exit, redactor.text(`${output.end()}\n${errors.end()}`)))
  } finally {
    passFile.remove()
  }
}

function collect(stream: Readable, most: number, stop: () => void) {
  let text = ''
  let tail = ''
  let tooMuch = false
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-keptForFailure)
    if (most === Number.POSITIVE_INFINITY || tooMuch) return
    text += chunk
    if (text.length <= most) return
    tooMuch = true
    text = ''
    stop()
  })
  return { text: () => text, end: () => tail, tooMuch: () => tooMuch }
}

function cancelled(program: string, signal: AbortSignal): FailureError {
  return fail(
    'RUN.CANCELLED',
    {
      what: 'The run was cancelled.',
      why: `${program} was stopped before its end.`,
      next: ['Look whether the program left half a backup, then start the run again.'],
    },
    { cause: signal.reason },
  )
}
