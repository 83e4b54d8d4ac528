import { splitName } from '../../sql/identifiers.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'migration-history',
  title: 'A migration changes the record of which migrations are applied',
  group: 'irreversible',
  documentation: {
    summary:
      'Prisma keeps in `_prisma_migrations` what is applied. A migration that writes into it or drops it makes Prisma run ' +
      'migrations again, or never, on some databases and not on others. Corrections belong to `prisma migrate resolve`.',
    bad: 'DELETE FROM "_prisma_migrations" WHERE migration_name = \'20240101000000_init\';',
    good: 'SELECT migration_name FROM "_prisma_migrations";',
  },
  check: (context) =>
    context.statements.flatMap((statement) => {
      const lock = statement.effects.locks.find(
        ({ relation, mode }) => splitName(relation).name === '_prisma_migrations' && mode !== 'AccessShareLock',
      )
      if (lock === undefined) return []
      return [
        {
          statement,
          severity: 'error' as const,
          message:
            'Changes "_prisma_migrations", the record of which migrations are applied: later deploys skip migrations or run them again.',
          why: 'Prisma writes into that table while this migration runs, and decides by it alone what is pending.',
          instead:
            'Correct the record with `prisma migrate resolve --applied NAME` or `--rolled-back NAME`, on the database that needs it.',
        },
      ]
    }),
}
