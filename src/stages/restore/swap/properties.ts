import type { Session } from '../../../ports.ts'
import { withoutMark } from './mark.ts'

/** What a database has besides its contents. It hangs on the database and not on its name, so a rename does not move it. */
export interface DatabaseProperties {
  readonly oid: number
  readonly name: string
  readonly owner: string
  readonly allowsConnections: boolean
  readonly connectionLimit: number
  readonly isTemplate: boolean
  readonly tablespace: string
  readonly comment: string | null
  /** ALTER DATABASE … SET, and ALTER ROLE … IN DATABASE … SET. Values may be secrets: never shown. */
  readonly settings: readonly DatabaseSetting[]
  /** null: nobody granted or revoked anything, so the defaults hold. */
  readonly privileges: readonly Privilege[] | null
  readonly labels: readonly SecurityLabel[]
}

export interface DatabaseSetting {
  readonly role: string | null
  readonly name: string
  readonly value: string
}

export interface Privilege {
  readonly grantor: string
  /** null: PUBLIC */
  readonly grantee: string | null
  readonly privilege: string
  readonly grantable: boolean
}

export interface SecurityLabel {
  readonly provider: string
  readonly label: string
}

type Row = Omit<DatabaseProperties, 'oid' | 'settings' | 'privileges' | 'labels'> & {
  readonly oid: string
  readonly hasPrivileges: boolean
}

/** From any database of the server: these catalogs are shared. undefined: there is no such database. */
export async function readProperties(session: Session, name: string): Promise<DatabaseProperties | undefined> {
  const [row] = await session.query<Row>(
    `SELECT d.oid::text AS oid, d.datname AS name, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
            d.datallowconn AS "allowsConnections", d.datconnlimit AS "connectionLimit", d.datistemplate AS "isTemplate",
            t.spcname AS tablespace, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
            d.datacl IS NOT NULL AS "hasPrivileges"
       FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = $1`,
    [name],
  )
  if (row === undefined) return undefined
  const { hasPrivileges, ...rest } = row
  return {
    ...rest,
    oid: Number(row.oid),
    comment: withoutMark(row.comment),
    settings: await session.query<DatabaseSetting>(settingsSql, [row.oid]),
    privileges: hasPrivileges ? await session.query<Privilege>(privilegesSql, [row.oid]) : null,
    labels: await session.query<SecurityLabel>(labelsSql, [row.oid]),
  }
}

const settingsSql = `
SELECT r.rolname AS role, pg_catalog.split_part(c.entry, '=', 1) AS name,
       pg_catalog.substr(c.entry, pg_catalog.strpos(c.entry, '=') + 1) AS value
  FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
       pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS c(entry, place)
 WHERE s.setdatabase = $1::oid ORDER BY r.rolname NULLS FIRST, c.place`

const privilegesSql = `
SELECT pg_catalog.pg_get_userbyid(a.grantor) AS grantor,
       CASE a.grantee WHEN 0 THEN NULL ELSE pg_catalog.pg_get_userbyid(a.grantee) END AS grantee,
       a.privilege_type AS privilege, a.is_grantable AS grantable
  FROM pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a WHERE d.oid = $1::oid
 ORDER BY 1, 2 NULLS FIRST, 3`

const labelsSql = `
SELECT provider, label FROM pg_catalog.pg_shseclabel
 WHERE classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND objoid = $1::oid ORDER BY provider`
