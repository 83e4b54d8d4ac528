import { createReadStream } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type FailureError, fail, messageOf } from '../../../errors.ts'
import { measuring, writeStream } from '../dump-file.ts'
import type { Manifest } from '../manifest.ts'
import { decryptWithKey, fileKeyOf } from './age-package.ts'
import { type AgeProgram, decideSealer } from './decide-sealer.ts'
import { readHeader } from './header.ts'
import { readIdentities, wrongIdentity } from './identities.ts'
import { runAge } from './run-age.ts'
import { unpackFolder } from './tar.ts'

export interface OpenRequest {
  /** Its checksum was compared with the manifest's. */
  readonly sealedPath: string
  readonly format: Manifest['format']
  readonly encryption: NonNullable<Manifest['encryption']>
  readonly identityFile: string | undefined
  readonly program: AgeProgram | undefined
  /** Empty, private, on a disk that the plaintext may touch, and removed by the caller. */
  readonly folder: string
  /** `NAME.dump`. */
  readonly name: string
  readonly signal: AbortSignal
}

/** Decrypts into the folder: the path for pg_restore, of a file or a folder that is byte for byte what was sealed. */
export async function openSealed(request: OpenRequest): Promise<string> {
  const { sealedPath, encryption, format, folder, name, signal } = request
  const identities = await readIdentities(request.identityFile, encryption.recipients)
  const header = await readHeader(sealedPath)
  if (header === undefined) throw damaged(sealedPath, 'It does not begin like an age file.')
  // The header alone tells whether the key fits; which program reads the rest is then a matter of speed.
  const key = await fileKeyOf(header.bytes, identities)
  if (key === undefined) throw wrongIdentity(request.identityFile ?? '', encryption.recipients)
  await requireSpace(folder, encryption.plain.bytes)

  const path = join(folder, name)
  const plain = measuring()
  const take = async (opened: Readable) => {
    const chunks = plain.through(opened)
    if (format === 'directory') await unpackFolder(chunks, folder, name)
    else await writeStream(Readable.from(chunks), path)
  }
  try {
    await decrypt(request, key, take)
  } catch (thrown) {
    signal.throwIfAborted()
    if (isOfTheDisk(thrown)) throw thrown
    throw damaged(sealedPath, `It does not open: ${messageOf(thrown)}.`, thrown)
  } finally {
    key.fill(0)
  }
  const { bytes, sha256 } = plain.content()
  if (sha256 !== encryption.plain.sha256 || bytes !== encryption.plain.bytes) {
    throw damaged(
      sealedPath,
      `What is in it has ${bytes} bytes and the SHA-256 ${sha256}; the manifest says ${encryption.plain.bytes} bytes and ${encryption.plain.sha256}.`,
    )
  }
  return path
}

async function decrypt(
  { sealedPath, encryption, identityFile, program, signal }: OpenRequest,
  key: Uint8Array,
  take: (opened: Readable) => Promise<void>,
): Promise<void> {
  const { plain, recipients } = encryption
  const sealer = decideSealer({ plainBytes: plain.bytes, recipients, program })
  if (sealer.kind === 'package' || identityFile === undefined) {
    const source = createReadStream(sealedPath, { highWaterMark: 1_048_576 })
    return await take(await decryptWithKey(source, key))
  }
  const exit = await runAge(
    sealer.program,
    ['--decrypt', '--identity', identityFile, sealedPath],
    undefined,
    take,
    signal,
  )
  if (exit.kind === 'failed') throw new Error(exit.said)
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= bytes) return
  throw fail('BACKUP.NO_SPACE', {
    what: `${folder} has too little free space to decrypt the backup.`,
    why: `The decrypted dump takes ${bytes} bytes, ${bavail * bsize} are free. Nothing was written.`,
    next: ['Free space there, or name a larger disk for temporary files with the environment variable TMPDIR.'],
  })
}

function isOfTheDisk(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'code' in thrown && ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES'].includes(String(thrown.code))
  )
}

function damaged(path: string, why: string, cause?: unknown): FailureError {
  return fail(
    'RESTORE.CHECKSUM',
    {
      what: `${path} is not the encrypted dump that was backed up.`,
      why,
      next: ['Fetch manifest and dump again from where they are kept, or use another backup.'],
    },
    { cause },
  )
}
