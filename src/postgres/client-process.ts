import { tmpdir } from 'node:os'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { type FailureError, fail } from '../errors.ts'
import type { Janitor } from '../janitor/janitor.ts'
import { startGroup } from '../process-group.ts'
import { Redactor } from '../redact.ts'
import { writePassFile } from './pass-file.ts'

/** How a client program reaches the server: libpq's environment without the password, and the password. */
export interface ClientConnection {
  readonly environment: Readonly<Record<string, string>>
  readonly password: string | undefined
}

/** Settings of the server for the sessions of the program; those that the URL has stay. Values must need no escaping. */
export function withSettings(
  connection: ClientConnection,
  settings: Readonly<Record<string, string>>,
): ClientConnection {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  if (options.length === 0) return connection
  const all = [connection.environment.PGOPTIONS ?? '', ...options].join(' ').trim()
  return { ...connection, environment: { ...connection.environment, PGOPTIONS: all } }
}

export interface ClientCommand {
  readonly program: string
  /** Visible to everyone on the machine: never a URL, never a password. */
  readonly args: readonly string[]
  readonly connection?: ClientConnection
  readonly signal: AbortSignal
  /** Connects once, before its first output: the password can be taken away by then, also for the case of a kill -9. */
  readonly connectsOnce?: boolean
  /** For a program that would outlive a kill -9 of this process: the janitor ends it, and removes its password. */
  readonly janitor?: Janitor
  /** Sees each line of standard error; what it takes (`true`) is news, and no part of what is said in the end. */
  readonly takeLine?: (line: string) => boolean
  /** What becomes of standard output; thrown away without it. */
  readonly takeOutput?: (output: Readable) => Promise<void>
}

export interface ClientExit {
  readonly code: number | null
  /** Cut in the middle when very long, without the password. */
  readonly stderr: string
}

const keptCharacters = 16_000

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
  const { janitor, connection } = command
  // With a janitor in a folder of its own, which is watched before there is anything in it.
  await using folder =
    connection?.password === undefined ? undefined : await janitor?.folder(tmpdir(), 'airlock-client-')
  const passFile = writePassFile(connection?.password, folder?.path)
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
  const { takeOutput, signal, janitor } = command
  using client = startGroup(command.program, command.args, {
    env,
    signal,
    ...(janitor === undefined ? {} : { janitor }),
  })
  const stderr = collect(client.stderr, command.connection?.password, command.takeLine)
  // A stream that breaks (a full disk) ends the program; why it broke matters more than how the program ended.
  let broken: { readonly reason: unknown } | undefined
  const taken = takeOutput?.(client.stdout)
  // After the reader, so that nothing flows before there is one.
  if (taken === undefined) client.stdout.resume()
  if (command.connectsOnce === true) client.stdout.once('data', removePassword)
  await taken?.catch((reason: unknown) => {
    broken = { reason }
    client.stop()
  })
  const code = await client.ended
  if (signal.aborted) throw stopped(command.program, signal)
  if (broken !== undefined) throw broken.reason
  return { code, stderr: stderr() }
}

/** Keeps the beginning, where the first error stands, and the end, where the last one does. */
function collect(
  stream: Readable,
  password: string | undefined,
  takeLine: ((line: string) => boolean) | undefined,
): () => string {
  let head = ''
  let tail = ''
  const keep = (text: string) => {
    const room = keptCharacters - head.length
    head += text.slice(0, room)
    tail = (tail + text.slice(room)).slice(-keptCharacters)
  }
  const lines = takeLine === undefined ? { take: keep, end: () => undefined } : byLine(keep, takeLine)
  stream.setEncoding('utf8').on('data', lines.take).once('end', lines.end)
  const redactor = new Redactor()
  if (password !== undefined) redactor.add([password, encodeURIComponent(password)])
  return () => redactor.text(tail.length < keptCharacters ? head + tail : `${head}\n…\n${tail}`).trim()
}

/** Lines come in pieces, and the last one may have no end. */
function byLine(keep: (text: string) => void, takeLine: (line: string) => boolean) {
  let begun = ''
  return {
    take: (chunk: string) => {
      const lines = (begun + chunk).split('\n')
      begun = lines.pop() ?? ''
      for (const line of lines) if (!takeLine(line)) keep(`${line}\n`)
    },
    end: () => keep(begun),
  }
}

function stopped(program: string, signal: AbortSignal): FailureError {
  return fail(
    'RUN.CANCELLED',
    {
      what: 'The run was cancelled.',
      why: `${basename(program)} was stopped before its end.`,
      next: ['Start the run again: what was half done has been removed.'],
    },
    { cause: signal.reason },
  )
}
