import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { type FailureError, fail, messageOf } from '../../../errors.ts'
import type { Janitor } from '../../../janitor/janitor.ts'
import { cannotWrite } from '../cannot-write.ts'
import type { StoredFile } from '../dump/read-back.ts'
import type { Dumped } from '../dump/write-dump.ts'
import { type Content, measuring, readWhole, writeStream } from '../dump-file.ts'
import { decryptWithKey, encryptWithPackage } from './age-package.ts'
import { type AgeProgram, decideSealer } from './decide-sealer.ts'
import { readHeader, sealedSize } from './header.ts'
import { runAge } from './run-age.ts'
import { packFolder } from './tar.ts'
import { tarHashes } from './tar-hashes.ts'

export interface SealRequest {
  readonly dumped: Dumped
  /** Its files as they were read back and proven. */
  readonly files: readonly StoredFile[]
  /** Checked by `recipientsInvalid`. */
  readonly recipients: readonly string[]
  readonly program: AgeProgram | undefined
  /** From this size on the program does it; the default is decideSealer's. */
  readonly programFromBytes?: number | undefined
  /** Where the sealed file is written, beside the place where it is published. */
  readonly partial: string
  readonly janitor: Pick<Janitor, 'folder' | 'removeAtEnd'>
  readonly signal: AbortSignal
}

export interface Sealed {
  readonly file: Content & { readonly name: string; readonly md5: string }
  readonly encryption: {
    readonly kind: 'age'
    readonly recipients: readonly string[]
    readonly plain: { readonly bytes: number; readonly sha256: string }
  }
  /** For the manifest: what could not be checked about the sealed file. */
  readonly notChecked: readonly string[]
}

/** Encrypts the dump that is there, as one file. What is sealed is byte for byte the dump that was proven, or it fails. */
export async function sealDump(request: SealRequest): Promise<Sealed> {
  const { dumped, recipients, partial, janitor, signal } = request
  const folder = dumped.shape.format === 'directory'
  const plainBytes = request.files.reduce((sum, { bytes }) => sum + bytes, 0)
  const sealer = decideSealer({
    plainBytes,
    recipients,
    program: request.program,
    programFromBytes: request.programFromBytes,
  })
  await janitor.removeAtEnd(resolve(partial))

  const plain = measuring()
  const entries = folder ? tarHashes() : undefined
  const source = folder
    ? packFolder(
        dumped.path,
        dumped.name,
        dumped.files.map(({ name }) => name),
      )
    : createReadStream(dumped.path, { highWaterMark: 1_048_576 })
  const measured = Readable.from(entries === undefined ? plain.through(source) : entries.through(plain.through(source)))

  let written: (Content & { readonly md5: string }) | undefined
  const md5 = createHash('md5')
  const take = async (output: Readable) => {
    const content = await writeStream(Readable.from(updating(md5, output)), partial)
    written = { ...content, md5: md5.digest('hex') }
  }
  let key: Uint8Array | undefined
  try {
    if (sealer.kind === 'package') key = await encryptWithPackage(measured, recipients, take)
    else await encryptWithProgram(request, sealer.program, measured, take)
  } catch (thrown) {
    signal.throwIfAborted()
    throw cannotWrite(partial, thrown)
  }
  if (written === undefined) throw new Error('Nothing took what was sealed')

  const content = plain.content()
  requireSame(request.files, content, await entries?.end())
  await requireWhole(request, written, content)
  if (key !== undefined) await requireOpens(partial, key, content.sha256)
  return {
    file: { name: `${dumped.name}${folder ? '.tar' : ''}.age`, ...written },
    encryption: { kind: 'age', recipients, plain: content },
    notChecked:
      key !== undefined
        ? []
        : ['opened: the sealed file has the right length and recipients, and was not opened again'],
  }
}

async function* updating(hash: Hash, chunks: AsyncIterable<Buffer>) {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

async function encryptWithProgram(
  { recipients, janitor, signal }: SealRequest,
  program: AgeProgram,
  source: Readable,
  take: (output: Readable) => Promise<void>,
): Promise<void> {
  await using folder = await janitor.folder(tmpdir(), 'airlock-seal-')
  const list = join(folder.path, 'recipients.txt')
  await writeFile(list, `${recipients.join('\n')}\n`, { mode: 0o600 })
  const exit = await runAge(program, ['--encrypt', '--recipients-file', list], source, take, signal)
  if (exit.kind === 'failed') throw sealFailed(`age ${program.version}: ${exit.said}`)
}

/** What went into the seal is what pg_dump wrote: the disk gave it back, and nothing was left out of the archive. */
function requireSame(
  files: readonly StoredFile[],
  plain: Content,
  entries: ReadonlyMap<string, string> | undefined,
): void {
  for (const { name, sha256 } of files) {
    const found = entries === undefined ? plain.sha256 : entries.get(name)
    if (found !== sha256) throw sealFailed(`The disk does not give ${name} back as pg_dump wrote it.`)
  }
  if (entries !== undefined && entries.size !== files.length)
    throw sealFailed('The archive has more files than the dump.')
}

/** The disk gives back what was encrypted, for as many recipients as were named, of the length that this plaintext has. */
async function requireWhole({ partial, recipients }: SealRequest, written: Content, plain: Content): Promise<void> {
  const [header, read] = await Promise.all([readHeader(partial), readWhole(partial)])
  if (header === undefined) throw sealFailed('What was written does not begin like an age file.')
  if (header.stanzas !== recipients.length) throw sealFailed(`It was sealed for ${header.stanzas} recipients.`)
  const expected = sealedSize(header.bytes.length, plain.bytes)
  if (written.bytes !== expected) throw sealFailed(`It has ${written.bytes} bytes instead of ${expected}.`)
  if (read.sha256 !== written.sha256) throw sealFailed('The disk does not give the sealed file back as it was written.')
}

async function requireOpens(path: string, key: Uint8Array, sha256: string): Promise<void> {
  const opened = measuring()
  try {
    for await (const _ of opened.through(await decryptWithKey(createReadStream(path), key)));
  } catch (thrown) {
    throw sealFailed(`It does not open: ${messageOf(thrown)}`)
  } finally {
    key.fill(0)
  }
  if (opened.content().sha256 !== sha256) throw sealFailed('What is in it is not what was sealed.')
}

function sealFailed(why: string): FailureError {
  return fail('BACKUP.SEAL_FAILED', {
    what: 'The dump was written but could not be encrypted, so there is no backup.',
    why,
    next: ['Check the disk and the memory of this machine, then run again.'],
  })
}
