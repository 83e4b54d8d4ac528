import { randomBytes } from 'node:crypto'
import { messageOf } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { quoteIdentifier, quoteLiteral } from '../quoting.ts'

/**
 * Databases on a server that is not ours alone. Each is named by a random number; the session that made it holds an
 * advisory lock on that number for as long as its run lives, and a comment says whose it is. One that has the comment
 * and no lock belongs to a run that is dead. Locks are those of one database, so the comment names it too.
 */

const prefix = 'airlock_scratch_'
const mark = 'Made by Airlock to prove a backup; dropped with its run.'

export interface ScratchDatabase extends AsyncDisposable {
  readonly name: string
}

export async function createScratchDatabase(
  admin: Session,
  sqlFor: (name: string) => string,
  onProgress: (text: string) => void,
): Promise<ScratchDatabase> {
  const key = randomBytes(8)
  const name = `${prefix}${key.toString('hex')}`
  // Before the database: without the lock the next run would take it for one of the dead.
  await admin.query('SELECT pg_catalog.pg_advisory_lock($1::bigint)', [String(key.readBigInt64BE())])
  const drop = async () => {
    await admin.query(dropSql(name))
    await admin.query('SELECT pg_catalog.pg_advisory_unlock($1::bigint)', [String(key.readBigInt64BE())])
  }
  try {
    await admin.query(sqlFor(name))
    await admin.query(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteLiteral(mark)}`)
  } catch (thrown) {
    await drop().catch(() => undefined)
    throw thrown
  }
  return {
    name,
    [Symbol.asyncDispose]: () =>
      drop().catch((thrown: unknown) => onProgress(`${name} could not be dropped: ${messageOf(thrown)}`)),
  }
}

/** Without the right to create databases a restore would only fail later, after the dump. */
export async function mayCreateDatabases(admin: Session): Promise<boolean> {
  const [row] = await admin.query<{ may: boolean }>(
    'SELECT rolcreatedb OR rolsuper AS may FROM pg_catalog.pg_roles WHERE rolname = current_user',
  )
  return row?.may === true
}

function dropSql(name: string): string {
  return `DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`
}

/** Drops what runs that were killed left here; returns the names. What is not marked, locked or not ours stays. */
export async function dropDatabasesOfTheDead(admin: Session): Promise<readonly string[]> {
  // Locks of every database are shown (manual, 53.12), so it does not matter which one the other run is connected to.
  const left = await admin.query<{ name: string }>(
    `SELECT d.datname AS name FROM pg_catalog.pg_database d
      WHERE d.datname ~ '^${prefix}[0-9a-f]{16}$'
        AND pg_catalog.shobj_description(d.oid, 'pg_database') = $1
        AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_locks l
           WHERE l.locktype = 'advisory' AND l.objsubid = 1
             AND pg_catalog.lpad(pg_catalog.to_hex(l.classid::bigint), 8, '0') || pg_catalog.lpad(pg_catalog.to_hex(l.objid::bigint), 8, '0')
                 = pg_catalog.right(d.datname, 16))`,
    [mark],
  )
  for (const { name } of left) await admin.query(dropSql(name))
  return left.map(({ name }) => name)
}
