import type { Context } from '../context.ts'
import type { Ended } from '../ended.ts'
import { fail } from '../errors.ts'
import { deploy } from '../pipeline.ts'
import type { Command } from '../result.ts'
import { backup } from './backup.ts'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { plan } from './plan.ts'
import { restore } from './restore.ts'
import { verify } from './verify.ts'

export type CommandFunction = (context: Context) => Promise<Ended>

/** A command that does not exist yet says so: it never answers as if it had done something. */
const later =
  (command: Command, instead: string): CommandFunction =>
  async () => {
    throw fail('COMMAND.NOT_AVAILABLE', {
      what: `\`airlock ${command}\` is not in this release.`,
      why: 'Its name and its options are reserved, so that scripts can be written against them.',
      next: [instead],
    })
  }

export const commandTable: Readonly<Record<Command, CommandFunction>> = {
  check,
  plan,
  deploy,
  backup,
  restore,
  verify,
  doctor,
  prune: later('prune', 'Remove old backups by hand; a backup is its .dump and its .manifest.json.'),
  rehearse: later(
    'rehearse',
    'Restore a backup beside a copy and deploy there: airlock restore --from MANIFEST --into NAME',
  ),
  rollback: later('rollback', 'Put the backup into a new database: airlock restore --from MANIFEST --into NAME'),
  undo: later('undo', 'Write the reverse SQL by hand and keep it beside the migration.'),
  health: later('health', 'Check the application after the step that deploys it.'),
  baseline: later('baseline', 'Mark migrations as applied with Prisma: npx prisma migrate resolve --applied NAME'),
}
