import { allOf, as } from '../../sql/effects/tree.ts'
import { isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'autovacuum-off',
  title: 'Without autovacuum a table grows and its statistics grow old',
  group: 'lock',
  documentation: {
    summary:
      'With autovacuum_enabled = false dead rows are never cleared away and statistics never renewed: the table grows with each ' +
      'UPDATE, queries get slower plans, and the vacuum that prevents transaction wraparound comes all the same, when there ' +
      'is most to do. Switched off for a bulk load, it has to be switched on in the same migration.',
    bad: 'ALTER TABLE "User" SET (autovacuum_enabled = false);',
    good: 'ALTER TABLE "User" SET (autovacuum_vacuum_scale_factor = 0.02);',
  },
  looksInside: true,
  about: ['AlterTableStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      if (!switches(statement.node, 'off')) return []
      const table = statement.effects.locks[0]?.relation
      if (table === undefined || !isInUse(table, statement, context)) return []
      const again = context.statements
        .slice(statement.index + 1)
        .some((later) => switches(later.node, 'on') && later.effects.locks.some((lock) => lock.relation === table))
      if (again) return []
      const name = relation(table, context)
      return [
        {
          statement,
          severity: 'warning',
          message: `Switches autovacuum of ${name} off for good: dead rows stay, and every query on ${name} gets slower.`,
          why: 'The vacuum against transaction wraparound still comes, and then has everything to do at once.',
          instead: [
            '-- behind the bulk load, in the same migration',
            `ALTER TABLE ${name} RESET (autovacuum_enabled);`,
          ].join('\n'),
        },
      ]
    }),
}

function switches(node: Parameters<typeof as>[0], to: 'on' | 'off'): boolean {
  return allOf(as(node, 'AlterTableStmt')?.cmds, 'AlterTableCmd').some((command) => {
    const option = allOf(as(command.def, 'List')?.items, 'DefElem').find((one) => one.defname === 'autovacuum_enabled')
    if (option === undefined) return false
    if (command.subtype === 'AT_ResetRelOptions') return to === 'on'
    const value =
      as(option.arg, 'String')?.sval ??
      as(option.arg, 'TypeName')
        ?.names?.map((one) => as(one, 'String')?.sval)
        .at(-1)
    const off = /^(false|off|no|0)$/i.test(value ?? String(as(option.arg, 'Integer')?.ival ?? 'true'))
    return command.subtype === 'AT_SetRelOptions' && off === (to === 'off')
  })
}
