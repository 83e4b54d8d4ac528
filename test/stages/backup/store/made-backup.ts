import { createHash, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Manifest } from '../../../../src/stages/backup/manifest.ts'
import { parseManifest } from '../../../../src/stages/backup/parse-manifest.ts'
import type { LocalBackup, StoreAccess } from '../../../../src/stages/backup/store/store.ts'

export interface Wanted {
  readonly database?: string
  readonly startedAt?: string
  readonly tier?: Manifest['tier']
  readonly environment?: string
  /** Name behind NAME.dump, and how many bytes. */
  readonly files?: Readonly<Record<string, number>>
}

type WrittenFile = { readonly name: string; readonly bytes: number; readonly sha256: string }

/** As release 1.0 wrote it, which every later one reads. */
export function writtenManifest({
  database = 'shop',
  startedAt = '2026-11-20T11:22:33.000Z',
  tier = 'compared',
  environment,
}: Wanted) {
  const name = `${database}-${startedAt.replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`
  const files: readonly WrittenFile[] = [{ name: `${name}.dump`, bytes: 10, sha256: 'a'.repeat(64) }]
  return {
    manifestVersion: 1,
    name,
    airlock: '1.0.0',
    ...(environment === undefined ? {} : { environment }),
    strategy: 'pg_dump',
    tier,
    notChecked: [],
    startedAt,
    finishedAt: startedAt,
    source: {
      host: 'db.example.test',
      port: 5432,
      database,
      user: 'app',
      serverVersion: '16.14',
      serverMajor: 16,
      systemIdentifier: '7710213766958018193',
      owner: 'app',
      encoding: 'UTF8',
      localeProvider: 'libc',
      collate: 'C',
      characterType: 'C',
      locale: null,
      bytes: 100,
    },
    client: { version: '16.14', major: 16 },
    files,
    migrations: null,
    tables: [],
    notIncluded: [],
    restoreByHand: [],
  }
}

export function manifestOf(wanted: Wanted): Manifest {
  return parsed(writtenManifest(wanted))
}

function parsed(written: object): Manifest {
  const manifest = parseManifest(JSON.stringify(written), 'made')
  if (manifest.kind === 'invalid') throw new Error(manifest.failure.why)
  return manifest.manifest
}

/** Everything else about it as in the first one. */
export function fileOf({ files }: Manifest, name: string, bytes: number, sha256: string): Manifest['files'][number] {
  const [first] = files
  if (first === undefined) throw new Error('A manifest has a file')
  return { ...first, name, bytes, sha256 }
}

/** On disk in that folder: random bytes, and the manifest that describes them. */
export async function madeBackup(folder: string, wanted: Wanted = {}): Promise<LocalBackup> {
  const written = writtenManifest(wanted)
  const files = await Promise.all(
    Object.entries(wanted.files ?? { '': 1_000 }).map(async ([ending, bytes]) => {
      const content = randomBytes(bytes)
      const name = `${written.name}.dump${ending}`
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), content)
      return { name, bytes, sha256: createHash('sha256').update(content).digest('hex') }
    }),
  )
  const manifestPath = join(folder, `${written.name}.manifest.json`)
  await writeFile(manifestPath, `${JSON.stringify({ ...written, files }, null, 2)}\n`)
  const base = parsed(written)
  const manifest = { ...base, files: files.map(({ name, bytes, sha256 }) => fileOf(base, name, bytes, sha256)) }
  return { manifestPath, manifest }
}

export function access(env: StoreAccess['env'] = {}, signal = new AbortController().signal): StoreAccess {
  return { env, signal, onProgress: () => {} }
}
