import { FailureError, fail } from '../../../../errors.ts'
import { hasOwnName, newestFirst } from '../decide.ts'
import type { Snapshot, SnapshotStrategy, Taken, TakeRequest } from '../strategy.ts'
import {
  type CommandSettings,
  capabilitiesOf,
  commandFailed,
  fillIn,
  fillInText,
  says,
  settingsProblem,
} from './decide.ts'
import { type ListedBackup, newBackup, readListing } from './listing.ts'
import { type CommandSurroundings, runCommand } from './run.ts'

/** The user's own programs: pgBackRest, WAL-G, barman, or a script. docs/recipes/ has those that were tested. */
export function commandStrategy(settings: CommandSettings, surroundings: CommandSurroundings): SnapshotStrategy {
  const problem = settingsProblem(settings)
  if (problem !== undefined) {
    throw fail('CONFIG.INVALID', {
      what: '`backup.command` in airlock.yml cannot be followed.',
      why: problem,
      next: ['Correct it; docs/recipes/pgbackrest.md has a whole example.'],
    })
  }
  const capabilities = capabilitiesOf(settings)
  const { timeLimitMs } = settings
  const program = settings.take[0] ?? ''

  async function listed(signal: AbortSignal, name: string): Promise<readonly ListedBackup[]> {
    if (settings.list === undefined) return []
    const argv = fillIn(settings.list, { name, id: null })
    const listing = readListing(
      await runCommand({ part: 'list', argv, name, timeLimitMs, signal }, surroundings),
      argv[0] ?? '',
    )
    if (listing.kind === 'unreadable') throw new FailureError(listing.failure)
    return listing.backups
  }

  function snapshotOf(backup: ListedBackup | undefined, name: string, at: Date | null): Snapshot {
    const id = backup?.id ?? null
    return {
      id,
      name,
      where: `made by \`${settings.take.join(' ')}\``,
      at: backup?.at ?? at,
      lsn: backup?.lsn ?? null,
      bytes: backup?.bytes ?? null,
      ours: hasOwnName(name),
      restoreByHand: fillInText(settings.restore, { name, id }).trimEnd().split('\n'),
    }
  }

  async function take({ name, signal, onProgress }: TakeRequest): Promise<Taken> {
    const before = await listed(signal, name)
    onProgress(`${program}: making the backup`)
    const startedAt = new Date()
    await runCommand(
      { part: 'take', argv: fillIn(settings.take, { name, id: null }), name, timeLimitMs, signal },
      surroundings,
    )
    let backup: ListedBackup | undefined
    if (settings.list !== undefined) {
      const found = newBackup(before, await listed(signal, name), program)
      if (found.kind === 'none') throw new FailureError(found.failure)
      backup = found.backup
    }
    if (settings.verify !== undefined) {
      const argv = fillIn(settings.verify, { name, id: backup?.id ?? null })
      onProgress(`${argv[0]}: checking the backup`)
      const said = await runCommand({ part: 'verify', argv, name, timeLimitMs, signal }, surroundings)
      const line = settings.verifySays
      if (line !== undefined && !says(said, line)) {
        throw new FailureError(commandFailed('verify', argv[0] ?? '', { kind: 'did-not-say', line }, said))
      }
    }
    return {
      snapshot: snapshotOf(backup, name, startedAt),
      proven: capabilities.proves,
      notChecked: [
        ...(backup === undefined ? ['whether the backup is there: airlock.yml names no `list`'] : []),
        ...(settings.verify === undefined ? ['whether it can be read: airlock.yml names no `verify`'] : []),
        'whether it restores: only a restore tells',
      ],
    }
  }

  return {
    name: 'command',
    capabilities,
    take,
    list: async (signal) =>
      newestFirst((await listed(signal, '')).map((backup) => snapshotOf(backup, backup.id, null))),
  }
}
