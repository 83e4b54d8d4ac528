import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FailureError, fail, messageOf } from '../../errors.ts'
import type { ClientTools } from '../../postgres/client-choice.ts'
import { readRegularText } from '../../regular-file.ts'
import { decodeDump } from '../backup/decode-dump.ts'
import { readWhole } from '../backup/dump-file.ts'
import { type Manifest, parseManifest } from '../backup/manifest.ts'

export interface BackupOnDisk {
  readonly manifestPath: string
  readonly dumpPath: string
  readonly manifest: Manifest
}

/** The manifest, validated, and its dump, byte for byte the one that it describes. */
export async function readBackup(manifestPath: string): Promise<BackupOnDisk> {
  const parsed = parseManifest(await readManifest(manifestPath), manifestPath)
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  const [file] = parsed.manifest.files
  if (file === undefined) throw new Error('The manifest schema asks for exactly one file')
  const dumpPath = join(dirname(manifestPath), file.name)
  const found = await stat(dumpPath).catch(() => undefined)
  if (found === undefined) throw mismatch(manifestPath, `${dumpPath} is not there or cannot be read.`)
  if (found.size !== file.bytes) {
    throw mismatch(manifestPath, `${dumpPath} has ${found.size} bytes; the manifest says ${file.bytes}.`)
  }
  const { sha256 } = await readWhole(dumpPath)
  if (sha256 !== file.sha256) {
    throw mismatch(manifestPath, `${dumpPath} has the SHA-256 ${sha256}; the manifest says ${file.sha256}.`)
  }
  return { manifestPath, dumpPath, manifest: parsed.manifest }
}

/** Restores nothing; proves as much as can be proven without a server. */
export async function decodeBackup(backup: BackupOnDisk, client: ClientTools, signal: AbortSignal): Promise<void> {
  const decoded = await decodeDump(client, backup.dumpPath, signal)
  if (decoded.kind === 'decoded') return
  throw fail('BACKUP.UNREADABLE', {
    what: `${backup.dumpPath} cannot be decoded, although it is the file that its manifest describes.`,
    why: decoded.because,
    next: ['Restore another backup: this one was damaged before its checksum was taken.'],
  })
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readRegularText(path)
  } catch (thrown) {
    throw fail(
      'RESTORE.MANIFEST_INVALID',
      {
        what: `${path} cannot be read.`,
        why: messageOf(thrown),
        next: ['Name the file NAME.manifest.json beside NAME.dump: --from DIR/NAME.manifest.json'],
      },
      { cause: thrown },
    )
  }
}

function mismatch(manifestPath: string, why: string): FailureError {
  return fail('RESTORE.CHECKSUM', {
    what: `The dump beside ${manifestPath} is not the one that was backed up.`,
    why: `${why} It was changed, cut or swapped since.`,
    next: ['Fetch manifest and dump again from where they are kept, or use another backup.'],
  })
}
