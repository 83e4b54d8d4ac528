import { randomBytes } from 'node:crypto'
import { analyseMigration } from '../../../../src/sql/analyse.ts'
import { unknownCatalog } from '../../../../src/sql/catalog/model.ts'
import { loadParser } from '../../../../src/sql/parse.ts'
import { proveUndo, type UndoRequest } from '../../../../src/stages/rehearse/undo/prove.ts'
import { undoDatabase } from '../../../../src/stages/rehearse/undo/scratch-database.ts'
import type { Undo } from '../../../../src/stages/rehearse/undo/undo.ts'
import { query } from '../../../lab/query.ts'
import type { LabServer } from '../../../lab/server.ts'
import { parsed } from '../../backup/lab-backup.ts'

const signal = new AbortController().signal

export interface Attempted {
  /** The database of before, as SQL. */
  readonly before: string
  readonly up: string
  readonly own?: string
  readonly execution?: UndoRequest['execution']
}

/** On a database of its own; `before` may have rows. */
export async function attempt(server: LabServer, { before, up, own, execution = 'batch' }: Attempted): Promise<Undo> {
  const name = `undo_${randomBytes(6).toString('hex')}`
  await query(server.superuserUrl(), `CREATE DATABASE ${name}`)
  try {
    await query(server.superuserUrl(name), before)
    const base = undoDatabase(parsed(server.superuserUrl(name)), signal)
    return await proveUndo({
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
  } finally {
    await query(server.superuserUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
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
