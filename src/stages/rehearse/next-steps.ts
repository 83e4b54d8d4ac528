import { shellWord } from '../../postgres/quoting.ts'
import type { RunResult } from '../../result.ts'

/** The same data is tried again without the database: the backup has it. */
export function tryAgain(backup: RunResult['backup']): readonly string[] {
  if (backup === undefined) return ['Correct the migration, or the data that stands in its way, then start again.']
  return [
    'Correct the migration, and try it on the same data; the database is not needed for that:',
    `airlock rehearse --from ${shellWord(backup.manifest)}`,
    'Or correct the data that stands in its way, then deploy again.',
  ]
}
