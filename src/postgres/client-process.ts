import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { type FailureError, fail } from '../errors.ts'
import { Redactor } from '../redact.ts'
import { writePassFile } from './pass-file.ts'

/** How a client program reaches the server: libpq's environment without the password, and the password. */
export interface ClientConnection {
  readonly environment: Readonly<Record<string, string>>
  readonly password: string | undefined
}

export interface ClientCommand {
  readonly program: string
  /** Visible to everyone on the machine: never a URL, never a password. */
  readonly args: readonly string[]
  readonly connection?: ClientConnection
  readonly signal: AbortSignal
  /** Connects once, before its first output: the password can be taken away by then, also for the case of a kill -9. */
  readonly connectsOnce?: boolean
  /** What becomes of standard output; thrown away without it. */
  readonly takeOutput?: (output: Readable) => Promise<void>
}

export interface ClientExit {
  readonly code: number | null
  /** Cut in the middle when very long, without the password. */
  readonly stderr: string
}

const keptCharacters = 16_000
const killAfterMs = 5_000

/** Variables that a client program needs besides libpq's: none that could redirect it, none that is somebody's secret. */
const inherited = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'KRB5_CONFIG',
  'KRB5CCNAME',
]

/** Runs pg_dump or pg_restore to its end. When the signal fires, the program is stopped and RUN.CANCELLED is thrown. */
export async function runClient(command: ClientCommand): Promise<ClientExit> {
  if (command.signal.aborted) throw stopped(command.program, command.signal)
  const passFile = writePassFile(command.connection?.password)
  try {
    return await runToEnd(command, passFile.remove, {
      ...Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
      LC_ALL: 'C',
      PGAPPNAME: 'airlock',
      ...command.connection?.environment,
      ...passFile.environment,
    })
  } finally {
    passFile.remove()
  }
}

async function runToEnd(
  command: ClientCommand,
  removePassword: () => void,
  env: Record<string, string>,
): Promise<ClientExit> {
  const { takeOutput, signal } = command
  // A group of its own: pg_restore starts workers, which have to end with it.
  const child = spawn(command.program, [...command.args], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const kill = (by: NodeJS.Signals) => killGroup(child.pid, by)
  const stop = () => {
    kill('SIGTERM')
    setTimeout(() => kill('SIGKILL'), killAfterMs).unref()
  }
  const killAtExit = () => kill('SIGKILL')
  process.once('exit', killAtExit)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const stderr = collect(child.stderr, command.connection?.password)
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    // Awaited below, after the output; until then a program that cannot be started must not count as unhandled.
    ended.catch(() => undefined)
    // A stream that breaks (a full disk) ends the program; why it broke matters more than how the program ended.
    let broken: { readonly reason: unknown } | undefined
    const taken = takeOutput?.(child.stdout)
    // After the reader, so that nothing flows before there is one.
    if (taken === undefined) child.stdout.resume()
    if (command.connectsOnce === true) child.stdout.once('data', removePassword)
    await taken?.catch((reason: unknown) => {
      broken = { reason }
      stop()
    })
    const code = await ended
    if (signal.aborted) throw stopped(command.program, signal)
    if (broken !== undefined) throw broken.reason
    return { code, stderr: stderr() }
  } finally {
    process.off('exit', killAtExit)
    signal.removeEventListener('abort', stop)
  }
}

/** Keeps the beginning, where the first error stands, and the end, where the last one does. */
function collect(stream: Readable, password: string | undefined): () => string {
  let head = ''
  let tail = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const room = keptCharacters - head.length
    head += chunk.slice(0, room)
    tail = (tail + chunk.slice(room)).slice(-keptCharacters)
  })
  const redactor = new Redactor()
  if (password !== undefined) redactor.add([password, encodeURIComponent(password)])
  return () => redactor.text(tail.length < keptCharacters ? head + tail : `${head}\n…\n${tail}`).trim()
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // ESRCH: the group has ended by itself, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** What ends when the run is cancelled, in words: `pg_dump`, `counting rows`. */
export function stopped(what: string, signal: AbortSignal): FailureError {
  return fail(
    'RUN.CANCELLED',
    {
      what: 'The run was cancelled.',
      why: `${basename(what)} was stopped before its end.`,
      next: ['Start the run again: what was half done has been removed.'],
    },
    { cause: signal.reason },
  )
}
