import type { Failure } from '../../errors.ts'
import type { ApplyExit } from '../apply/exit.ts'

/** Said only where history and schema prove it: Prisma's output explains why, and never that. */
export function nothingApplied({ engine, output }: Pick<ApplyExit, 'engine' | 'output'>, said: string): Failure {
  if (isDownloadFailure(output)) {
    return {
      code: 'PRISMA.ENGINE_UNREACHABLE',
      what: 'Prisma could not download its schema engine, so nothing was applied.',
      why: said,
      next: ['Use the engine that comes with Airlock, in airlock.yml:', 'prisma: { engine: wasm }'],
    }
  }
  return {
    code: 'PRISMA.FAILED',
    what: `${engine} stopped before it applied anything; history and schema are the same as before.`,
    why: said,
    next: ['See what Prisma says when it only looks:', 'npx prisma migrate status'],
  }
}

function isDownloadFailure(output: string): boolean {
  return /binaries\.prisma\.sh|\/all_commits\/[0-9a-f]{40}\/|PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING|Failed to fetch.*engine|Could not (?:find|locate).*schema[- ]engine/i.test(
    output,
  )
}
