import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** The project's own Prisma, run as the project would run it. The only place that knows its command line. */

export interface PrismaCommand {
  readonly cliPath: string
  readonly cwd: string
  /** Everything the child sees: no variable of Airlock's own inputs, no secret but the connection URL. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
}

export interface PrismaExit {
  readonly code: number | null
  readonly output: string
}

const keptOutputCharacters = 64_000
const killAfterMs = 3_000

export async function runPrisma(args: readonly string[], command: PrismaCommand): Promise<PrismaExit> {
  const child = spawn(process.execPath, [command.cliPath, ...args], {
    cwd: command.cwd,
    env: { ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the schema engine that Prisma starts ends with it.
    detached: true,
  })
  const stop = () => {
    killGroup(child.pid, 'SIGTERM')
    setTimeout(() => killGroup(child.pid, 'SIGKILL'), killAfterMs).unref()
  }
  let output = ''
  const take = (line: string) => {
    output = `${output}${line}\n`.slice(-keptOutputCharacters)
    if (line.trim() !== '') command.onLine(line.trimEnd())
  }
  createInterface({ input: child.stdout }).on('line', take)
  createInterface({ input: child.stderr }).on('line', take)
  command.signal.addEventListener('abort', stop, { once: true })
  if (command.signal.aborted) stop()
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    return { code, output: output.trim() }
  } finally {
    command.signal.removeEventListener('abort', stop)
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

/** Prisma asks the network for news and counts its runs unless it is told not to. */
export const quietPrisma = {
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  NO_COLOR: '1',
} as const
