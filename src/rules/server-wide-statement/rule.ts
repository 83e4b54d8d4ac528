import { allOf, as } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import type { Severity } from '../finding.ts'
import type { AnalysedStatement, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'server-wide-statement',
  title: 'Roles, databases and server settings are outside of what a backup of the database holds',
  group: 'irreversible',
  documentation: {
    summary:
      'Roles, databases, tablespaces and ALTER SYSTEM belong to the whole server: other databases on it are affected, a dump of ' +
      'this database does not contain them, and restoring it does not take them back. Managed services mostly refuse them. They ' +
      'belong in the tool that sets up the server.',
    bad: 'CREATE ROLE reporting LOGIN SUPERUSER;',
    good: 'GRANT SELECT ON "User" TO reporting;',
  },
  looksInside: true,
  about: ['CreateRoleStmt', 'AlterRoleStmt', 'DropRoleStmt', 'DropdbStmt', 'CreatedbStmt', 'AlterSystemStmt'],
  check: (context) =>
    context.statements.flatMap((statement) => {
      const what = whatOf(statement)
      if (what === undefined) return []
      return [
        {
          statement,
          severity: what.severity,
          message: `${what.message} on the whole server, for all of its databases.`,
          why: 'It is not part of a backup of this database, and neither an undo nor a restore takes it back. The role that migrates rarely may do it.',
          instead:
            'Do it where the server is set up (its provisioning code, or once by hand as an administrator), and grant in the migration only what the roles may do here.',
        },
      ]
    }),
}

function whatOf({ node }: AnalysedStatement): { readonly message: string; readonly severity: Severity } | undefined {
  const created = as(node, 'CreateRoleStmt')
  const altered = as(node, 'AlterRoleStmt')
  const role = created?.role ?? altered?.role?.rolename
  if (role !== undefined) {
    const powers = allOf(created?.options ?? altered?.options, 'DefElem')
      .filter((one) => one.defname === 'superuser' || one.defname === 'bypassrls')
      .filter((one) => as(one.arg, 'Boolean')?.boolval === true)
    const power = powers.length > 0 ? ', with rights that no grant and no policy limits,' : ''
    return {
      message: `${created === undefined ? 'Changes' : 'Creates'} the role ${quoted(role)}${power}`,
      severity: 'warning',
    }
  }
  if (as(node, 'DropRoleStmt') !== undefined) return { message: 'Drops a role', severity: 'warning' }
  const database = as(node, 'DropdbStmt')?.dbname
  if (database !== undefined)
    return { message: `Drops the database ${quoted(database)} with everything in it`, severity: 'error' }
  const made = as(node, 'CreatedbStmt')?.dbname
  if (made !== undefined) return { message: `Creates the database ${quoted(made)}`, severity: 'warning' }
  const setting = as(node, 'AlterSystemStmt')?.setstmt?.name
  if (as(node, 'AlterSystemStmt') !== undefined)
    return { message: `Changes the setting ${setting ?? 'of every name'}`, severity: 'warning' }
  return undefined
}
