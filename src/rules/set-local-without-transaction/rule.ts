import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'set-local-without-transaction',
  title: 'SET LOCAL protects nobody where each statement is a transaction of its own',
  group: 'transaction',
  documentation: {
    summary:
      'SET LOCAL, SET CONSTRAINTS and SET TRANSACTION hold until the transaction ends. From Prisma 7.4 on each statement of a ' +
      'file is a transaction of its own, so that nothing comes after them: PostgreSQL gives a warning that nobody sees, and a ' +
      'lock_timeout that was set this way limits nothing. Between BEGIN and COMMIT they do what they say.',
    bad: 'SET LOCAL lock_timeout = \'1s\';\nALTER TABLE "User" ADD COLUMN "nickname" TEXT;',
    good: 'BEGIN;\nSET LOCAL lock_timeout = \'1s\';\nALTER TABLE "User" ADD COLUMN "nickname" TEXT;\nCOMMIT;',
  },
  check: ({ statements, execution }) =>
    (execution?.stray ?? []).flatMap(({ statement: index, what, fails }) => {
      const statement = statements[index]
      // What the server refuses blocks the plan.
      if (fails || statement === undefined) return []
      return [
        {
          statement,
          severity: 'warning' as const,
          message: `${what} has no effect here: no transaction is open.`,
          why: `${execution?.because ?? ''} What it was meant to protect runs without it.`,
          instead: `BEGIN;\n${statement.sql};\n-- the statements that it is for\nCOMMIT;`,
        },
      ]
    }),
}
