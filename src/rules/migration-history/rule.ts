import { splitName } from '../../sql/identifiers.ts'
import type { Rule } from '../rule.ts'

export const rule: Rule = {
  id: 'migration-history',
  title: 'A migration changes the record of which migrations are applied',
  group: 'irreversible',
  documentation: {
    summary:
      'Prisma keeps in `_prisma_migrations` what is applied, Drizzle in `__drizzle_migrations`, the Supabase CLI in ' +
      '`supabase_migrations.schema_migrations`, Airlock in `_airlock_migrations`. A migration that writes into it or drops it ' +
      'makes them run migrations again, or never, on some databases and not on others. With Prisma, corrections belong to ' +
      '`prisma migrate resolve`.',
    bad: 'DELETE FROM "_prisma_migrations" WHERE migration_name = \'20240101000000_init\';',
    good: 'SELECT migration_name FROM "_prisma_migrations";',
  },
  check: (context) =>
    context.statements.flatMap((statement) => {
      const lock = statement.effects.locks.find(
        ({ relation, mode }) => isHistory(splitName(relation)) && mode !== 'AccessShareLock',
      )
      if (lock === undefined) return []
      const { name } = splitName(lock.relation)
      return [
        {
          statement,
          severity: 'error' as const,
          message: `Changes "${name}", the record of which migrations are applied: later deploys skip migrations or run them again.`,
          why:
            name === '_prisma_migrations'
              ? 'Prisma writes into that table while this migration runs, and decides by it alone what is pending.'
              : 'A row is written into that table when this migration ends, and it alone decides what is pending.',
          instead:
            name === '_prisma_migrations'
              ? 'Correct the record with `prisma migrate resolve --applied NAME` or `--rolled-back NAME`, on the database that needs it.'
              : 'Correct the record by hand, on the database that needs it.',
        },
      ]
    }),
}

const tables: ReadonlySet<string> = new Set(['_prisma_migrations', '_airlock_migrations', '__drizzle_migrations'])

function isHistory({ schema, name }: ReturnType<typeof splitName>): boolean {
  return tables.has(name) || (schema === 'supabase_migrations' && name === 'schema_migrations')
}
