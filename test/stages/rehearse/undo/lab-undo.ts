import { randomBytes } from 'node:crypto'
import { analyseMigration } from '../../../../src/sql/analyse.ts'
import { unknownCatalog } from '../../../../src/sql/catalog/model.ts'
import { loadParser } from '../../../../src/sql/parse.ts'
import { proveUndo, type UndoRequest } from '../../../../src/stages/rehearse/undo/prove.ts'
import { WaysBack } from '../../../../src/stages/rehearse/undo/prove-in-place.ts'
import { runFile } from '../../../../src/stages/rehearse/undo/run-file.ts'
import { undoDatabase } from '../../../../src/stages/rehearse/undo/scratch-database.ts'
import type { Undo } from '../../../../src/stages/rehearse/undo/undo.ts'
import { query } from '../../../lab/query.ts'
import type { LabServer } from '../../../lab/server.ts'
import { parsed } from '../../backup/lab-backup.ts'
import { plannedFor } from '../trace/lab-trace.ts'

const signal = new AbortController().signal

export interface Attempted {
  /** The database of before, as SQL. */
  readonly before: string
  readonly up: string
  readonly own?: string
  readonly execution?: UndoRequest['execution']
}

export interface Tried {
  /** As the command proves it: committed, on a clone. */
  readonly onClone: Undo
  /** As a rehearsal does: in a transaction that is rolled back. */
  readonly inPlace: Undo
}

/** On a database of its own; `before` may have rows. */
export async function attempt(server: LabServer, attempted: Attempted): Promise<Tried> {
  const { before, up, own, execution = 'batch' } = attempted
  const name = `undo_${randomBytes(6).toString('hex')}`
  await query(server.superuserUrl(), `CREATE DATABASE ${name}`)
  try {
    await query(server.superuserUrl(name), before)
    const base = undoDatabase(parsed(server.superuserUrl(name)), signal)
    const onClone = await proveUndo({
      sql: up,
      execution,
      statements: await statementsOf(up),
      own: own === undefined ? undefined : { file: 'down.sql', sql: own },
      before: base,
      clone: async () => {
        const clone = `${name}_clone`
        await query(server.superuserUrl(), `CREATE DATABASE ${clone} TEMPLATE ${name}`)
        return {
          ...undoDatabase(parsed(server.superuserUrl(clone)), signal),
          [Symbol.asyncDispose]: async () => {
            await query(server.superuserUrl(), `DROP DATABASE ${clone} WITH (FORCE)`)
          },
        }
      },
      rowsAre: 'real',
      onProgress: () => undefined,
    })
    return { onClone, inPlace: await attemptInPlace(server.superuserUrl(name), attempted) }
  } finally {
    await query(server.superuserUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
}

/** On a database that has what `before` makes; the migration stays in force. */
export async function attemptInPlace(
  url: string,
  { up, own, execution = 'batch' }: Omit<Attempted, 'before'>,
): Promise<Undo> {
  const target = parsed(url)
  const [migration] = await plannedFor(target, [up], execution)
  if (migration === undefined) throw new Error('one file is one migration')
  const database = undoDatabase(target, signal)
  const request = { migration, own: own === undefined ? undefined : { file: 'down.sql', sql: own } }
  await using ways = new WaysBack(database, () => 60_000)
  await ways.before(request)
  {
    await using session = await database.openRun()
    const outcome = await runFile(session, up, execution)
    if (outcome.kind === 'failed')
      return {
        kind: 'not-proven',
        origin: { kind: 'generated' },
        because: `The migration itself fails: ${outcome.because}`,
        sql: '',
      }
  }
  return await ways.after(request, 1)
}

async function statementsOf(sql: string) {
  const analysis = analyseMigration(await loadParser(), {
    name: 'up',
    file: 'migration.sql',
    sql,
    schema: 'public',
    catalog: unknownCatalog,
  })
  return analysis.kind === 'analysed' ? analysis.statements : []
}
