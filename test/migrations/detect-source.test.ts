import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FailureError } from '../../src/errors.ts'
import { detectSource } from '../../src/migrations/detect-source.ts'
import { tempFolder } from '../lab/temp.ts'

/** What is found in a project that has these files. */
async function found(files: readonly string[], said: Partial<Parameters<typeof detectSource>[1]> = {}) {
  await using folder = await tempFolder('airlock-detect-')
  for (const file of files) {
    await mkdir(dirname(join(folder.path, file)), { recursive: true })
    await writeFile(join(folder.path, file), file === 'package.json' ? '{"prisma":{"schema":"db/schema.prisma"}}' : '')
  }
  try {
    return detectSource(folder.path, { kind: undefined, folder: undefined, ...said })
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
}

const plain = ['migrations/0001_a.sql']

describe('what wrote the migrations', () => {
  test.each([
    [['prisma/schema.prisma', 'prisma/migrations/1_a/migration.sql'], { kind: 'prisma' }],
    [['prisma.config.ts', ...plain], { kind: 'prisma' }],
    [['package.json', ...plain], { kind: 'prisma' }],
    [['drizzle.config.ts'], { kind: 'drizzle' }],
    [['drizzle.config.json', ...plain], { kind: 'drizzle' }],
    [['drizzle/meta/_journal.json'], { kind: 'drizzle' }],
    [['supabase/migrations/20240101000000_a.sql'], { kind: 'supabase' }],
    [['supabase/config.toml', ...plain], { kind: 'sql', folder: 'migrations' }],
    [['db/migrations/1.sql'], { kind: 'sql', folder: 'db/migrations' }],
    // Nothing that says anything: the message of a Prisma project that lacks everything.
    [['migrations/readme.md'], { kind: 'prisma' }],
    [['migrations/migration_lock.toml', 'migrations/1_a.sql'], { kind: 'prisma' }],
  ])('is told by %j', async (files, expected) => {
    expect(await found(files)).toMatchObject(expected)
  })

  test.each([
    [
      ['prisma/schema.prisma', 'drizzle.config.ts'],
      'prisma (`prisma/schema.prisma`) and drizzle (`drizzle.config.ts`)',
    ],
    [
      ['prisma.config.ts', 'supabase/migrations/1_a.sql'],
      'prisma (`prisma.config.ts`) and supabase (`supabase/migrations`)',
    ],
  ])('cannot be told by %j, and airlock.yml decides', async (files, kinds) => {
    const failure = await found(files)
    expect(failure).toMatchObject({ code: 'PROJECT.SEVERAL_SOURCES', what: expect.stringContaining(kinds) })
    expect(await found(files, { kind: 'supabase' })).toMatchObject({ kind: 'supabase' })
  })

  test.each([
    ['drizzle', ['out/meta/_journal.json']],
    ['sql', ['out/0001_a.sql']],
    ['prisma', ['out/1_a/migration.sql']],
    ['prisma', ['out/migration_lock.toml', 'out/0001_loose.sql']],
    ['prisma', []],
  ])('is %s where the folder that was named has %j, whatever else lies there', async (kind, files) => {
    expect(await found(['prisma/schema.prisma', ...files], { folder: 'out' })).toEqual({ kind, folder: 'out' })
  })

  test('is supabase where the folder that was named is called so', async () => {
    const folder = 'packages/db/supabase/migrations'
    expect(await found([`${folder}/1_a.sql`], { folder })).toEqual({ kind: 'supabase', folder })
  })
})
