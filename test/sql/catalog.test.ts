import { describe, expect, it } from 'vitest'
import { emptyCatalog, type Table } from '../../src/sql/catalog/model.ts'
import { history, lastOf, locksOf, lossesOf } from './history.ts'

const users = 'CREATE TABLE "User" (id SERIAL PRIMARY KEY, email VARCHAR(50) UNIQUE, name TEXT);'
const posts =
  'CREATE TABLE "Post" (id INT PRIMARY KEY, "authorId" INT, CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"(id) ON DELETE CASCADE);'

function tableAfter(files: readonly string[], name: string): Table {
  const relation = lastOf(files).catalogAfter.relations.get(name)
  if (relation?.kind !== 'table') throw new Error(`${name} is no table`)
  return relation
}

describe('what a file creates', () => {
  it('is locked by nobody else: statements on it have no locks, no scans and no losses', () => {
    const { statements, findings } = lastOf([
      'CREATE TABLE a (id INT PRIMARY KEY);\nCREATE INDEX ON a (id);\nALTER TABLE a ADD COLUMN b INT NOT NULL;\nALTER TABLE a DROP COLUMN b;\nDELETE FROM a;\nDROP TABLE a;',
    ])
    for (const { sql, effects } of statements) {
      expect({ sql, ...effects }).toMatchObject({ sql, locks: [], scans: [], rewrites: [], loses: [], unknown: false })
    }
    expect(findings).toEqual([])
  })

  it('is locked like any other in the next file', () => {
    expect(locksOf(lastOf(['CREATE TABLE a (id INT);', 'ALTER TABLE a ADD COLUMN b INT;']))).toEqual({
      'public.a': 'AccessExclusiveLock',
    })
  })

  it('locks what it references all the same', () => {
    expect(locksOf(lastOf([users, posts]))).toEqual({ 'public.User': 'ShareRowExclusiveLock' })
  })

  it('may be a temporary table that hides another of the same name', () => {
    const analysis = lastOf([
      users,
      'CREATE TEMP TABLE "User" (id INT);\nDELETE FROM "User";\nDELETE FROM public."User";',
    ])
    expect(locksOf(analysis, 1)).toEqual({})
    expect(locksOf(analysis, 2)).toMatchObject({ 'public.User': 'RowExclusiveLock' })
  })

  it('hides nothing from the next file when it is temporary', () => {
    expect(locksOf(lastOf([users, 'CREATE TEMP TABLE "User" (id INT);', 'TRUNCATE "User";']))).toEqual({
      'public.User': 'AccessExclusiveLock',
    })
  })
})

describe('a foreign key that an earlier migration made', () => {
  it('locks both ends when it is dropped', () => {
    expect(locksOf(lastOf([users, posts, 'ALTER TABLE "Post" DROP CONSTRAINT "Post_authorId_fkey";']))).toEqual({
      'public.Post': 'AccessExclusiveLock',
      'public.User': 'AccessExclusiveLock',
    })
  })

  it('goes with the table it references, which is said', () => {
    const analysis = lastOf([users, posts, 'DROP TABLE "User" CASCADE;'])
    expect(locksOf(analysis)).toMatchObject({
      'public.User': 'AccessExclusiveLock',
      'public.Post': 'AccessExclusiveLock',
    })
    expect(lossesOf(analysis)).toEqual(['table public.User', 'constraint public.Post.Post_authorId_fkey'])
  })

  it('is gone with the table or the column that had it', () => {
    const drop = 'DROP TABLE "User";'
    expect(locksOf(lastOf([users, posts, 'DROP TABLE "Post";', drop]))).not.toHaveProperty(['public.Post'])
    expect(
      locksOf(
        lastOf([users, posts, 'ALTER TABLE "Post" DROP COLUMN "authorId";', `${drop.replace(';', ' CASCADE;')}`]),
      ),
    ).not.toHaveProperty(['public.Post'])
  })

  it('follows both tables and the column when they are renamed', () => {
    const renames =
      'ALTER TABLE "User" RENAME TO "Person"; ALTER TABLE "Post" RENAME TO "Entry"; ALTER TABLE "Entry" RENAME COLUMN "authorId" TO "writerId";'
    expect(locksOf(lastOf([users, posts, renames, 'ALTER TABLE "Entry" DROP COLUMN "writerId";']))).toEqual({
      'public.Entry': 'AccessExclusiveLock',
      'public.Person': 'AccessExclusiveLock',
    })
  })

  it('deletes rows of the other table with ON DELETE CASCADE', () => {
    expect(lossesOf(lastOf([users, posts, 'DELETE FROM "User" WHERE id = 1;']))).toEqual([
      'rows public.User',
      'rows public.Post',
    ])
  })
})

describe('a table that no migration created', () => {
  it('leaves open what its foreign keys lock', () => {
    const { effects } = lastOf(['DROP TABLE "Legacy";']).statements[0] ?? { effects: undefined }
    expect(effects).toMatchObject({ unknown: true, loses: [{ kind: 'table', name: 'public.Legacy' }] })
    expect(effects?.unknownBecause).toContain('public.Legacy')
  })

  it('does not exist where the whole database is known', () => {
    const analysis = lastOf(['DROP TABLE IF EXISTS "Legacy";'], { catalog: emptyCatalog })
    expect(analysis.statements[0]?.effects).toMatchObject({ unknown: false, loses: [], locks: [] })
  })
})

describe('the replayed table', () => {
  it('has its columns, keys and sequences', () => {
    const table = tableAfter([users], 'public.User')
    expect(
      [...table.columns.values()].map(({ name, type, notNull }) => [name, type?.name, type?.modifiers, notNull]),
    ).toEqual([
      ['id', 'int4', [], true],
      ['email', 'varchar', [50], false],
      ['name', 'text', [], false],
    ])
    expect(table.constraints.map(({ name, kind }) => [name, kind])).toEqual([
      ['User_pkey', 'primary'],
      ['User_email_key', 'unique'],
    ])
    const { relations } = lastOf([users]).catalogAfter
    expect([...relations.keys()].toSorted()).toEqual([
      'public.User',
      'public.User_email_key',
      'public.User_id_seq',
      'public.User_pkey',
    ])
  })

  it('follows added, altered, renamed and dropped columns', () => {
    const table = tableAfter(
      [
        users,
        'ALTER TABLE "User" ADD COLUMN age INT NOT NULL DEFAULT 0, ALTER COLUMN email TYPE TEXT, DROP COLUMN name; ALTER TABLE "User" RENAME COLUMN email TO mail;',
      ],
      'public.User',
    )
    expect(
      [...table.columns.values()].map(({ name, type, notNull, hasDefault }) => [name, type?.name, notNull, hasDefault]),
    ).toEqual([
      ['id', 'int4', true, true],
      ['mail', 'text', false, false],
      ['age', 'int4', true, true],
    ])
    expect(table.constraints.find((constraint) => constraint.kind === 'unique')?.columns).toEqual(['mail'])
  })

  it('moves with SET SCHEMA and with the schema', () => {
    const files = [
      'CREATE SCHEMA app; CREATE TABLE app.a (id SERIAL);',
      'ALTER TABLE app.a SET SCHEMA public;',
      'CREATE TABLE app.b (id INT);',
      'ALTER SCHEMA app RENAME TO web;',
    ]
    expect([...lastOf(files).catalogAfter.relations.keys()].toSorted()).toEqual([
      'public.a',
      'public.a_id_seq',
      'web.b',
    ])
  })

  it('is not changed by a later migration: each has a catalog of its own', () => {
    const [first] = history([users, 'ALTER TABLE "User" DROP COLUMN email; DROP TABLE "User";'])
    const table = first?.catalogAfter.relations.get('public.User')
    expect(table?.kind === 'table' && [...table.columns.keys()]).toEqual(['id', 'email', 'name'])
  })
})

describe('an enum', () => {
  const role = "CREATE TYPE \"Role\" AS ENUM ('A', 'B', 'C'); CREATE TABLE u (id INT, role \"Role\");"

  it('loses the labels that its successor does not have', () => {
    const analysis = lastOf([
      role,
      'CREATE TYPE "Role_new" AS ENUM (\'A\'); ALTER TABLE u ALTER COLUMN role TYPE "Role_new" USING (role::text::"Role_new");',
    ])
    expect(lossesOf(analysis, 1)).toEqual(['enum-label public.Role.B', 'enum-label public.Role.C'])
    expect(analysis.statements[1]?.effects).toMatchObject({ rewrites: ['public.u'], unknown: false })
  })

  it('keeps its columns through the renames that Prisma generates', () => {
    const swap =
      'CREATE TYPE "Role_new" AS ENUM (\'A\'); ALTER TABLE u ALTER COLUMN role TYPE "Role_new" USING (role::text::"Role_new"); ALTER TYPE "Role" RENAME TO "Role_old"; ALTER TYPE "Role_new" RENAME TO "Role"; DROP TYPE "Role_old";'
    const analysis = lastOf([role, swap])
    const table = analysis.catalogAfter.relations.get('public.u')
    expect(table?.kind === 'table' && table.columns.get('role')?.type?.name).toBe('public.Role')
    expect(analysis.catalogAfter.types.get('public.Role')?.labels).toEqual(['A'])
    expect([...analysis.catalogAfter.types.keys()]).toEqual(['public.Role'])
  })

  it('takes columns along with CASCADE', () => {
    expect(lossesOf(lastOf([role, 'DROP TYPE "Role" CASCADE;']))).toEqual(['type public.Role', 'column public.u.role'])
  })
})

describe('views', () => {
  it('go with the table they read, and views on them too', () => {
    const analysis = lastOf([
      users,
      'CREATE VIEW v AS SELECT id FROM "User"; CREATE VIEW w AS SELECT * FROM v;',
      'DROP TABLE "User" CASCADE;',
    ])
    expect(lossesOf(analysis)).toEqual(['table public.User', 'view public.v', 'view public.w'])
  })
})

describe('the schema a migration runs in', () => {
  it('is where unqualified names are', () => {
    expect(locksOf(lastOf(['ALTER TABLE a ADD b INT;'], { schema: 'app' }))).toEqual({ 'app.a': 'AccessExclusiveLock' })
  })

  it('follows SET search_path', () => {
    expect(locksOf(lastOf(['SET search_path TO app, public; ALTER TABLE a ADD b INT;']), 1)).toEqual({
      'app.a': 'AccessExclusiveLock',
    })
  })
})
