import { as } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import type { Remark, Rule } from '../rule.ts'
import { trustedExtensions } from './trusted.ts'

export const rule: Rule = {
  id: 'create-extension',
  title: 'An extension that only a superuser may create',
  group: 'security',
  documentation: {
    summary:
      'Only extensions that are marked as trusted can be created by a role that may create in the database; all others need a ' +
      'superuser, or a managed service that allows them, and their files have to be on the server. On a developer machine that ' +
      'never shows. Have an administrator create it before, and keep IF NOT EXISTS in the migration.',
    bad: 'CREATE EXTENSION IF NOT EXISTS postgis;',
    good: 'CREATE EXTENSION IF NOT EXISTS pgcrypto;',
  },
  looksInside: true,
  about: ['CreateExtensionStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      const name = as(statement.node, 'CreateExtensionStmt')?.extname
      if (name === undefined || trustedExtensions.has(name)) return []
      return [
        {
          statement,
          severity: 'notice',
          message: `Creates the extension ${quoted(name)}: it fails unless the role that migrates is a superuser or the service allows it.`,
          why: 'It is not among the extensions that PostgreSQL itself marks as trusted, and its files have to be installed on the server.',
          instead: [
            '-- what must come out with one row, on the server of production',
            `SELECT name, default_version, installed_version FROM pg_available_extensions WHERE name = '${name.replaceAll("'", "''")}';`,
            '-- once, as an administrator',
            `CREATE EXTENSION IF NOT EXISTS ${quoted(name)};`,
          ].join('\n'),
        },
      ]
    }),
}
