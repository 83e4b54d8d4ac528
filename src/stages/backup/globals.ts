import type { Session } from '../../ports.ts'
import { quoteIdentifier, quoteLiteral } from '../../postgres/quoting.ts'

/**
 * What belongs to the database and is in no dump of it: the roles that own or may use something in it, and what is
 * set and granted on the database itself. As SQL to be run by hand or before a restore; never with a password.
 */
export interface Globals {
  readonly roles: readonly string[]
  readonly memberships: readonly string[]
  readonly settings: readonly string[]
  readonly grants: readonly string[]
}

const here = '(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())'

/** Roles that something in this database, or the database itself, depends on; those that every server has are left out. */
const concerned = `
  SELECT r.oid FROM pg_catalog.pg_roles r
   WHERE r.rolname !~ '^pg_'
     AND (r.oid = (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
       OR EXISTS (SELECT FROM pg_catalog.pg_shdepend d
            WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.refobjid = r.oid
              AND (d.dbid = ${here} OR (d.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND d.objid = ${here})))
       OR EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase = ${here} AND s.setrole = r.oid))`

export async function readGlobals(session: Session): Promise<Globals> {
  const roles = await session.query<RoleRow>(
    `SELECT rolname AS name, rolsuper AS "SUPERUSER", rolcreatedb AS "CREATEDB", rolcreaterole AS "CREATEROLE", rolcanlogin AS "LOGIN",
            rolinherit AS "INHERIT", rolreplication AS "REPLICATION", rolbypassrls AS "BYPASSRLS", rolconnlimit AS connections
       FROM pg_catalog.pg_roles WHERE oid IN (${concerned}) ORDER BY rolname`,
  )
  const memberships = await session.query<{ role: string; member: string; admin: boolean }>(
    `SELECT DISTINCT g.rolname AS role, m.rolname AS member, a.admin_option AS admin FROM pg_catalog.pg_auth_members a
       JOIN pg_catalog.pg_roles g ON g.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
      WHERE m.oid IN (${concerned}) AND (g.oid IN (${concerned}) OR g.rolname ~ '^pg_') ORDER BY 1, 2, 3`,
  )
  const settings = await session.query<{ role: string | null; setting: string }>(
    `SELECT r.rolname AS role, u.setting FROM pg_catalog.pg_db_role_setting s
       CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS u (setting, at)
       LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = ${here} ORDER BY r.rolname NULLS FIRST, u.at`,
  )
  const grants = await session.query<{ grantee: string | null; privilege: string; grantable: boolean }>(
    `SELECT r.rolname AS grantee, x.privilege_type AS privilege, x.is_grantable AS grantable FROM pg_catalog.pg_database d
       CROSS JOIN LATERAL pg_catalog.aclexplode(d.datacl) x LEFT JOIN pg_catalog.pg_roles r ON r.oid = x.grantee
      WHERE d.datname = pg_catalog.current_database() AND x.grantee <> d.datdba ORDER BY 1 NULLS FIRST, 2`,
  )
  return {
    roles: roles.map(createRole),
    memberships: memberships.map(
      ({ role, member, admin }) =>
        `GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(member)}${admin ? ' WITH ADMIN OPTION' : ''};`,
    ),
    settings: settings.map(({ role, setting }) => setSetting(role, setting)),
    grants: grants.map(
      ({ grantee, privilege, grantable }) =>
        `GRANT ${privilege} ON DATABASE ${placeholder} TO ${grantee === null ? 'PUBLIC' : quoteIdentifier(grantee)}${grantable ? ' WITH GRANT OPTION' : ''};`,
    ),
  }
}

/** The restored database has another name until somebody gives it the old one. */
const placeholder = 'NEW_DATABASE'

const attributes = ['SUPERUSER', 'CREATEDB', 'CREATEROLE', 'LOGIN', 'INHERIT', 'REPLICATION', 'BYPASSRLS'] as const

type RoleRow = Readonly<Record<(typeof attributes)[number], boolean>> & {
  readonly name: string
  readonly connections: number
}

function createRole(row: RoleRow): string {
  const flags = attributes.map((attribute) => (row[attribute] ? attribute : `NO${attribute}`))
  const limit = row.connections < 0 ? '' : ` CONNECTION LIMIT ${row.connections}`
  return `CREATE ROLE ${quoteIdentifier(row.name)} ${flags.join(' ')}${limit};`
}

/** Settings whose value is a list of names: each is quoted by itself, as pg_dumpall does (manual, ALTER DATABASE). */
const listSettings: ReadonlySet<string> = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'unix_socket_directories',
])

function setSetting(role: string | null, setting: string): string {
  const at = setting.indexOf('=')
  const [name, value] = [setting.slice(0, at), setting.slice(at + 1)]
  // A setting of an application's own (`app.jwt_secret`) may be a secret, and this goes into a file that is not encrypted.
  if (name.includes('.')) {
    const whose = role === null ? 'the database' : `${quoteIdentifier(role)} in the database`
    return `-- not in the backup, because its value may be a secret: ${quoteIdentifier(name)} of ${whose}`
  }
  const who =
    role === null ? `ALTER DATABASE ${placeholder}` : `ALTER ROLE ${quoteIdentifier(role)} IN DATABASE ${placeholder}`
  // The catalog keeps a list as it was written, each name quoted where it has to be.
  const written = listSettings.has(name.toLowerCase()) ? value : quoteLiteral(value)
  return `${who} SET ${quoteIdentifier(name)} TO ${written === '' ? "''" : written};`
}
