import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sweepStaleServers } from './stale-servers.ts'

export interface Identity {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root, so root's servers run as somebody else; `undefined` means as the current user. */
export function serverIdentity(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined
  // initdb looks its own user up, so it must be one that has an entry.
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['nobody', 'daemon']) {
    const user = users.find((fields) => fields[0] === name)
    if (user !== undefined) return { uid: Number(user[2]) >>> 0, gid: Number(user[3]) >>> 0 }
  }
  throw new Error('The lab runs as root and /etc/passwd has neither nobody nor daemon to run PostgreSQL as')
}

let prepared: Promise<string> | undefined

/** One folder for each user under the system temp folder: copies of binaries, templates and the running servers. */
export function labFolder(): Promise<string> {
  prepared ??= prepare()
  return prepared
}

async function prepare(): Promise<string> {
  const uid = process.getuid?.() ?? 0
  const folder = join(reachableTempFolder(uid), `airlock-lab-${uid}`)
  mkdirSync(folder, { recursive: true })
  const { uid: owner } = lstatSync(folder)
  if (owner !== uid || !lstatSync(folder).isDirectory()) {
    throw new Error(`${folder} belongs to another user (${owner}). Remove it, or set TMPDIR to a folder of your own`)
  }
  // Whatever the umask is: the server's user must be able to enter.
  chmodSync(folder, 0o755)
  for (const part of ['binaries', 'templates', 'run']) {
    mkdirSync(join(folder, part), { recursive: true })
    chmodSync(join(folder, part), 0o755)
  }
  await sweepStaleServers(join(folder, 'run'))
  return folder
}

function reachableTempFolder(uid: number): string {
  const candidates = [tmpdir(), '/tmp', '/var/tmp']
  const found = uid === 0 ? candidates.find(everyoneCanEnter) : candidates[0]
  if (found === undefined) throw new Error(`No temp folder that every user can enter: tried ${candidates.join(', ')}`)
  return found
}

function everyoneCanEnter(path: string): boolean {
  const enterable = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o001
  if (enterable === 0) return false
  return dirname(path) === path || everyoneCanEnter(dirname(path))
}
