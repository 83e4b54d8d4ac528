import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { type Ended, noMigrations } from '../ended.ts'
import { fail } from '../errors.ts'
import type { DatabaseUrl } from '../postgres/url.ts'
import { formatBytes } from '../report/words.ts'
import { type ChosenStrategy, chosenStrategy } from '../stages/backup/providers/open-strategy.ts'
import { takeSnapshot } from '../stages/backup/providers/stage.ts'
import { backUp } from '../stages/backup/stage.ts'
import { openDatabase } from '../stages/preflight/database.ts'
import { backupOf, stepsBack } from '../stages/recover/steps-back.ts'

/** A dump into the folder that was named; without one, what airlock.yml says that a deploy takes. */
export async function backup(context: Context): Promise<Ended> {
  const { out, backupDir, cwd } = context.invocation
  const snapshot = out === undefined ? chosenStrategy(context.policy.backup) : undefined
  const folder = out ?? backupDir
  if (snapshot === undefined && folder === undefined) {
    throw fail('USAGE.INVALID', {
      what: '`backup` needs a folder to write to.',
      why: '`--out` is missing.',
      next: ['airlock backup --out backups'],
    })
  }
  await using database = await openDatabase(context)
  const target = { host: database.url.host, database: database.url.database }
  const made =
    snapshot === undefined
      ? await dumped(context, database.url, resolve(cwd, folder ?? ''))
      : await snapped(context, database.url, snapshot)
  return { ...noMigrations, outcome: 'done', target, ...made }
}

async function dumped(context: Context, url: DatabaseUrl, folder: string) {
  await using made = await backUp(context, url, folder)
  const written = made.backup
  return {
    reasonCode: 'backup_written',
    reason: [
      `${written.dumpPath} (${formatBytes(written.bytes)})`,
      ...written.notChecked.map((what) => `not checked: ${what}`),
    ].join('\n'),
    backup: backupOf(written),
    next: ['Prove that it can be read on another machine:', `airlock restore --from ${written.manifestPath} --dry-run`],
  }
}

async function snapped(context: Context, url: DatabaseUrl, chosen: ChosenStrategy) {
  const taken = await takeSnapshot(context, url, chosen)
  return {
    reasonCode: 'snapshot_taken',
    reason: [taken.snapshot.where, ...taken.notChecked.map((what) => `not checked: ${what}`)].join('\n'),
    next: stepsBack(taken, url),
  }
}
