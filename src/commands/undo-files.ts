import { basename } from 'node:path'
import type { Context } from '../context.ts'
import { FailureError, fail } from '../errors.ts'
import type { Migration } from '../migrations/migration.ts'
import { findSource } from '../migrations/open-source.ts'
import type { SourceKind } from '../migrations/source.ts'
import { quoteIdentifier, quoteLiteral } from '../postgres/quoting.ts'
import { plural } from '../report/words.ts'
import { filesToJudge } from './check.ts'

export interface UndoFiles {
  readonly kind: SourceKind
  readonly migrationsPath: string
  /** `undefined`: Airlock applies the files itself. */
  readonly prismaVersion: string | undefined
  readonly before: readonly Migration[]
  readonly migration: Migration
}

/** The migration that is meant and those before it; its name, its folder or its file will do. */
export async function readUndoFiles(context: Context, wanted: string): Promise<UndoFiles> {
  const { kind } = findSource(context.invocation, context.config)
  const files = await filesToJudge(context)
  const reading = await files.read()
  if (reading.kind === 'invalid') throw new FailureError(reading.failure)
  const { migrations } = reading.folder
  const named = basename(wanted.replace(/[/\\]migration\.sql$/, ''))
  const at = migrations.findIndex(({ name }) => name === named || `${name}.sql` === named)
  const migration = migrations[at]
  if (migration === undefined) throw unknown(named, migrations)
  const atomic = files.version === undefined || context.policy.apply === 'atomic'
  return {
    kind,
    migrationsPath: files.path,
    prismaVersion: atomic ? undefined : files.version,
    before: migrations.slice(0, at),
    migration,
  }
}

function unknown(name: string, migrations: readonly Migration[]): FailureError {
  const last = migrations.at(-1)
  const alike = migrations.filter((one) => one.name.includes(name)).map((one) => `\`${one.name}\``)
  return fail('USAGE.INVALID', {
    what: `There is no migration \`${name}\`.`,
    why: `The folder has ${plural(migrations.length, 'migration')}${last === undefined ? '' : `, the last is \`${last.name}\``}.${alike.length === 0 ? '' : ` Close to it: ${alike.slice(0, 5).join(', ')}.`}`,
    next: ['Give the name of a migration as its folder or file has it.'],
  })
}

/** What the tools themselves offer for a migration that was applied, which is nothing: the row goes. */
export function forgetIn(kind: SourceKind, schema: string, name: string): string {
  const own = (table: string) =>
    `DELETE FROM ${quoteIdentifier(schema)}.${quoteIdentifier(table)} WHERE migration_name = ${quoteLiteral(name)};`
  switch (kind) {
    case 'prisma':
      return own('_prisma_migrations')
    case 'sql':
      return own('_airlock_migrations')
    case 'supabase':
      return `DELETE FROM supabase_migrations.schema_migrations WHERE version = ${quoteLiteral(/^\d+/.exec(name)?.[0] ?? name)};`
    case 'drizzle':
      return 'delete its row, the last one, from drizzle.__drizzle_migrations'
  }
}
