import type { QueryResult } from 'pg'
import { unlessCancelled } from '../../../cancellation.ts'
import type { Session } from '../../../ports.ts'
import { openMigratingSession } from '../../../postgres/migrating-session.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'

/** The one connection on which migrations run. Prisma’s advisory lock lives in it, so that it lasts as long as any of its statements. */
export interface ApplySession extends Session, AsyncDisposable {
  /** One message of any number of statements. Throws what the driver throws. */
  send(sql: string): Promise<readonly Pick<QueryResult, 'command' | 'rowCount' | 'rows'>[]>
}

export async function openApplySession(
  url: DatabaseUrl,
  settings: Readonly<Record<string, string>>,
  onWarning: (text: string) => void,
  signal: AbortSignal,
): Promise<ApplySession> {
  const session = await openMigratingSession(url, settings, signal, ({ severity, code, message }) => {
    // 25P01: nothing was open that our ROLLBACK would have ended.
    if (severity === 'WARNING' && code !== '25P01' && message !== undefined) onWarning(message)
  })
  return {
    ...session,
    async send(sql) {
      const results: unknown = await unlessCancelled(session.client.query(sql), signal)
      return (Array.isArray(results) ? results : [results]) as readonly QueryResult[]
    },
  }
}

/**
 * For what is done CONCURRENTLY: it waits for everybody who still sees the table, and nobody waits behind it; the lock timeout
 * counts that as well. A limit that the file set for itself stays.
 * Gives the names of those that were changed.
 */
export async function takeYourTime(session: ApplySession, lockTimeoutMs: number): Promise<readonly string[]> {
  const changed = await session.query<{ name: string }>(
    `SELECT name, pg_catalog.set_config(name, CASE name WHEN 'lock_timeout' THEN $1 ELSE '0' END, false)
       FROM pg_catalog.pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') AND setting = reset_val`,
    [`${lockTimeoutMs}ms`],
  )
  return changed.map(({ name }) => name)
}

/** A file begins as if it were the only one of the run. DISCARD ALL would release the lock as well. */
export const forgetSession =
  'SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; DISCARD PLANS; DISCARD SEQUENCES; DISCARD TEMP'
