import { readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * The version of the CLI that this engine serves, because it decides how a file is executed. Whoever starts Prisma
 * knows it best; else the program that started this one says it, else the Prisma that the project has installed.
 */
export async function servedPrismaVersion(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<string | undefined> {
  const told = environment.AIRLOCK_PRISMA_VERSION
  if (told !== undefined && told !== '') return told
  return (await versionOfParent()) ?? (await versionInstalledFor(folder))
}

async function versionOfParent(): Promise<string | undefined> {
  // Only Linux shows a program what its parent was started with without asking another program.
  const command = await readIfThere(`/proc/${process.ppid}/cmdline`)
  for (const argument of command?.split('\0') ?? []) {
    if (!argument.startsWith('/')) continue
    // node_modules/.bin/prisma is a link into the package.
    for (const folder of upwards(dirname(await realPathOf(argument)))) {
      const version = versionIn(await readIfThere(join(folder, 'package.json')))
      if (version !== undefined) return version
    }
  }
  return undefined
}

async function versionInstalledFor(start: string): Promise<string | undefined> {
  for (const folder of upwards(start)) {
    const version = versionIn(await readIfThere(join(folder, 'node_modules', 'prisma', 'package.json')))
    if (version !== undefined) return version
  }
  return undefined
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path // an argument that is no file
  }
}

function versionIn(manifest: string | undefined): string | undefined {
  if (manifest === undefined) return undefined
  try {
    const { name, version } = JSON.parse(manifest) as { readonly name?: unknown; readonly version?: unknown }
    return name === 'prisma' && typeof version === 'string' ? version : undefined
  } catch {
    return undefined // somebody else's broken package.json says nothing about Prisma
  }
}

function* upwards(start: string): Generator<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    yield folder
    if (dirname(folder) === folder) return
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined // not there or not ours to read: it cannot tell the version
  }
}
