import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { type Ended, noMigrations } from '../ended.ts'
import { fail } from '../errors.ts'
import { formatBytes } from '../report/words.ts'
import { backUp } from '../stages/backup/stage.ts'
import { openDatabase } from '../stages/preflight/database.ts'
import { backupOf } from '../stages/recover/steps-back.ts'

export async function backup(context: Context): Promise<Ended> {
  const { out, cwd } = context.invocation
  if (out === undefined) {
    throw fail('USAGE.INVALID', {
      what: '`backup` needs a folder to write to.',
      why: '`--out` is missing.',
      next: ['airlock backup --out backups'],
    })
  }
  await using database = await openDatabase(context)
  const written = await backUp(context, database.url, resolve(cwd, out))
  return {
    ...noMigrations,
    outcome: 'done',
    reasonCode: 'backup_written',
    reason: [
      `${written.dumpPath} (${formatBytes(written.bytes)})`,
      ...written.notChecked.map((what) => `not checked: ${what}`),
    ].join('\n'),
    target: { host: database.url.host, database: database.url.database },
    backup: backupOf(written),
    next: ['Prove that it can be read on another machine:', `airlock restore --from ${written.manifestPath} --dry-run`],
  }
}
