import { fail } from '../../../errors.ts'
import { atomicModel } from '../../../migrations/atomic-model.ts'
import { executionModel } from '../../../migrations/execution-model.ts'
import { loadSqlParser } from '../../../migrations/execution-parser.ts'
import type { Migration } from '../../../migrations/migration.ts'
import { plural } from '../../../report/words.ts'
import type { UndoDatabase } from './prove.ts'
import { runFile } from './run-file.ts'

/** `undefined`: Airlock runs the files itself. */
export async function executionOf(sql: string, prismaVersion: string | undefined): Promise<'batch' | 'split'> {
  if (prismaVersion === undefined) return atomicModel(sql).kind
  return executionModel(prismaVersion, sql, await loadSqlParser()).kind
}

export interface Replay {
  readonly migrations: readonly Migration[]
  readonly prismaVersion: string | undefined
  /** Where it is replayed, for messages. */
  readonly onto: 'an empty server' | 'the copy'
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** The migrations before the one in question, each in a session of its own. */
export async function replay(database: UndoDatabase, request: Replay): Promise<void> {
  const { migrations, onto, signal, onProgress } = request
  if (migrations.length > 0) onProgress(`replaying ${plural(migrations.length, 'migration')} on ${onto}`)
  for (const { name, file, sql } of migrations) {
    signal.throwIfAborted()
    await using session = await database.openRun()
    const outcome = await runFile(session, sql, await executionOf(sql, request.prismaVersion))
    if (outcome.kind === 'failed') throw notReplayed(name, file, onto, outcome.because)
  }
}

function notReplayed(name: string, file: string, onto: string, because: string) {
  return fail('UNDO.NOT_REPLAYED', {
    what: `\`${file}\` does not go through on ${onto}, so the state before the migration cannot be made.`,
    why: `${because}\n\`${name}\` comes before the migration; it may need what is in your database and in no file: roles, schemas, extensions, rows.`,
    next: [
      'Take the state before the migration from a backup that was made before it:',
      'airlock undo MIGRATION --from NAME.manifest.json',
    ],
  })
}
