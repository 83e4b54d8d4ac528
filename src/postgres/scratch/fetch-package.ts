import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, copyFile, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Janitor } from '../../janitor/janitor.ts'
import { makeFolder } from '../../private-folder.ts'
import type { EmbeddedPackage } from './embedded-packages.ts'
import { notGenuine } from './failures.ts'
import { runProgram } from './run-program.ts'
import { scratchParent } from './server-user.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface FetchRequest {
  readonly wanted: EmbeddedPackage
  readonly environment: Environment
  /** Where npm looks for the settings of the project, its registry among them. */
  readonly cwd: string
  readonly janitor: Janitor
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export type Fetched =
  | { readonly kind: 'fetched'; readonly archive: string }
  | { readonly kind: 'not-available'; readonly because: string }

/**
 * The archive of the package, as the user's own npm gets it, with its registry, proxy and credentials. What is kept
 * between runs is the archive, not what is unpacked: one hash tells whether it is genuine, every time.
 */
export async function fetchPackage(request: FetchRequest): Promise<Fetched> {
  const { wanted, janitor } = request
  const cache = await cacheFolder(request.environment)
  const kept =
    cache === undefined
      ? undefined
      : join(cache, `${wanted.name.replace('@', '').replace('/', '-')}-${wanted.version}.tgz`)
  if (kept !== undefined && (await integrityOf(kept).catch(() => undefined)) === wanted.integrity) {
    return { kind: 'fetched', archive: kept }
  }
  request.onProgress(`fetching ${wanted.name} ${wanted.version}`)
  const aside = await janitor.folder(cache ?? (await scratchParent(request.environment)), 'fetching-')
  const packed = await pack(request, aside.path)
  if (packed.kind === 'not-available') {
    await aside[Symbol.asyncDispose]()
    return packed
  }
  const integrity = await integrityOf(packed.archive)
  if (integrity !== wanted.integrity) {
    await aside[Symbol.asyncDispose]()
    throw notGenuine(`${wanted.name} ${wanted.version}`, integrity, wanted.integrity)
  }
  // Without a place to keep it, it stays where it is until the run is over.
  if (kept === undefined) return packed
  await rename(packed.archive, kept).catch(() => copyFile(packed.archive, kept))
  await aside[Symbol.asyncDispose]()
  return { kind: 'fetched', archive: kept }
}

async function pack(request: FetchRequest, folder: string): Promise<Fetched> {
  const { wanted, environment, cwd, janitor, signal } = request
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const run = await runProgram({
    program: npm,
    args: [
      'pack',
      `${wanted.name}@${wanted.version}`,
      '--pack-destination',
      folder,
      '--ignore-scripts',
      // Its hash is what counts, not how new npm's copy is.
      '--prefer-offline',
      '--loglevel=error',
    ],
    env: withoutSecrets(environment),
    cwd,
    janitor,
    signal,
    limitMs: 300_000,
  })
  if (run.kind === 'failed')
    return { kind: 'not-available', because: `npm pack ${wanted.name}@${wanted.version}: ${firstLines(run.said)}` }
  const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'))
  if (name === undefined)
    return { kind: 'not-available', because: `npm pack ${wanted.name}@${wanted.version} wrote nothing` }
  return { kind: 'fetched', archive: join(folder, name) }
}

/** npm may need tokens of its registry, whose names nobody knows; it has no use for a database. */
function withoutSecrets(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) =>
        !/(DATABASE|DIRECT|SCRATCH|SHADOW)_URL|^PG[A-Z]+$/.test(name) && !/^postgres(ql)?:/.test(value ?? ''),
    ),
  )
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, 4).join(' ').slice(0, 500)
}

export async function integrityOf(archive: string): Promise<string> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive, { highWaterMark: 1_048_576 }), hash)
  return `sha512-${hash.digest('base64')}`
}

/** A self-hosted runner keeps its tool cache between jobs. */
async function cacheFolder(environment: Environment): Promise<string | undefined> {
  const { RUNNER_TOOL_CACHE, XDG_CACHE_HOME, HOME } = environment
  const candidates = [RUNNER_TOOL_CACHE, XDG_CACHE_HOME, HOME && join(HOME, '.cache')]
  for (const candidate of candidates) {
    if (candidate === undefined || !candidate.startsWith('/')) continue
    const folder = join(candidate, 'airlock')
    const usable = await makeFolder(folder)
      .then(() => access(folder, constants.W_OK))
      .then(
        () => true,
        () => false,
      )
    if (usable) return folder
  }
  return undefined
}
