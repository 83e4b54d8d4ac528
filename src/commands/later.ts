import { type FailureError, fail } from '../errors.ts'
import type { Command } from '../result.ts'

/** Commands of later releases, and what to do until then. Their names and options are taken, so nothing else may grow there. */
const instead = {
  rollback: 'Put the backup into a new database: airlock restore --from MANIFEST --into NAME',
  health: 'Check the application after the step that deploys it.',
  baseline: 'Mark migrations as applied with Prisma: npx prisma migrate resolve --applied NAME',
} as const satisfies Partial<Record<Command, string>>

export type LaterCommand = keyof typeof instead

export function isLater(name: string | undefined): name is LaterCommand {
  return name !== undefined && Object.hasOwn(instead, name)
}

/** It never answers as if it had done something. */
export function notAvailable(command: LaterCommand): FailureError {
  return fail('COMMAND.NOT_AVAILABLE', {
    what: `\`airlock ${command}\` is not in this release.`,
    why: 'Its name is reserved for a later one, and nothing was done.',
    next: [instead[command]],
  })
}
