import { FailureError } from '../../../errors.ts'
import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import type { NeededRole } from './decide-roles.ts'

/** Creates those that are not there, as nobody who could log in, and says of each that it was created. */
export async function createRoles(
  admin: Session,
  needed: readonly NeededRole[],
  onCreated: (name: string) => void,
): Promise<void> {
  const there = await admin.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles')
  const known = new Set(there.map(({ name }) => name))
  const [me] = await admin.query<{ superuser: boolean }>(
    'SELECT rolsuper AS superuser FROM pg_catalog.pg_roles WHERE rolname = current_user',
  )
  for (const { name, superuser } of needed) {
    if (known.has(name)) continue
    const attributes = superuser && me?.superuser === true ? 'NOLOGIN SUPERUSER' : 'NOLOGIN'
    await admin.query(`CREATE ROLE ${quoteIdentifier(name)} ${attributes}`)
    onCreated(name)
  }
}

/** One that is in use by now belongs to somebody else as well, and stays. */
export async function dropRoles(admin: Session, created: readonly string[]): Promise<void> {
  for (const name of created) {
    try {
      await admin.query(`DROP ROLE IF EXISTS ${quoteIdentifier(name)}`)
    } catch (thrown) {
      if (!(thrown instanceof FailureError) || thrown.failure.code !== 'DATABASE.QUERY_FAILED') throw thrown
    }
  }
}
