import { chown, mkdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'

export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root (`undefined` means: as who we are). initdb wants a user that has a name. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody', 'daemon']) {
    const fields = users.find(([candidate]) => candidate === name)
    if (fields !== undefined) return { uid: Number(fields[2]) >>> 0, gid: Number(fields[3]) >>> 0 }
  }
  throw new Error('/etc/passwd has none of postgres, nobody and daemon')
}

export async function makeFolderOf(path: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 })
  if (user !== undefined) await chown(path, user.uid, user.gid)
}

/**
 * Where the data of a scratch server goes, for whoever has to know whether there is room: the runner's temporary folder,
 * which is emptied with the job, or the system's. The server's user has to be able to get there.
 */
export async function scratchParent(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const candidates = [environment.RUNNER_TEMP, environment.TMPDIR, tmpdir(), '/tmp', '/var/tmp']
  const everyone = process.getuid?.() === 0
  for (const candidate of candidates) {
    if (
      candidate?.startsWith('/') &&
      (await isFolder(candidate)) &&
      (!everyone || (await everyoneMayEnter(candidate)))
    ) {
      return candidate
    }
  }
  return '/tmp'
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}

async function everyoneMayEnter(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o001) === 0) return false
  return dirname(path) === path || everyoneMayEnter(dirname(path))
}
