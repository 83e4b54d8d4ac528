import type { Client } from 'pg'
import type { Statement } from '../../src/sql/model.ts'
import type { StatementTrace } from '../../src/stages/rehearse/trace/trace.ts'

/** Timed as the rehearsal times it: without the commit, where there can be a transaction. */
export async function runTraced(client: Client, statement: Statement, transaction: number): Promise<StatementTrace> {
  const alone = /\bCONCURRENTLY\b/.test(statement.sql)
  const before = await look(client)
  if (!alone) await client.query('BEGIN')
  const startedMs = performance.now()
  const { rowCount } = await client.query(statement.sql)
  const ms = performance.now() - startedMs
  if (!alone) await client.query('COMMIT')
  const after = await look(client)
  const { index, kind, range, effects } = statement
  const { locks, rewrites, scans } = effects
  const known = new Map(before.indexes.map(({ name, file }) => [name, file]))
  return {
    ...{ index, line: range.line, kind, ms, transaction, rewrites, scans, rows: rowCount },
    locks: locks.map((lock) => ({ ...lock, heldMs: ms })),
    walBytes: after.wal - before.wal,
    temporaryBytes: 0,
    indexes: after.indexes.filter(({ name, file }) => known.get(name) !== file),
    notObserved: [],
  }
}

async function look(client: Client) {
  const { rows: indexes } = await client.query<{ name: string; relation: string; bytes: number; file: number }>(
    `SELECT n.nspname || '.' || c.relname AS name, n.nspname || '.' || t.relname AS relation, c.relfilenode::int AS file,
            pg_relation_size(c.oid)::float8 AS bytes
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'`,
  )
  const { rows: wal } = await client.query<{ bytes: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`,
  )
  return { indexes, wal: wal[0]?.bytes ?? 0 }
}
