import { as, strings } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import { isInUse } from '../in-use.ts'
import { relations } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'domain-constraint',
  title: 'A constraint of a domain is checked against every table that uses it',
  group: 'constraint',
  documentation: {
    summary:
      'ALTER DOMAIN … ADD CONSTRAINT, and SET NOT NULL, read every table with a column of the domain under a lock against ' +
      'writes, one after the other in one transaction. Added NOT VALID a constraint goes for new values at once, and ' +
      'VALIDATE CONSTRAINT can wait for a quiet hour.',
    bad: "ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%');",
    good: "CREATE DOMAIN email AS TEXT CHECK (VALUE LIKE '%@%');",
  },
  growsWithTable: true,
  looksInside: true,
  about: ['AlterDomainStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      const node = as(statement.node, 'AlterDomainStmt')
      if (node === undefined || !['C', 'O', 'V'].includes(node.subtype ?? '')) return []
      const tables = statement.effects.scans.filter((table) => isInUse(table, statement, context))
      if (tables.length === 0 && !statement.effects.unknown) return []
      const domain = strings(node.typeName).map(quoted).join('.')
      const where = tables.length > 0 ? relations(tables, context) : `every table with a column of ${domain}`
      const constraint = as(node.def, 'Constraint')?.conname
      const adds = node.subtype === 'C' && constraint !== undefined
      return [
        {
          statement,
          relation: tables.length === 1 ? tables[0] : undefined,
          severity: 'warning',
          message: `Checks every value of the domain ${domain}: writes to ${where} wait until all rows have been read.`,
          why: 'Each table is locked with SHARE before it is read, and all locks are held until the transaction ends.',
          instead: adds
            ? [
                `${statement.sql} NOT VALID;`,
                '-- in a later migration, at a quiet hour: it takes the same lock',
                `ALTER DOMAIN ${domain} VALIDATE CONSTRAINT ${quoted(constraint)};`,
              ].join('\n')
            : 'A CHECK on the columns, added NOT VALID and validated later, proves the same while everybody works on.',
        },
      ]
    }),
}
