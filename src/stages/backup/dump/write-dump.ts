import { chmod, readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { FailureError } from '../../../errors.ts'
import type { Janitor } from '../../../janitor/janitor.ts'
import type { ClientTools } from '../../../postgres/client-choice.ts'
import { type ClientConnection, runClient } from '../../../postgres/client-process.ts'
import { cannotWrite } from '../cannot-write.ts'
import { dumpUnreadable, explainDumpFailure, spaceRanOut } from '../decide.ts'
import { writeStream } from '../dump-file.ts'
import { dumpArguments } from './decide-shape.ts'
import type { CompressionMethod, DumpShape } from './shape.ts'
import { describeProgress, readDumpLine } from './verbose.ts'

export interface DumpRequest {
  readonly client: ClientTools
  readonly connection: ClientConnection
  readonly database: string
  readonly user: string
  readonly snapshot: string
  readonly lockTimeoutMs: number
  /** Where it is written, beside the place where it is published. It must not be there yet. */
  readonly partial: string
  /** The name it will have there: `NAME.dump`, of a file or of a folder. */
  readonly name: string
  readonly tables: number
  readonly tableBytes: number
  readonly janitor: Janitor
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface DumpedFile {
  /** `NAME.dump`, or `NAME.dump/toc.dat`. */
  readonly name: string
  readonly bytes: number
  /** null: pg_dump wrote it itself, and it is hashed when it is read back; hashing it now would take the processor from pg_dump. */
  readonly sha256: string | null
}

export interface Dumped {
  readonly shape: DumpShape
  readonly name: string
  /** For pg_restore: the file, or the folder. */
  readonly path: string
  readonly files: readonly DumpedFile[]
}

const progressEveryMs = 10_000

/** Runs pg_dump to its end and says what it wrote. What it wrote is not read back here. */
export async function writeDump(request: DumpRequest, shape: DumpShape): Promise<Dumped> {
  // Nobody takes a registration back: under the name that a finished dump gets, it is somewhere else.
  await request.janitor.removeAtEnd(resolve(request.partial))
  const written = shape.format === 'custom' ? await writeCustom(request, shape) : await writeDirectory(request, shape)
  if (written.length === 0 || written.some(({ bytes }) => bytes === 0 && shape.format === 'custom')) {
    throw new FailureError(dumpUnreadable(request.database, 'pg_dump reported success and wrote nothing.'))
  }
  return { shape, name: request.name, path: request.partial, files: written }
}

async function writeCustom(request: DumpRequest, shape: DumpShape): Promise<readonly DumpedFile[]> {
  const told = telling(request, shape.compression.method, async () => (await stat(request.partial)).size)
  using _ = told
  let file: DumpedFile | undefined
  await runDump(request, shape, {
    connectsOnce: true,
    janitor: request.janitor,
    takeLine: told.takeLine,
    // Through this process rather than by --file: pg_dump then ends with us, in whatever way we end.
    takeOutput: async (output) => {
      file = { name: request.name, ...(await writeStream(output, request.partial)) }
    },
  })
  return file === undefined ? [] : [file]
}

async function writeDirectory(request: DumpRequest, shape: DumpShape): Promise<readonly DumpedFile[]> {
  const told = telling(request, shape.compression.method, async () => bytesOf(await listFolder(request.partial)))
  using _ = told
  // pg_dump writes the files itself, so nothing of ours ends it when we are killed: that is left to the janitor.
  await runDump(request, shape, { takeLine: told.takeLine, janitor: request.janitor })
  const files = await listFolder(request.partial)
  // pg_dump makes the folder for its owner alone, but not what is in it.
  for (const { name } of files) await chmod(join(request.partial, name), 0o600)
  return files.map(({ name, bytes }) => ({ name: `${request.name}/${name}`, bytes, sha256: null }))
}

async function listFolder(folder: string): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
  const names = (await readdir(folder)).toSorted()
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })))
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

async function runDump(
  request: DumpRequest,
  shape: DumpShape,
  how: Pick<Parameters<typeof runClient>[0], 'connectsOnce' | 'takeLine' | 'takeOutput' | 'janitor'>,
): Promise<void> {
  const { client, connection, snapshot, lockTimeoutMs, partial, signal } = request
  const exit = await runClient({
    program: client.dump,
    args: dumpArguments({ shape, clientMajor: client.major, snapshot, lockTimeoutMs, folder: partial }),
    connection,
    signal,
    ...how,
  }).catch((thrown: unknown) => {
    throw cannotWrite(partial, thrown)
  })
  // The disk of this machine, not the server's: pg_dump names the file it could not write (measured with 17.11).
  const full = /^.*could not (?:write|open|create|close)\b.*No space left on device.*$/m.exec(exit.stderr)?.[0]
  if (full !== undefined) throw new FailureError(spaceRanOut(dirname(partial), full))
  if (exit.code !== 0) throw new FailureError(explainDumpFailure(exit.stderr, exit.code, request.user))
}

/** Takes the news out of what pg_dump says, and tells now and then how far it is. */
function telling(
  { tables, tableBytes, onProgress }: DumpRequest,
  method: CompressionMethod,
  written: () => Promise<number>,
) {
  const startedMs = performance.now()
  let tablesStarted = 0
  const tell = async () => {
    // A size that cannot be read now is for whoever writes there to complain about.
    const writtenBytes = await written().catch(() => 0)
    const elapsedMs = performance.now() - startedMs
    onProgress(describeProgress({ tables, tablesStarted, tableBytes, writtenBytes, method, elapsedMs }))
  }
  const timer = setInterval(() => void tell(), progressEveryMs).unref()
  return {
    takeLine: (line: string): boolean => {
      const read = readDumpLine(line)
      if (read.kind === 'started') tablesStarted += 1
      return read.kind !== 'said'
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
