import type { GrantStmt } from 'libpg-query'
import { as, kindOf, nameParts, rangeVarParts } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'grant-to-public',
  title: 'A grant to PUBLIC is for every role there is and will be',
  group: 'security',
  documentation: {
    summary:
      'PUBLIC is every role of the server, also the ones created later and those that other applications sign in with. A grant ' +
      'to PUBLIC therefore shows or opens the object to all of them. Name the roles that need it, or a group role.',
    bad: 'GRANT SELECT ON "User" TO PUBLIC;',
    good: 'GRANT SELECT ON "User" TO reporting;',
  },
  looksInside: true,
  about: ['GrantStmt', 'AlterDefaultPrivilegesStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      const grant = as(statement.node, 'GrantStmt') ?? as(statement.node, 'AlterDefaultPrivilegesStmt')?.action
      if (grant?.is_grant !== true || !toPublic(grant)) return []
      const later = statement.kind === 'AlterDefaultPrivilegesStmt'
      const what = privilegesOf(grant)
      return [
        {
          statement,
          severity: 'warning',
          message: `Grants ${what} on ${later ? 'everything created from now on' : objectsOf(grant)} to PUBLIC: every role of the server has it, also those created later.`,
          why: 'Nothing that is granted to PUBLIC can be kept from a single role, because there is no way to deny what PUBLIC has.',
          instead: `${statement.sql.replace(/\bto\s+(.*\s*,\s*)?public\b/i, 'TO application')};`,
        },
      ]
    }),
}

function toPublic(grant: GrantStmt): boolean {
  return (grant.grantees ?? []).some((one) => as(one, 'RoleSpec')?.roletype === 'ROLESPEC_PUBLIC')
}

function privilegesOf(grant: GrantStmt): string {
  const names = (grant.privileges ?? []).map((one) => (as(one, 'AccessPriv')?.priv_name ?? 'all').toUpperCase())
  return names.length === 0 ? 'all privileges' : names.join(', ')
}

function objectsOf(grant: GrantStmt): string {
  const names = (grant.objects ?? []).map((object) => {
    const range = as(object, 'RangeVar')
    return (range === undefined ? nameParts(object) : rangeVarParts(range)).map(quoted).join('.')
  })
  if (grant.targtype === 'ACL_TARGET_ALL_IN_SCHEMA') return `everything in ${names.join(', ')}`
  return names.every((name) => name !== '') ? names.join(', ') : kindOf(grant.objects?.[0])
}
