import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Janitor } from './janitor/janitor.ts'

/** A program together with everything it starts: they end with it, with a cancelled run, and with this process. */
export interface ProcessGroup extends Disposable {
  readonly stdout: Readable
  readonly stderr: Readable
  /** Undefined when the program could not be started, which `ended` tells. */
  readonly id: number | undefined
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** SIGTERM, or the signal asked for, and SIGKILL for what is still there after a moment. */
  stop(): void
}

export interface GroupOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly signal?: AbortSignal
  /** With one the group ends also when this process is killed, whenever that is. */
  readonly janitor?: Janitor
  readonly stopSignal?: NodeJS.Signals
  readonly killAfterMs?: number
  /** Another user to run as; only root may. */
  readonly user?: { readonly uid: number; readonly gid: number }
}

/**
 * The program begins when it is told to, after it was registered with the janitor: when we are killed before, there is
 * nothing to read, and the shell ends instead.
 */
const gate = ['-c', 'read -r go && exec "$@" </dev/null', 'airlock-gate'] as const

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>

export function startGroup(program: string, args: readonly string[], options: GroupOptions): ProcessGroup {
  const { env, cwd, signal, janitor, user } = options
  const [file, ...rest] = janitor === undefined ? [program, ...args] : ['/bin/sh', ...gate, program, ...args]
  const how = { env: { ...env }, ...(cwd === undefined ? {} : { cwd }), ...user, detached: true }
  const child: Child =
    janitor === undefined
      ? spawn(file, rest, { ...how, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn(file, rest, { ...how, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
    if (janitor !== undefined) watch(child, janitor, stopSignalOf(options)).catch(reject)
  })
  // Whoever started it awaits it later; until then a program that cannot be started must not count as unhandled.
  ended.catch(() => undefined)
  const stop = () => {
    killGroup(child.pid, stopSignalOf(options))
    const kill = setTimeout(() => killGroup(child.pid, 'SIGKILL'), options.killAfterMs ?? 3_000).unref()
    // Its number may be given to somebody else by then.
    child.once('close', () => (isThere(child.pid) ? undefined : clearTimeout(kill)))
  }
  // The janitor ends it more gently, and has the time for it.
  const killAtExit = () => (janitor === undefined ? killGroup(child.pid, 'SIGKILL') : undefined)
  process.once('exit', killAtExit)
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    id: child.pid,
    ended,
    stop,
    [Symbol.dispose]() {
      process.off('exit', killAtExit)
      signal?.removeEventListener('abort', stop)
    },
  }
}

function stopSignalOf({ stopSignal }: GroupOptions): NodeJS.Signals {
  return stopSignal ?? 'SIGTERM'
}

async function watch(child: Child, janitor: Janitor, signal: NodeJS.Signals): Promise<void> {
  // The gate may be gone before it reads; how it ended is what the caller hears about.
  child.stdin?.on('error', () => undefined)
  if (child.pid === undefined) return
  try {
    const registration = await janitor.endAtEnd(child.pid, signal)
    // Its number may be given to somebody else from now on. A janitor that is gone itself ends nobody.
    child.once('close', () => registration.forget().catch(() => undefined))
    if (child.exitCode !== null || child.signalCode !== null) await registration.forget()
    child.stdin?.end('go\n')
  } catch (thrown) {
    killGroup(child.pid, 'SIGKILL')
    throw thrown
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // ESRCH: the group has ended by itself, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function isThere(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(-pid, 0)
  } catch {
    return false
  }
}
