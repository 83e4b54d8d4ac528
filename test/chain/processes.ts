import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** /proc is Linux; elsewhere what runs cannot be looked at this way, and the tests that need it say so by being skipped. */
export const canSeeProcesses = existsSync('/proc/self/cmdline')

export interface SeenProcess {
  readonly pid: number
  readonly commandLine: string
}

export function processes(): readonly SeenProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const commandLine = read(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'))
      return commandLine ? [{ pid: Number(name), commandLine: commandLine.replaceAll('\0', ' ').trim() }] : []
    })
}

/** Whatever was started in that folder and is still there: the program itself, Prisma, its schema engine, pg_dump. */
export function processesIn(folder: string): readonly SeenProcess[] {
  return processes().filter(({ pid }) => read(() => readlinkSync(`/proc/${pid}/cwd`)) === folder)
}

/** A process may end between being listed and being looked at. */
function read(look: () => string): string | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code)))
      return undefined
    throw error
  }
}

/** Whoever looks into the server opens a connection for it, 17 ms of CPU: looking all the time slows down what is waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { patienceMs = 60_000, everyMs = 100 } = {},
): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited ${patienceMs} ms in vain: ${what}`)
    await sleep(everyMs)
  }
}
