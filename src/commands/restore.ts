import type { Context } from '../context.ts'
import { type Ended, noMigrations } from '../ended.ts'
import { fail } from '../errors.ts'
import { startJanitor } from '../janitor/janitor.ts'
import { connectionFor } from '../postgres/client-connection.ts'
import { connectWithoutLimits } from '../postgres/connection.ts'
import { withDatabase } from '../postgres/url.ts'
import type { BackupTier } from '../stages/backup/tiers.ts'
import { openDatabase } from '../stages/preflight/database.ts'
import { checkBackup, type ProofRequest } from '../stages/restore/check.ts'
import { restoreBackup } from '../stages/restore/perform.ts'
import { backupRequest } from '../stages/restore/request.ts'
import { restoreAndSwap } from './restore-swap.ts'

/** Into a new database, never into one that is there: a restore that goes wrong must not cost what is left. */
export async function restore(context: Context): Promise<Ended> {
  const { invocation } = context
  const { from, into, dryRun } = invocation
  if (from === undefined) throw incomplete('`--from` is missing: which backup?')
  if (!dryRun && into === undefined) throw incomplete('Either `--into DATABASE` or `--dry-run` is needed.')
  await using janitor = await startJanitor()
  const request = await backupRequest(context, janitor, from)
  if (into === undefined || dryRun) return await prove(context, request)
  return await (invocation.swap ? restoreAndSwap(context, request, into) : restoreInto(context, request, into))
}

async function prove(context: Context, request: ProofRequest): Promise<Ended> {
  const checked = await context.run.stage(
    'restore',
    () => checkBackup(request),
    ({ tier, notChecked }) => ({
      outcome: 'pass',
      summary: `proven to the tier \`${tier}\``,
      detail: { tier, notChecked },
    }),
  )
  return {
    ...noMigrations,
    outcome: 'done',
    reasonCode: 'backup_readable',
    reason: [
      provenUpTo[checked.tier](checked.dumpPath),
      ...checked.notChecked.map((what) => `not checked: ${what}`),
    ].join('\n'),
    backup: { manifest: request.manifestPath, tier: checked.tier, bytes: bytesOf(checked.manifest) },
    next: [],
  }
}

const provenUpTo: Readonly<Record<BackupTier, (dump: string) => string>> = {
  checksum: (dump) => `${dump} is byte for byte what was backed up.`,
  decoded: (dump) => `Every byte of ${dump} was read and decoded.`,
  restored: (dump) => `${dump} was restored into a scratch server; its definitions are those of the dump.`,
  compared: (dump) =>
    `${dump} was restored into a scratch server; definitions, rows and contents are those of the moment of the backup.`,
}

async function restoreInto(context: Context, request: ProofRequest, into: string): Promise<Ended> {
  await using database = await openDatabase(context)
  const { url } = database
  // Not the one that gives up with the run: what a cancelled restore has begun is dropped through it.
  await using admin = await connectWithoutLimits(url, 'airlock restore')
  const restored = await context.run.stage(
    'restore',
    () =>
      restoreBackup({
        ...request,
        into,
        replaces: url.database,
        admin,
        openSession: (name) => connectWithoutLimits(withDatabase(url, name), 'airlock restore'),
        connectionFor: connectionFor(url),
      }),
    ({ summary, notChecked }) => ({
      outcome: 'pass',
      summary,
      detail: { notChecked },
    }),
  )
  return {
    ...noMigrations,
    outcome: 'done',
    reasonCode: 'restored_into_new_database',
    reason: [
      `The backup is in the new database \`${into}\`. \`${url.database}\` was not touched.`,
      ...restored.notChecked.map((what) => `not checked: ${what}`),
    ].join('\n'),
    target: { host: url.host, database: into },
    backup: { manifest: request.manifestPath, tier: restored.tier, bytes: bytesOf(restored.manifest) },
    next: [
      'Look at it. To put it in the place of the present database, stop the application and run the same command with `--swap` added.',
      'Or by hand, as a role that owns both, connected to neither:',
      ...restored.swap,
      ...restored.notes,
    ],
  }
}

function bytesOf(manifest: { readonly files: readonly { readonly bytes: number }[] }): number {
  return manifest.files.reduce((sum, file) => sum + file.bytes, 0)
}

function incomplete(why: string) {
  return fail('USAGE.INVALID', {
    what: '`restore` cannot be understood.',
    why,
    next: [
      'airlock restore --from MANIFEST --dry-run',
      'airlock restore --from MANIFEST --into NEW_DATABASE',
      'airlock restore --from MANIFEST --into NEW_DATABASE --swap',
    ],
  })
}
