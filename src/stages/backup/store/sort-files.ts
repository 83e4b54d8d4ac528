import type { Manifest } from '../manifest.ts'
import { kindOfFile, type OwnManifest, readOwnManifest } from './names.ts'
import { parallel } from './parallel.ts'
import type { StoredBackup, StoreListing } from './store.ts'

export interface ListedFile {
  /** A folder's ends with a slash. */
  readonly name: string
  readonly bytes: number
  /** A link, a device or a socket is nothing of ours, whatever it is called. */
  readonly ordinary: boolean
}

/** How the store is looked into further. */
export interface Look {
  readonly read: (file: string) => Promise<string>
  /** The files in a folder, named with it. */
  readonly inside: (folder: string) => Promise<readonly ListedFile[]>
}

type Named = { readonly file: string; readonly name: string }
type Damage = { readonly file: string; readonly because: string }

/** Tells ours from everything else that lies in the store, and whole backups from those that somebody lost a file of. */
export async function sortFiles(files: readonly ListedFile[], look: Look): Promise<StoreListing> {
  const kinds = files.map((file) => ({
    file: file.name,
    ...(file.ordinary ? kindOfFile(file.name) : ({ kind: 'stranger' } as const)),
  }))
  const manifests = kinds.filter((file) => file.kind === 'manifest')
  const names = new Set(manifests.map(({ name }) => name))
  // With its manifest in place a backup is whole, however often its removal was begun.
  const removing = kinds.filter((file) => file.kind === 'removing').filter(({ name }) => !names.has(name))
  const leaving = new Set(removing.map(({ name }) => name))

  const present = await readManifests(manifests, look)
  const halfRemoved = await readManifests(removing, look)
  const sizes = await sizesOf(files, present.own, look)
  const damaged = present.own.flatMap(({ name, manifest }) => {
    const because = whatIsMissing(manifest, sizes)
    return because === undefined ? [] : [{ name, file: name, because }]
  })
  return {
    backups: present.own.filter(({ name }) => !damaged.some((other) => other.name === name)),
    unreadable: [...present.unreadable, ...halfRemoved.unreadable],
    damaged: damaged.map(({ file, because }) => ({ file, because })),
    halfRemoved: halfRemoved.own,
    withoutManifest: kinds.flatMap((file) =>
      file.kind === 'part' && !names.has(file.name) && !leaving.has(file.name) ? [file.file] : [],
    ),
    strangers: kinds.filter(({ kind }) => kind === 'stranger').length,
  }
}

/** A manifest that is broken is unreadable; a store that does not give it out is a failure of the whole listing. */
async function readManifests(
  files: readonly Named[],
  { read }: Look,
): Promise<{ readonly own: readonly StoredBackup[]; readonly unreadable: readonly Damage[] }> {
  const parsed = await parallel(files, 8, async ({ file, name }) => ({
    file,
    name,
    ...readOwnManifest(await read(file), name),
  }))
  return {
    own: parsed.flatMap((one: Named & OwnManifest) =>
      one.kind === 'ok' ? [{ name: one.name, manifest: one.manifest }] : [],
    ),
    unreadable: parsed.flatMap((one: Named & OwnManifest) =>
      one.kind === 'unreadable' ? [{ file: one.file, because: one.because }] : [],
    ),
  }
}

async function sizesOf(
  files: readonly ListedFile[],
  backups: readonly StoredBackup[],
  { inside }: Look,
): Promise<ReadonlyMap<string, number>> {
  const folders = new Set(
    backups.flatMap(({ manifest }) =>
      manifest.files.flatMap(({ name }) => (name.includes('/') ? [name.slice(0, name.indexOf('/') + 1)] : [])),
    ),
  )
  const there = files.filter(({ name, ordinary }) => ordinary && folders.has(name))
  const nested = await parallel(there, 8, ({ name }) => inside(name))
  return new Map(
    [...files, ...nested.flat()].filter(({ ordinary }) => ordinary).map(({ name, bytes }) => [name, bytes]),
  )
}

/** By name and size: enough to see that a file was lost or cut, without reading all of it. */
function whatIsMissing({ files }: Manifest, sizes: ReadonlyMap<string, number>): string | undefined {
  for (const { name, bytes } of files) {
    const has = sizes.get(name)
    if (has === undefined) return `${name} is not there`
    if (has !== bytes) return `${name} has ${has} bytes; the manifest says ${bytes}`
  }
  return undefined
}
