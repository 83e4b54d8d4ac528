import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Stops and removes what a supervisor left behind that could not clean up itself (kill -9, power cut).
 * Folders are named `<pid of the supervisor>-<random>`.
 */
export async function sweepStaleServers(run: string): Promise<void> {
  for (const name of readdirSync(run)) {
    const folder = join(run, name)
    const supervisor = Number.parseInt(name, 10)
    if (commandLine(supervisor)?.includes('supervisor.mjs')) continue
    await stopOrphan(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

async function stopOrphan(folder: string): Promise<void> {
  const pidFile = join(folder, 'data', 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
  // A process id may have been given to somebody else since: only a server of this very folder is touched.
  const isOurs = () => commandLine(pid)?.includes(folder) ?? false
  for (const [signal, patienceMs] of [
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!isOurs()) return
    process.kill(pid, signal)
    for (let waited = 0; waited < patienceMs && isOurs(); waited += 20) await sleep(20)
  }
  if (isOurs()) throw new Error(`The PostgreSQL server of a dead test run could not be stopped: process ${pid}`)
}

/** `undefined` when there is no such process. */
export function commandLine(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 1) return undefined
  try {
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
    }
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}
