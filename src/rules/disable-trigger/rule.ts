import { allOf, as } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import { isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'disable-trigger',
  title: 'While a trigger is disabled, nobody checks what it checks',
  group: 'constraint',
  documentation: {
    summary:
      'DISABLE TRIGGER ALL also switches off the triggers that keep foreign keys, and none of it is made up for when they are ' +
      'enabled again: a row without its parent stays. Where it is not enabled again in the same transaction, the writes of the ' +
      'running release go unchecked too.',
    bad: 'ALTER TABLE "User" DISABLE TRIGGER ALL;',
    good: 'ALTER TABLE "User" ENABLE TRIGGER ALL;',
  },
  looksInside: true,
  about: ['AlterTableStmt'],
  check: (context) =>
    context.statements.flatMap((statement) =>
      allOf(as(statement.node, 'AlterTableStmt')?.cmds, 'AlterTableCmd').flatMap(
        (command, clause): readonly Remark[] => {
          if (command.subtype === undefined || !disabling.has(command.subtype)) return []
          const table = statement.effects.locks[0]?.relation
          if (table === undefined || !isInUse(table, statement, context)) return []
          const all = command.subtype === 'AT_DisableTrigAll'
          const name = relation(table, context)
          const which = all ? 'ALL' : command.subtype === 'AT_DisableTrigUser' ? 'USER' : quoted(command.name ?? '')
          const again = enabledAgain(table, statement.index, context)
          if (again && !all) return []
          return [
            {
              statement,
              clause,
              severity: 'warning',
              message: `Switches ${all ? 'all triggers and foreign keys' : which === 'USER' ? 'the triggers' : `the trigger ${which}`} of ${name} off${again ? '' : ' and not on again'}: rows written meanwhile are not checked.`,
              why: `Enabling ${all ? 'them' : 'it'} again checks nothing that was written before${again ? '' : ', and the writes of the running release go unchecked from now on'}.`,
              instead: `BEGIN;\nALTER TABLE ${name} DISABLE TRIGGER ${all ? 'USER' : which};\n-- only what needs it\nALTER TABLE ${name} ENABLE TRIGGER ${all ? 'USER' : which};\nCOMMIT;`,
            },
          ]
        },
      ),
    ),
}

const disabling = new Set(['AT_DisableTrig', 'AT_DisableTrigAll', 'AT_DisableTrigUser'])

function enabledAgain(table: string, after: number, context: RuleContext): boolean {
  return context.statements
    .slice(after + 1)
    .some(
      (later) =>
        later.effects.locks.some((lock) => lock.relation === table) &&
        allOf(as(later.node, 'AlterTableStmt')?.cmds, 'AlterTableCmd').some((one) =>
          one.subtype?.startsWith('AT_Enable'),
        ),
    )
}
