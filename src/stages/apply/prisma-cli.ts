import { createInterface } from 'node:readline'
import { startGroup } from '../../process-group.ts'
import type { Cancelled } from './watch/decide.ts'

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
  /** Where a statement was ended so that the application does not wait. */
  readonly cancelled?: Cancelled | undefined
}

const keptOutputCharacters = 64_000

export async function runPrisma(args: readonly string[], command: PrismaCommand): Promise<PrismaExit> {
  using prisma = startGroup(process.execPath, [command.cliPath, ...args], command)
  let output = ''
  const take = (line: string) => {
    output = `${output}${line}\n`.slice(-keptOutputCharacters)
    if (line.trim() !== '') command.onLine(line.trimEnd())
  }
  createInterface({ input: prisma.stdout }).on('line', take)
  createInterface({ input: prisma.stderr }).on('line', take)
  const code = await prisma.ended
  return { code, output: output.trim() }
}

/** Prisma asks the network for news and counts its runs unless it is told not to. */
export const quietPrisma = {
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  NO_COLOR: '1',
} as const
