import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import type { ServerNotice, SubjectSession } from './subject.ts'

/**
 * `pg_stat_database.temp_bytes` comes when a transaction is over (15 to 18) or half a second late (14). With `log_temp_files` the
 * server says the size of every temporary file as it removes it, and with `client_min_messages` it says so to the session
 * itself: at once, statement by statement, on 14 to 18.
 */
export class TemporaryBytes {
  #bytes = 0

  take({ routine, message }: ServerNotice): void {
    if (routine !== 'ReportTemporaryFileUsage') return
    // The message may be in any language; the size is its last number.
    this.#bytes += Number(/(\d+)\D*$/.exec(message)?.[1] ?? 0)
  }

  /** Since it was asked last. */
  since(): number {
    const bytes = this.#bytes
    this.#bytes = 0
    return bytes
  }
}

const settings = ['log_temp_files', 'client_min_messages'] as const

/**
 * Only a superuser may set `log_temp_files`, and the migrations run as somebody else: so it is set for the database while the
 * session opens, and stays with the session, where RESET comes back to it.
 */
export async function whileSayingTemporaryFiles<Opened>(
  witness: Session,
  open: () => Promise<Opened>,
): Promise<Opened> {
  const [here] = await witness.query<{ name: string; may: boolean; taken: boolean }>(
    `SELECT d.datname AS name, r.rolsuper AS may,
            EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) c
                     WHERE s.setdatabase = d.oid AND s.setrole = 0 AND pg_catalog.split_part(c, '=', 1) = ANY ($1)) AS taken
       FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
      WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user`,
    [settings],
  )
  if (here === undefined || !here.may || here.taken) return open()
  const database = `ALTER DATABASE ${quoteIdentifier(here.name)}`
  await witness.query(`${database} SET log_temp_files = 0`)
  await witness.query(`${database} SET client_min_messages = log`)
  try {
    return await open()
  } finally {
    for (const name of settings) await witness.query(`${database} RESET ${name}`)
  }
}

/** Why they are not said, where they are not. */
export async function temporaryFilesUnsaid(subject: SubjectSession): Promise<string | undefined> {
  const [row] = await subject.query<{ logged: string; level: string }>(
    `SELECT pg_catalog.current_setting('log_temp_files') AS logged, pg_catalog.current_setting('client_min_messages') AS level`,
  )
  if (row?.logged !== '0')
    return 'temporaryBytes: only a superuser can have the server say how large its temporary files are'
  if (!/^(?:log|debug\d)$/.test(row.level)) return 'temporaryBytes: client_min_messages is set to something else'
  return undefined
}
