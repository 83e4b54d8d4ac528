import { createHash } from 'node:crypto'
import { atomicFile } from '../../../../src/migrations/atomic-steps.ts'
import { prismaHistory } from '../../../../src/migrations/prisma-history.ts'
import { readCatalog } from '../../../../src/postgres/catalog.ts'
import { connect } from '../../../../src/postgres/connection.ts'
import { takePrismaLock } from '../../../../src/postgres/deploy-lock.ts'
import { type DatabaseUrl, parseDatabaseUrl } from '../../../../src/postgres/url.ts'
import { readConnectionUrl } from '../../../../src/prisma-engine/connection-url.ts'
import { modelsFor } from '../../../../src/prisma-engine/execution.ts'
import { openSession } from '../../../../src/prisma-engine/session.ts'
import { applyFile } from '../../../../src/stages/apply/atomic/apply-file.ts'
import { openApplySession } from '../../../../src/stages/apply/atomic/session.ts'

/** The same migrations in two databases, once by Prisma's own engine and once by ours, and what is there then. */

export interface NamedSql {
  readonly name: string
  readonly sql: string
}

export async function applyWithPrisma(
  url: string,
  migrations: readonly NamedSql[],
  prismaVersion = '7.10.1',
): Promise<void> {
  const models = modelsFor(prismaVersion)
  const target = { main: readConnectionUrl(url), shadow: undefined }
  const session = await openSession(target, [], () => models)
  try {
    await session.call('applyMigrations', {
      migrationsList: {
        baseDir: '/migrations',
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      filters: { externalTables: [], externalEnums: [] },
    })
  } finally {
    await session.dispose()
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export async function applyAtomically(url: string, migrations: readonly NamedSql[]): Promise<void> {
  const signal = new AbortController().signal
  await using session = await openApplySession(parsed(url), {}, () => undefined, signal)
  await takePrismaLock(session, { waitMs: 0, onWait: () => undefined, signal })
  const history = prismaHistory('public')
  for (const statement of history.create(true)) await session.query(statement)
  for (const { name, sql } of migrations) {
    const file = atomicFile(sql)
    if (file.kind === 'unsupported') throw new Error(`${name}: ${file.what}`)
    const migration = { name, sql, checksum: sha256(sql) } as Parameters<typeof applyFile>[0]['migration']
    await applyFile(
      { migration, history, steps: file.steps, resume: undefined },
      { session, sha256, attempt: (work) => work(), onStep: () => undefined, gentleLockTimeoutMs: 2_000 },
    ).catch((error: unknown) => {
      throw new Error(
        `${name}: ${error instanceof Error && error.cause instanceof Error ? error.cause.message : error}`,
      )
    })
  }
}

/** A line for everything that is the same whoever applied it: the schema with the order of columns, comments, privileges, how many rows, and the history but for its ids and times. */
export async function whatIsThere(url: string): Promise<readonly string[]> {
  await using session = await connect(parsed(url))
  const { lines } = await readCatalog(session)
  const more = await session.query<{ line: string }>(restSql)
  const tables = await session.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_catalog.pg_class
      WHERE relkind = 'r' AND relnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')`,
  )
  const counts: string[] = []
  for (const { name } of tables) {
    const [row] = await session.query<{ count: string }>(`SELECT count(*) FROM ${name}`)
    counts.push(`rows ${name} ${row?.count}`)
  }
  const history = await session.query<{ line: string }>(historySql)
  return [...lines, ...more.map(({ line }) => line), ...counts.toSorted(), ...history.map(({ line }) => line)]
}

const restSql = `
SELECT line FROM (
  SELECT 'position ' || attrelid::regclass::text || '.' || quote_ident(attname) || ' ' || attnum || ' ' || attisdropped AS line
    FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class c ON c.oid = attrelid WHERE attnum > 0 AND attrelid >= 16384 AND c.relnamespace <> 99
  UNION ALL
  SELECT 'of the history ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = attrelid AND d.adnum = attnum
   WHERE attrelid = 'public._prisma_migrations'::regclass AND attnum > 0
  UNION ALL
  SELECT 'of the history ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint WHERE conrelid = 'public._prisma_migrations'::regclass
  UNION ALL
  SELECT 'comment ' || coalesce(i.identity, '') || ' ' || quote_literal(description)
    FROM pg_catalog.pg_description x, LATERAL pg_catalog.pg_identify_object(x.classoid, x.objoid, x.objsubid) i WHERE x.objoid >= 16384
  UNION ALL
  SELECT 'privileges ' || oid::regclass::text || ' ' || coalesce(relacl::text, '') || ' ' || relowner::regrole::text FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind <> 'i' AND relnamespace <> 99
) l ORDER BY line COLLATE "C"`

const historySql = `
SELECT concat_ws(' ', 'applied', migration_name, checksum, applied_steps_count, finished_at IS NOT NULL, finished_at >= started_at, rolled_back_at IS NULL,
                 logs IS NULL, id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$') AS line
  FROM public._prisma_migrations ORDER BY started_at`

/** As sets, and the history in its order. */
export function differences(one: readonly string[], other: readonly string[]): readonly string[] {
  const [ones, others] = [new Set(one), new Set(other)]
  return [
    ...one.filter((line) => !others.has(line)).map((line) => `only Prisma: ${line}`),
    ...other.filter((line) => !ones.has(line)).map((line) => `only atomic: ${line}`),
    ...(order(one) === order(other) ? [] : ['applied in another order']),
  ]
}

function order(lines: readonly string[]): string {
  return lines.filter((line) => line.startsWith('applied ')).join('\n')
}

function parsed(url: string): DatabaseUrl {
  const found = parseDatabaseUrl(url, 'DATABASE_URL')
  if (found.kind === 'invalid') throw new Error(found.failure.what)
  return found.url
}
