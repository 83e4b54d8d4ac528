import type { Client } from 'pg'
import type { LockMode } from '../../../src/sql/model.ts'
import { backendPid } from '../../lab/backend-pid.ts'
import { locksOf } from './observe.ts'

export interface Waiting {
  readonly client: Client
  readonly witness: Client
  /** Writes into `tables` and does not end, so that a statement that waits for writers can be looked at. */
  readonly writer: Client
}

/** The locks, by oid, that the statement holds on the tables while it waits for a writer; none where it does not wait. */
export async function locksWhileBlocked(
  { client, witness, writer }: Waiting,
  tables: readonly string[],
  sql: string,
): Promise<ReadonlyMap<number, LockMode>> {
  await writer.query('BEGIN')
  if (tables.length > 0) await writer.query(`LOCK TABLE ${tables.join(', ')} IN ROW EXCLUSIVE MODE`)
  const running = { ended: false }
  const statement = client.query(sql).finally(() => {
    running.ended = true
  })
  statement.catch(() => {})
  try {
    while (!running.ended) {
      if (await waits(client, witness)) return await locksOf(client, witness)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return new Map()
  } finally {
    await writer.query('ROLLBACK')
    await statement
  }
}

async function waits(client: Client, witness: Client): Promise<boolean> {
  const { rows } = await witness.query<{ waits: boolean }>('SELECT cardinality(pg_blocking_pids($1)) > 0 AS waits', [
    backendPid(client),
  ])
  return rows[0]?.waits === true
}
