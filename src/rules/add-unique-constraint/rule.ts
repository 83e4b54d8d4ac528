import { beside } from '../../sql/catalog/names.ts'
import { quoted } from '../../sql/identifiers.ts'
import { isEmpty } from '../empty.ts'
import { changesOf, isInUse, type Located } from '../in-use.ts'
import { columnList, relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

const words = { primary: 'primary key', unique: 'unique constraint', exclusion: 'exclusion constraint' } as const

export const rule: Rule = {
  id: 'add-unique-constraint',
  title: 'Adding a unique constraint or primary key stops reads and writes while its index is built',
  group: 'constraint',
  documentation: {
    summary:
      'ADD UNIQUE and ADD PRIMARY KEY build an index under ACCESS EXCLUSIVE: nobody can read the table until it is done, and ' +
      'the migration fails if two rows are equal. Build the index CONCURRENTLY first and turn it into the constraint.',
    bad: 'ALTER TABLE "User" ADD CONSTRAINT "User_email_key" UNIQUE ("email");',
    good: 'CREATE UNIQUE INDEX CONCURRENTLY "User_email_key" ON "User" ("email");',
  },
  growsWithTable: true,
  about: ['add-constraint'],
  check: (context) => changesOf(context, 'add-constraint').flatMap((located) => remark(located, context)),
}

function remark({ statement, change }: Located<'add-constraint'>, context: RuleContext): readonly Remark[] {
  const { constraint, table, clause } = change
  const { kind } = constraint
  if (kind !== 'primary' && kind !== 'unique' && kind !== 'exclusion') return []
  if (change.usingIndex !== undefined || !isInUse(table, statement, context)) return []
  if (isEmpty(table, statement, context)) return []
  const name = relation(table, context)
  const columns = columnList(constraint.columns)
  // The old index may still be there under that name; the constraint renames the new one anyway.
  const taken = context.catalogBefore.relations.has(beside(table, constraint.name))
  const index = quoted(taken ? `${constraint.name}_new` : constraint.name)
  const fails = kind === 'exclusion' ? 'two rows conflict' : 'two rows have the same values'
  return [
    {
      statement,
      clause,
      relation: table,
      severity: 'warning',
      mayFail: true,
      message: `Adds the ${words[kind]} ${quoted(constraint.name)}: nobody can read or write ${name} until its index is built, and it fails if ${fails}.`,
      why: 'The index is built under ACCESS EXCLUSIVE, which is held until the transaction ends; every query that arrives meanwhile queues behind it.',
      instead:
        kind === 'exclusion'
          ? `An exclusion constraint cannot be built while others write: run this migration when ${name} is not in use, with a lock_timeout.`
          : [
              '-- what must come out empty',
              `SELECT ${columns} FROM ${name} GROUP BY ${columns} HAVING count(*) > 1;`,
              '-- alone in a migration of its own: builds while everybody works on',
              `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${name} (${columns});`,
              '-- in the next migration',
              `ALTER TABLE ${name} ADD CONSTRAINT ${quoted(constraint.name)} ${kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${index};`,
            ].join('\n'),
    },
  ]
}
