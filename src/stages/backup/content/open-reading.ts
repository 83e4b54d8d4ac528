import type { Session } from '../../../ports.ts'
import { quoteLiteral } from '../../../postgres/quoting.ts'

/**
 * Everything that changes how a value is written, and that a role or a database may have set. pg_dump fixes the first
 * four for the same reason.
 */
const fixedOutput: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '3',
  row_security: 'off',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  lc_monetary: 'C',
  xmlbinary: 'base64',
  quote_all_identifiers: 'off',
  search_path: '',
}

/** Limits that would end a long read half-way; what limits it is the budget of the caller. */
const noLimits = ['statement_timeout', 'idle_in_transaction_session_timeout']

export interface Reading {
  readonly snapshot: string | undefined
  readonly lockTimeoutMs: number
  readonly serverMajor: number
  /** Of the server's parallel workers, besides the session itself. */
  readonly workers: number
}

/** A read-only transaction in the given snapshot whose output does not depend on anybody's settings. */
export async function openReading(session: Session, reading: Reading): Promise<void> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
  if (reading.snapshot !== undefined) await session.query(`SET TRANSACTION SNAPSHOT ${quoteLiteral(reading.snapshot)}`)
  const limits = reading.serverMajor >= 17 ? [...noLimits, 'transaction_timeout'] : noLimits
  const settings = {
    ...fixedOutput,
    ...Object.fromEntries(limits.map((limit) => [limit, '0'])),
    lock_timeout: String(reading.lockTimeoutMs),
    max_parallel_workers_per_gather: String(reading.workers),
    // Compiling takes longer than it saves: a query of this kind is one scan.
    jit: 'off',
  }
  await session.query(setLocal(settings))
}

/** For a transaction that is open already and may be written in. */
export const fixedOutputSql = setLocal({ ...fixedOutput, jit: 'off' })

function setLocal(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `SET LOCAL ${name} = ${quoteLiteral(value)};`)
    .join(' ')
}
