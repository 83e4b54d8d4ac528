import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { labFolder } from './lab-folder.ts'

export type PostgresMajor = 14 | 15 | 16 | 17 | 18
export const postgresMajors: readonly PostgresMajor[] = [14, 15, 16, 17, 18]

export interface PostgresBinaries {
  /** The exact version of the package, which names every cache made from it. */
  readonly version: string
  readonly bin: string
}

export function platformName(): string {
  return `${process.platform}-${process.arch}`
}

/**
 * The server programs of that major, as a copy under the temp folder: the package lacks its symbolic links as long as
 * install scripts are off, and when tests run as root the server runs as a user who may not be able to enter the checkout.
 */
export async function postgresBinaries(major: PostgresMajor): Promise<PostgresBinaries> {
  const installed = installedPackage(major)
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string }
  const cache = join(await labFolder(), 'binaries')
  const copy = join(cache, version)
  if (!existsSync(copy)) await copyWithLinks(installed, copy, cache)
  return { version, bin: join(copy, 'native', 'bin') }
}

function installedPackage(major: PostgresMajor): string {
  const name = `postgres-${major}-${platformName()}`
  const searched = createRequire(import.meta.url).resolve.paths(name) ?? []
  const found = searched.map((folder) => join(folder, name)).find((path) => existsSync(join(path, 'native')))
  if (found === undefined) {
    throw new Error(`${name} is not installed (looked in ${searched.map(dirname).join(', ')}). Run: npm install`)
  }
  return found
}

async function copyWithLinks(installed: string, copy: string, cache: string): Promise<void> {
  // Built aside and renamed, so that parallel workers never see half a copy.
  const building = await mkdtemp(join(cache, 'building-'))
  try {
    await cp(join(installed, 'native'), join(building, 'ready', 'native'), {
      recursive: true,
      filter: (source) => !source.endsWith('.a') && basename(source) !== 'pkgconfig',
    })
    const listed = JSON.parse(await readFile(join(installed, 'native', 'pg-symlinks.json'), 'utf8')) as readonly {
      readonly source: string
      readonly target: string
    }[]
    for (const { source, target } of listed) {
      const link = join(building, 'ready', target)
      if (!existsSync(link)) await symlink(relative(dirname(target), source), link)
    }
    await renameUnlessThere(join(building, 'ready'), copy)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

/** Whoever comes first wins; the others use what the first one made. */
export async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (thrown) {
    if (!existsSync(to)) throw thrown
  }
}
