import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FailureError, fail, messageOf } from '../../errors.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import { readRegularText } from '../../regular-file.ts'
import { readWhole } from '../backup/dump-file.ts'
import { dumpNameOf, type Manifest } from '../backup/manifest.ts'
import { parseManifest } from '../backup/parse-manifest.ts'
import type { AgeProgram } from '../backup/seal/decide-sealer.ts'

/** What an encrypted backup needs besides. */
export interface Opening {
  readonly identityFile: string | undefined
  readonly program: AgeProgram | undefined
  readonly janitor: Pick<Janitor, 'folder'>
  readonly signal: AbortSignal
}

/** Its disposal removes what was decrypted. */
export interface BackupOnDisk extends AsyncDisposable {
  readonly manifestPath: string
  /** For pg_restore: a file or a folder, not encrypted. */
  readonly dumpPath: string
  readonly manifest: Manifest
}

/** The manifest, validated, and its dump, byte for byte the one that it describes, decrypted where it was encrypted. */
export async function readBackup(manifestPath: string, opening: Opening): Promise<BackupOnDisk> {
  const manifest = await readManifest(manifestPath)
  await requireFiles(manifestPath, manifest)
  const name = dumpNameOf(manifest)
  const { encryption, format, files } = manifest
  if (encryption === null) {
    return {
      manifestPath,
      dumpPath: join(dirname(manifestPath), name),
      manifest,
      [Symbol.asyncDispose]: async () => {},
    }
  }
  const sealedPath = join(dirname(manifestPath), files[0]?.name ?? '')
  const folder = await opening.janitor.folder(tmpdir(), 'airlock-opened-')
  try {
    // Loaded only where something is encrypted.
    const { openSealed } = await import('../backup/seal/open-sealed.ts')
    const dumpPath = await openSealed({ ...opening, sealedPath, format, encryption, folder: folder.path, name })
    return { manifestPath, dumpPath, manifest, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
  } catch (thrown) {
    await folder[Symbol.asyncDispose]()
    throw thrown
  }
}

/** Each file as the manifest says, and in the folder of a dump nothing else: pg_restore would read what lies there. */
async function requireFiles(manifestPath: string, { files, format, encryption }: Manifest): Promise<void> {
  const beside = dirname(manifestPath)
  for (const file of files) {
    const path = join(beside, file.name)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || !found.isFile()) throw mismatch(manifestPath, `${path} is not there or cannot be read.`)
    if (found.size !== file.bytes) {
      throw mismatch(manifestPath, `${path} has ${found.size} bytes; the manifest says ${file.bytes}.`)
    }
    const { sha256 } = await readWhole(path).catch((thrown: unknown) => {
      throw mismatch(manifestPath, `${path} cannot be read: ${messageOf(thrown)}.`)
    })
    if (sha256 !== file.sha256) {
      throw mismatch(manifestPath, `${path} has the SHA-256 ${sha256}; the manifest says ${file.sha256}.`)
    }
  }
  if (format === 'custom' || encryption !== null) return
  const folder = dumpNameOf({ files, format, encryption })
  const known = new Set(files.map(({ name }) => name))
  const surplus = (await readdir(join(beside, folder))).filter((name) => !known.has(`${folder}/${name}`))
  if (surplus.length > 0) {
    throw mismatch(manifestPath, `${folder} also contains ${surplus.join(', ')}, which the manifest does not have.`)
  }
}

/** What the backup says about itself, without a look at the dump. */
export async function readManifest(manifestPath: string): Promise<Manifest> {
  const parsed = parseManifest(await readText(manifestPath), manifestPath)
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  return parsed.manifest
}

async function readText(path: string): Promise<string> {
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
