import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/** A program together with everything it starts: they end with it, with a cancelled run, and with this process. */
export interface ProcessGroup extends Disposable {
  readonly stdout: Readable
  readonly stderr: Readable
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** SIGTERM, and SIGKILL for what is still there after a moment. */
  stop(): void
}

export interface GroupOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly signal: AbortSignal
}

const killAfterMs = 3_000

export function startGroup(program: string, args: readonly string[], options: GroupOptions): ProcessGroup {
  const { env, cwd, signal } = options
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(program, [...args], {
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // Whoever started it awaits it later; until then a program that cannot be started must not count as unhandled.
  ended.catch(() => undefined)
  const stop = () => {
    killGroup(child.pid, 'SIGTERM')
    setTimeout(() => killGroup(child.pid, 'SIGKILL'), killAfterMs).unref()
  }
  const killAtExit = () => killGroup(child.pid, 'SIGKILL')
  process.once('exit', killAtExit)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    stop,
    [Symbol.dispose]() {
      process.off('exit', killAtExit)
      signal.removeEventListener('abort', stop)
    },
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
