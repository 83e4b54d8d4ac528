import { as, strings } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import { isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'create-trigger',
  title: 'A new trigger runs with every write of the release that is running',
  group: 'application-compatibility',
  documentation: {
    summary:
      'From the moment it commits, the function of a trigger runs with the writes of the release that is running, which was ' +
      'never tested with it: what it refuses or fails on fails there, and what it takes is added to every write. Prisma does ' +
      'not show triggers in schema.prisma, so nobody sees it there either.',
    bad: 'CREATE TRIGGER audit AFTER UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION note_change();',
    good: 'CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;',
  },
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      const node = as(statement.node, 'CreateTrigStmt')
      const change = statement.changes.find((one) => one.kind === 'add-trigger')
      if (node === undefined || change?.kind !== 'add-trigger') return []
      if (!isInUse(change.table, statement, context)) return []
      const known = context.catalogBefore.relations.get(change.table)
      // CREATE OR REPLACE of one that is there already.
      if (known?.kind === 'table' && known.triggers.has(change.name)) return []
      const called = strings(node.funcname).map(quoted).join('.')
      const name = relation(change.table, context)
      return [
        {
          statement,
          severity: 'notice',
          message: `Runs ${called}() with writes to ${name} from now on: where it fails or is slow, the writes of the running release are.`,
          why: `${node.row === true ? 'It runs once for each row, also for every row of an UPDATE in a later migration. ' : ''}Schema.prisma does not show it.`,
          instead: [
            '-- the way back, at once and without a deploy',
            `ALTER TABLE ${name} DISABLE TRIGGER ${quoted(change.name)};`,
          ].join('\n'),
        },
      ]
    }),
}
