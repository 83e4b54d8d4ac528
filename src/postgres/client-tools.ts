import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, readdir, realpath } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../errors.ts'
import type { ClientTools, FoundClients, Machine, PackageManager } from './client-choice.ts'

/** Folders that hold one folder for each version; `*` stands for one name. */
const versionedFolders = [
  '/usr/lib/postgresql/*/bin', // Debian, Ubuntu, PostgreSQL project's apt repository
  '/usr/pgsql-*/bin', // PostgreSQL project's dnf repository
  '/usr/libexec/postgresql*', // Alpine
  '/opt/homebrew/opt/postgresql@*/bin',
  '/opt/homebrew/opt/libpq/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/usr/local/opt/libpq/bin',
  '/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin',
  '/home/linuxbrew/.linuxbrew/opt/libpq/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
]

type Environment = Readonly<Record<string, string | undefined>>

/** Every pg_dump with its pg_restore on this machine. AIRLOCK_PG_BIN (one folder or several) replaces the search. */
export async function findClients(environment: Environment): Promise<FoundClients> {
  const { override, searched, folders } = await programFolders(environment)
  const usable: ClientTools[] = []
  const unusable: { path: string; because: string }[] = []
  const seen = new Set<string>()
  for (const folder of folders) {
    const dump = join(folder, 'pg_dump')
    const real = await realpath(dump).catch(() => undefined)
    if (real === undefined) {
      // A folder on PATH without pg_dump is the normal case; one that somebody named, and that has no server either, is a mistake.
      if (override.length > 0 && !(await isExecutable(join(folder, 'postgres'))))
        unusable.push({ path: dump, because: 'does not exist' })
      continue
    }
    // Debian's pg_wrapper picks a version by local server configuration; the programs behind it are found by themselves.
    if (seen.has(real) || basename(real) === 'pg_wrapper') continue
    seen.add(real)
    const read = await readTools(folder)
    if ('because' in read) unusable.push({ path: dump, because: read.because })
    else usable.push(read)
  }
  return { usable, unusable, searched }
}

/** Where programs of PostgreSQL are looked for. */
export async function programFolders(environment: Environment): Promise<{
  readonly override: readonly string[]
  /** As it can be told to somebody: with the `*` of what differs. */
  readonly searched: readonly string[]
  readonly folders: readonly string[]
}> {
  const override = foldersIn(environment.AIRLOCK_PG_BIN)
  if (override.length > 0) return { override, searched: override, folders: override }
  const searched = [...foldersIn(environment.PATH), ...versionedFolders]
  return { override, searched, folders: (await Promise.all(searched.map(expand))).flat() }
}

export async function describeMachine(environment: Environment): Promise<Machine> {
  const managers: readonly (readonly [PackageManager, string])[] =
    process.platform === 'darwin'
      ? [['brew', 'brew']]
      : [
          ['apt', 'apt-get'],
          ['dnf', 'dnf'],
          ['apk', 'apk'],
          ['brew', 'brew'],
        ]
  const isRoot = process.getuid?.() === 0
  for (const [packageManager, program] of managers) {
    for (const folder of foldersIn(environment.PATH)) {
      if (await isExecutable(join(folder, program))) return { packageManager, isRoot }
    }
  }
  return { packageManager: 'unknown', isRoot }
}

function foldersIn(path: string | undefined): readonly string[] {
  return [...new Set((path ?? '').split(delimiter).filter((folder) => folder !== ''))]
}

/** Fills in the `*` of one path segment with what is there. */
async function expand(pattern: string): Promise<readonly string[]> {
  const segments = pattern.split('/')
  const wild = segments.findIndex((segment) => segment.includes('*'))
  if (wild === -1) return [pattern]
  const parent = segments.slice(0, wild).join('/')
  const [before, after] = segments[wild]?.split('*') ?? []
  const names = await readdir(parent).catch(() => [])
  return names
    .filter((name) => name.startsWith(before ?? '') && name.endsWith(after ?? ''))
    .map((name) => [parent, name, ...segments.slice(wild + 1)].join('/'))
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function readTools(folder: string): Promise<ClientTools | { readonly because: string }> {
  const [dump, restore] = [join(folder, 'pg_dump'), join(folder, 'pg_restore')]
  try {
    const [dumpVersion, restoreVersion] = await Promise.all([versionOf(dump), versionOf(restore)])
    if (dumpVersion.major !== restoreVersion.major) {
      return { because: `is ${dumpVersion.version} but pg_restore beside it is ${restoreVersion.version}` }
    }
    return { folder, dump, restore, ...dumpVersion }
  } catch (thrown) {
    return { because: messageOf(thrown).trim() }
  }
}

export async function versionOf(program: string): Promise<{ readonly major: number; readonly version: string }> {
  const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 10_000 })
  // `pg_dump (PostgreSQL) 17.11 (Debian 17.11-0+deb13u1)`, `… 19beta1`
  const version = /\(PostgreSQL\) ((\d+)\S*)/.exec(stdout)
  if (version?.[1] === undefined) throw new Error(`${program} --version says ${JSON.stringify(stdout.trim())}`)
  return { major: Number(version[2]), version: version[1] }
}
