import type { Context } from '../context.ts'
import { type Ended, noMigrations } from '../ended.ts'
import { FailureError, fail } from '../errors.ts'
import { plural } from '../report/words.ts'
import { environmentOf } from '../stages/backup/manifest.ts'
import { decideRetention, type Kept } from '../stages/backup/retention/decide.ts'
import { openStoreText } from '../stages/backup/store/open-store.ts'
import type { BackupStore, StoredBackup, StoreListing } from '../stages/backup/store/store.ts'

/** Removes what the policy does not keep; needs no database. What it does not understand it leaves where it is. */
export async function prune(context: Context): Promise<Ended> {
  const { invocation, run, policy } = context
  const { cwd, env, dryRun } = invocation
  const text = invocation.store ?? policy.backup.store
  if (text === undefined) {
    throw fail('USAGE.INVALID', {
      what: '`prune` needs the store to look into.',
      why: 'Neither `--store` nor `store` in airlock.yml says which.',
      next: ['airlock prune --store backups --dry-run', 'airlock prune --store s3://bucket/prefix --dry-run'],
    })
  }
  const access = { env, signal: run.signal, onProgress: (progress: string) => run.progress(progress) }
  const store = await openStoreText(text, cwd, access)
  const isOurs = ({ manifest }: StoredBackup) => environmentOf(manifest) === invocation.environment
  const pruned = await run.stage(
    'prune',
    async () => {
      const listing = await store.list()
      const decided = decideRetention(listing.backups.filter(isOurs), policy.backup.keep, new Date())
      const leaving = decided.filter(({ kind }) => kind === 'remove').map(({ backup }) => backup)
      // Those first: what is left of them can only be removed, and nobody can restore it.
      const wanted = [...listing.halfRemoved, ...leaving]
      return {
        listing,
        // A store may serve several environments, each with a policy of its own.
        ofOthers: listing.backups.filter((backup) => !isOurs(backup)),
        decided,
        wanted,
        ...(dryRun ? { removed: [], locked: [] } : await removeAll(store, wanted, run)),
      }
    },
    (it) => ({ outcome: 'pass', summary: summaryOf(it, dryRun), detail: detailOf(it) }),
  )
  for (const notice of noticesOf(pruned, store.describe)) run.notice(notice)
  const went = dryRun ? pruned.wanted : pruned.removed
  return {
    ...noMigrations,
    outcome: 'done',
    reasonCode: went.length === 0 ? 'nothing_to_prune' : dryRun ? 'would_prune' : 'pruned',
    reason: [`${store.describe}: ${summaryOf(pruned, dryRun)}`, ...pruned.decided.map(lineOf)].join('\n'),
    next: dryRun && went.length > 0 ? ['Remove them: the same command without --dry-run'] : [],
  }
}

interface Pruned {
  readonly listing: StoreListing
  readonly ofOthers: readonly StoredBackup[]
  readonly decided: readonly Kept<StoredBackup>[]
  readonly wanted: readonly StoredBackup[]
  readonly removed: readonly StoredBackup[]
  readonly locked: readonly { readonly name: string; readonly because: string }[]
}

/** A locked one keeps nobody from removing the others; anything else ends the run and says how far it got. */
async function removeAll(store: BackupStore, wanted: readonly StoredBackup[], run: Context['run']) {
  const removed: StoredBackup[] = []
  const locked: { name: string; because: string }[] = []
  for (const backup of wanted) {
    run.throwIfCancelled()
    run.progress(`removing ${backup.name}`)
    try {
      await store.remove(backup)
      removed.push(backup)
    } catch (thrown) {
      if (!(thrown instanceof FailureError)) throw thrown
      const { failure } = thrown
      if (failure.code === 'STORE.LOCKED') locked.push({ name: backup.name, because: failure.why })
      else {
        const sofar = `${removed.length} of ${plural(wanted.length, 'backup')} had been removed before.`
        throw new FailureError({ ...failure, why: `${failure.why} ${sofar}` }, { cause: thrown })
      }
    }
  }
  return { removed, locked }
}

function summaryOf({ decided, wanted, removed }: Pruned, dryRun: boolean): string {
  const kept = decided.filter(({ kind }) => kind === 'keep').length
  return dryRun
    ? `${plural(wanted.length, 'backup')} to remove, ${kept} to keep`
    : `${plural(removed.length, 'backup')} removed, ${kept} kept`
}

function lineOf({ kind, backup, because }: Kept<StoredBackup>): string {
  return `${kind === 'keep' ? 'keep  ' : 'remove'} ${backup.name} (${backup.manifest.tier}): ${because.join(', ')}`
}

function detailOf({ listing, ofOthers, decided, removed, locked }: Pruned) {
  const named = (kind: Kept<StoredBackup>['kind']) =>
    decided
      .filter((one) => one.kind === kind)
      .map(({ backup, because }) => ({ name: backup.name, tier: backup.manifest.tier, because }))
  return {
    keep: named('keep'),
    remove: named('remove'),
    removed: removed.map(({ name }) => name),
    locked,
    ofOtherEnvironments: ofOthers.map(({ name, manifest }) => ({ name, environment: environmentOf(manifest) })),
    halfRemoved: listing.halfRemoved.map(({ name }) => name),
    unreadable: listing.unreadable,
    damaged: listing.damaged,
    withoutManifest: listing.withoutManifest,
    strangers: listing.strangers,
  }
}

function noticesOf({ listing, ofOthers, locked }: Pruned, store: string): readonly string[] {
  return [
    ...listing.unreadable.map(({ file, because }) => `${file} in ${store} cannot be read and was left: ${because}`),
    ...listing.damaged.map(({ file, because }) => `The backup ${file} in ${store} is damaged and was left: ${because}`),
    ...listing.withoutManifest.map(
      (file) => `${file} in ${store} has no manifest and was left: an upload that is under way, or was cut off`,
    ),
    ...[...new Set(ofOthers.map(({ manifest }) => environmentOf(manifest)))].map(
      (environment) =>
        `Backups of the environment \`${environment}\` in ${store} were left: --environment ${environment} judges them by its policy`,
    ),
    ...locked.map(({ name, because }) => `${name} is locked and was left: ${because}`),
    ...(listing.strangers === 0
      ? []
      : [`${store} has ${plural(listing.strangers, 'file')} besides backups, not looked into`]),
  ]
}
