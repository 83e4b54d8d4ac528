import { quoteIdentifier, quoteLiteral } from '../../../postgres/quoting.ts'
import type { DatabaseProperties, DatabaseSetting, Privilege } from './properties.ts'

/** One step of giving a database what another one has. `what` names it in a message; the SQL may contain a secret. */
export interface CarryStep {
  readonly what: string
  readonly sql: readonly string[]
}

/**
 * Everything but the comment, which goes with the renames. Can be repeated: what is there is taken away first. Privileges
 * after the owner, because a change of owner rewrites them.
 */
export function carryOver(from: DatabaseProperties, to: DatabaseProperties): readonly CarryStep[] {
  const name = quoteIdentifier(to.name)
  const alter = (what: string, clause: string): CarryStep => ({ what, sql: [`ALTER DATABASE ${name} ${clause}`] })
  return [
    ...(to.tablespace === from.tablespace
      ? []
      : [alter(`tablespace ${from.tablespace}`, `SET TABLESPACE ${quoteIdentifier(from.tablespace)}`)]),
    ...resetSteps(to),
    ...from.settings.map((setting) => settingStep(setting, to.name)),
    ...from.labels.map(({ provider, label }) => ({
      what: `security label of ${provider}`,
      sql: [`SECURITY LABEL FOR ${quoteIdentifier(provider)} ON DATABASE ${name} IS ${quoteLiteral(label)}`],
    })),
    ...(to.connectionLimit === from.connectionLimit
      ? []
      : [alter('connection limit', `CONNECTION LIMIT ${from.connectionLimit}`)]),
    ...(to.isTemplate === from.isTemplate ? [] : [alter('IS_TEMPLATE', `IS_TEMPLATE ${from.isTemplate}`)]),
    ...(to.owner === from.owner ? [] : [alter(`owner ${from.owner}`, `OWNER TO ${quoteIdentifier(from.owner)}`)]),
    ...privilegeSteps(from, to),
  ]
}

function resetSteps({ name, settings }: DatabaseProperties): readonly CarryStep[] {
  const roles = [...new Set(settings.map(({ role }) => role))]
  return roles.map((role) => ({
    what: `settings of ${role ?? 'the database'}`,
    sql: [`${alterFor(role, name)} RESET ALL`],
  }))
}

function alterFor(role: string | null, database: string): string {
  return role === null
    ? `ALTER DATABASE ${quoteIdentifier(database)}`
    : `ALTER ROLE ${quoteIdentifier(role)} IN DATABASE ${quoteIdentifier(database)}`
}

function settingStep({ role, name, value }: DatabaseSetting, database: string): CarryStep {
  // The name of a setting of an extension has a dot in it: two names, not one.
  const quoted = name.split('.').map(quoteIdentifier).join('.')
  return {
    what: `setting ${name}${role === null ? '' : ` of the role ${role}`}`,
    sql: [`${alterFor(role, database)} SET ${quoted} TO ${settingValue(name, value)}`],
  }
}

/** Lists of names are stored as the names were quoted, so as one text they would be one name (pg_dump knows the same six, dumputils.c of 14 to 18). */
const listsOfNames: ReadonlySet<string> = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

function settingValue(name: string, value: string): string {
  if (!listsOfNames.has(name.toLowerCase())) return quoteLiteral(value).trim()
  const names = [...value.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+/g)].map(([whole, inner]) =>
    inner === undefined ? whole : inner.replaceAll('""', '"'),
  )
  return names.length === 0 ? "''" : names.map((part) => quoteLiteral(part).trim()).join(', ')
}

function privilegeSteps(from: DatabaseProperties, to: DatabaseProperties): readonly CarryStep[] {
  if (from.privileges === null && to.privileges === null) return []
  const name = quoteIdentifier(to.name)
  // Of all who have something on either side; what one of them granted on goes with it.
  const holders = [...(to.privileges ?? []), { grantee: from.owner }, { grantee: to.owner }].flatMap(({ grantee }) =>
    grantee === null ? [] : [quoteIdentifier(grantee)],
  )
  const revoke = `REVOKE ALL ON DATABASE ${name} FROM ${['PUBLIC', ...new Set(holders)].join(', ')} CASCADE`
  // An empty list of privileges has no other spelling than the default, which is what a new database has.
  const wanted = from.privileges ?? defaultPrivileges(from.owner)
  return [
    { what: 'privileges', sql: [revoke] },
    ...inGrantingOrder(wanted, from.owner).map((privilege) => ({
      what: `privilege ${privilege.privilege} of ${privilege.grantee ?? 'PUBLIC'}`,
      sql: grantSql(privilege, name, from.owner),
    })),
  ]
}

/** What the server takes for granted where nothing was (manual, 5.8). */
export function defaultPrivileges(owner: string): readonly Privilege[] {
  const by = { grantor: owner, grantable: false }
  return [
    { ...by, grantee: null, privilege: 'CONNECT' },
    { ...by, grantee: null, privilege: 'TEMPORARY' },
    { ...by, grantee: owner, privilege: 'CONNECT' },
    { ...by, grantee: owner, privilege: 'CREATE' },
    { ...by, grantee: owner, privilege: 'TEMPORARY' },
  ]
}

/** Who grants must have been granted it before. */
function inGrantingOrder(privileges: readonly Privilege[], owner: string): readonly Privilege[] {
  const ordered: Privilege[] = []
  let waiting = privileges
  while (waiting.length > 0) {
    const mayGrant = ({ grantor, privilege }: Privilege) =>
      grantor === owner ||
      ordered.some((given) => given.grantable && given.grantee === grantor && given.privilege === privilege)
    const ready = waiting.filter(mayGrant)
    // A circle cannot be made by GRANT; whatever it is, the server says what is wrong with it.
    ordered.push(...(ready.length === 0 ? waiting : ready))
    waiting = ready.length === 0 ? [] : waiting.filter((privilege) => !ready.includes(privilege))
  }
  return ordered
}

function grantSql(
  { grantor, grantee, privilege, grantable }: Privilege,
  name: string,
  owner: string,
): readonly string[] {
  const to = grantee === null ? 'PUBLIC' : quoteIdentifier(grantee)
  const grant = `GRANT ${privilege} ON DATABASE ${name} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''}`
  return grantor === owner ? [grant] : [`SET ROLE ${quoteIdentifier(grantor)}`, grant, 'RESET ROLE']
}

/** Names what is not the same, without any value. The names, OIDs and comments differ by what they are. */
export function differencesBetween(wanted: DatabaseProperties, found: DatabaseProperties): readonly string[] {
  const settings = ({ settings: of }: DatabaseProperties) =>
    new Map(of.map(({ role, name, value }) => [`setting ${name}${role === null ? '' : ` of the role ${role}`}`, value]))
  const labels = ({ labels: of }: DatabaseProperties) =>
    new Map(of.map(({ provider, label }) => [`security label of ${provider}`, label]))
  const privileges = ({ privileges: of, owner }: DatabaseProperties) =>
    new Map(
      (of ?? defaultPrivileges(owner)).map(({ grantor, grantee, privilege, grantable }) => [
        `privilege ${privilege} of ${grantee ?? 'PUBLIC'} from ${grantor}`,
        grantable,
      ]),
    )
  return [
    ...(wanted.owner === found.owner ? [] : ['owner']),
    ...(wanted.tablespace === found.tablespace ? [] : ['tablespace']),
    ...(wanted.connectionLimit === found.connectionLimit ? [] : ['connection limit']),
    ...(wanted.isTemplate === found.isTemplate ? [] : ['IS_TEMPLATE']),
    ...[settings, privileges, labels].flatMap((of) => different<unknown>(of(wanted), of(found))),
  ]
}

function different<Value>(wanted: ReadonlyMap<string, Value>, found: ReadonlyMap<string, Value>): readonly string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].filter((key) => wanted.get(key) !== found.get(key))
}
