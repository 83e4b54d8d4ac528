import { allOf, as } from '../../sql/effects/tree.ts'
import { isInUse } from '../in-use.ts'
import { relation } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'unlogged-table',
  title: 'An UNLOGGED table is empty after a crash and on every replica',
  group: 'destructive',
  documentation: {
    summary:
      'PostgreSQL does not write the rows of an UNLOGGED table to the write-ahead log: after a crash or a failover the table is ' +
      'empty, replicas never have its rows, and a physical backup restores it empty. That suits a cache and nothing else.',
    bad: 'ALTER TABLE "User" SET UNLOGGED;',
    good: 'ALTER TABLE "User" SET (fillfactor = 90);',
  },
  looksInside: true,
  about: ['CreateStmt', 'AlterTableStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      const created = as(statement.node, 'CreateStmt')?.relation
      if (created?.relpersistence === 'u') {
        const made = statement.changes.find((change) => change.kind === 'create-table')
        if (made?.kind !== 'create-table') return []
        const name = relation(made.table.name, context)
        return [
          {
            statement,
            severity: 'notice',
            message: `Creates ${name} UNLOGGED: its rows are gone after a crash or a failover.`,
            why: 'They are not in the write-ahead log, so neither recovery nor a replica nor a physical backup has them.',
            instead: `ALTER TABLE ${name} SET LOGGED;`,
          },
        ]
      }
      const commands = allOf(as(statement.node, 'AlterTableStmt')?.cmds, 'AlterTableCmd')
      const clause = commands.findIndex((command) => command.subtype === 'AT_SetUnLogged')
      const table = clause < 0 ? undefined : statement.effects.locks[0]?.relation
      if (table === undefined || !isInUse(table, statement, context)) return []
      const known = context.catalogBefore.relations.get(table)
      if (known?.kind === 'table' && known.unlogged) return []
      const name = relation(table, context)
      return [
        {
          statement,
          clause,
          severity: 'error',
          message: `Makes ${name} UNLOGGED: all of its rows are gone after the next crash or failover, and on every replica at once.`,
          why: 'They are no longer in the write-ahead log, so neither recovery nor a replica nor a physical backup has them.',
          instead: `-- to write less for a while, for this session only, and only where the last commits may be lost in a crash\nSET synchronous_commit = off;`,
        },
      ]
    }),
}
