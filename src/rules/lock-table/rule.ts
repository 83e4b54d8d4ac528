import { blocksReads, blocksWrites, isInUse } from '../in-use.ts'
import { relations } from '../naming.ts'
import type { Remark, Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'lock-table',
  title: 'LOCK TABLE stops others until the migration ends',
  group: 'lock',
  documentation: {
    summary:
      'LOCK TABLE without a mode takes ACCESS EXCLUSIVE: nobody can even read until the transaction ends. Every statement takes ' +
      'the lock that it needs by itself. Taken ahead it makes sense to fail early, with NOWAIT or a lock_timeout, and in an ' +
      'order that all transactions keep.',
    bad: 'LOCK TABLE "User";',
    good: 'LOCK TABLE "User" IN ROW EXCLUSIVE MODE;',
  },
  about: ['LockStmt'],
  check: (context) =>
    context.statements.flatMap((statement): readonly Remark[] => {
      if (statement.kind !== 'LockStmt') return []
      const tables = statement.effects.locks
        .map((lock) => lock.relation)
        .filter((table) => isInUse(table, statement, context) && blocksWrites(table, statement))
      if (tables.length === 0) return []
      const reads = tables.some((table) => blocksReads(table, statement))
      const nowait = /\bnowait\s*$/i.test(statement.sql)
      return [
        {
          statement,
          severity: 'warning',
          message: `Locks ${relations(tables, context)}: nobody can ${reads ? 'read or write' : 'write'} ${tables.length > 1 ? 'them' : 'it'} until the transaction ends.`,
          why: nowait
            ? 'It is held for as long as all statements after it take.'
            : 'While it waits for its turn, every query that arrives queues behind it; then it is held for as long as all statements after it take.',
          instead: nowait
            ? 'Leave it out where the statements after it take the lock that they need by themselves, and keep them few and short.'
            : [
                'BEGIN;',
                "SET LOCAL lock_timeout = '2s';",
                `${statement.sql};`,
                '-- only what needs the lock',
                'COMMIT;',
              ].join('\n'),
        },
      ]
    }),
}
