import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Effects } from '../../../../src/sql/model.ts'
import { decideAgreement } from '../../../../src/stages/rehearse/trace/decide-agreement.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { type TracedLab, traced } from './lab-trace.ts'

const folder = fileURLToPath(new URL('../../../../examples/shop/prisma/migrations', import.meta.url))
const shop = readdirSync(folder)
  .filter((name) => !name.includes('.'))
  .toSorted()
  .map((name) => readFileSync(join(folder, name, 'migration.sql'), 'utf8'))

const data = `
CREATE TABLE "User" (id serial PRIMARY KEY, email text);
CREATE TABLE "Post" (id serial PRIMARY KEY, "authorId" int);
INSERT INTO "User" (email) SELECT i FROM generate_series(1, 100) i;`

let server: LabServer
beforeAll(async () => {
  server = await startServer(17)
})
afterAll(() => server[Symbol.asyncDispose]())

describe('what the plan says and what the copy shows', () => {
  test.each(['split', 'batch', 'atomic'] as const)('agree over the shop’s history, %s', async (way) => {
    const { planned, trace } = await traced(server, '', shop, { way })
    const { disagreements, resolved, compared } = decideAgreement(planned, trace)
    expect({ disagreements, resolved, stopped: trace.stopped }).toEqual({
      disagreements: [],
      resolved: [],
      stopped: undefined,
    })
    expect(compared).toBeGreaterThan(20)
  })

  test('agree where one transaction locks twice, renames, and takes back', async () => {
    const sql = `
BEGIN;
ALTER TABLE "User" ADD COLUMN a int;
ALTER TABLE "User" RENAME TO "Person";
ALTER TABLE "Person" ADD COLUMN b int;
SAVEPOINT s;
CREATE INDEX i ON "Post" ("authorId");
ROLLBACK TO s;
CREATE INDEX i ON "Post" ("authorId");
ALTER TABLE "Post" ADD FOREIGN KEY ("authorId") REFERENCES "Person";
COMMIT;
CREATE INDEX CONCURRENTLY later ON "Post" ("authorId");
DELETE FROM "Person" WHERE false;`
    const { planned, trace } = await traced(server, data, [sql])
    expect(trace.stopped).toBeUndefined()
    expect(decideAgreement(planned, trace).disagreements).toEqual([])
  })

  test.each([
    ['', 'Post'],
    ['ALTER TABLE "Post" RENAME TO "Article";\n', 'Article'],
  ])(
    'agree where a transaction writes a row twice, and its foreign keys are checked again, %s',
    async (first, name) => {
      const rows = `${data}
ALTER TABLE "Post" ADD FOREIGN KEY ("authorId") REFERENCES "User", ADD title text;
INSERT INTO "Post" ("authorId") SELECT 1 FROM generate_series(1, 10);`
      const sql = `${first}UPDATE "${name}" SET title = 'a';\nUPDATE "${name}" SET title = 'b';`
      const { planned, trace } = await traced(server, rows, [sql], { way: 'atomic' })
      const locked = trace.files[0]?.statements.map(({ locks }) => locks.map(({ relation }) => relation))
      expect(locked?.at(-2)).not.toContain('public.User')
      expect(locked?.at(-1)).toContain('public.User')
      expect(decideAgreement(planned, trace).disagreements).toEqual([])
    },
  )

  /** With other effects than those that the plan found for the only statement. */
  const judged = ({ planned, trace }: TracedLab, effects: Partial<Effects>, runsCode = false) =>
    decideAgreement(
      planned.map((one) => ({
        ...one,
        statements: one.statements.map((statement) => ({
          ...statement,
          runsCode,
          effects: { ...statement.effects, ...effects },
        })),
      })),
      trace,
    )

  test('disagree where something is seen that is not said, and where something is said that is not seen', async () => {
    const lab = await traced(server, data, ['ALTER TABLE "User" ALTER COLUMN email TYPE varchar(9);'])
    const locks = [
      { relation: 'public.User', mode: 'ShareLock' },
      { relation: 'public.Post', mode: 'ShareLock' },
    ] as const
    const { disagreements } = judged(lab, { locks, rewrites: ['public.Post'], scans: [] })
    expect(disagreements.map(({ what, said, seen }) => [what, said, seen])).toEqual([
      ['lock', 'ShareLock on public.User', 'AccessExclusiveLock on public.User'],
      ['lock', 'ShareLock on public.Post', undefined],
      ['rewrite', undefined, 'public.User'],
      ['rewrite', 'public.Post', undefined],
      ['scan', undefined, 'public.User'],
    ])
    expect(disagreements[0]).toMatchObject({
      migration: '1_file',
      line: 1,
      text: 'the plan says ShareLock on public.User, and on the copy it took AccessExclusiveLock',
    })
  })

  test('code that branches may do less than is said, and never more', async () => {
    const lab = await traced(server, data, ['ALTER TABLE "User" ADD COLUMN c int;'])
    const more = [
      { relation: 'public.User', mode: 'AccessExclusiveLock' },
      { relation: 'public.Post', mode: 'ShareLock' },
    ] as const
    expect(judged(lab, { locks: more, rewrites: ['public.Post'] }, true).disagreements).toEqual([])
    expect(judged(lab, { locks: more }).disagreements).toHaveLength(1)
    expect(judged(lab, { locks: [] }, true).disagreements).toMatchObject([
      { what: 'lock', said: undefined, seen: 'AccessExclusiveLock on public.User' },
    ])
  })

  test('what the plan could not tell is no disagreement, and what was seen of it is said', async () => {
    const sql = `DO $$ BEGIN EXECUTE (SELECT 'ALTER TABLE ' || quote_ident(relname) || ' ALTER COLUMN email TYPE varchar(9)' FROM pg_class WHERE relname LIKE 'Use_'); END $$;`
    const { planned, trace } = await traced(server, data, [sql])
    expect(decideAgreement(planned, trace)).toEqual({
      disagreements: [],
      compared: 0,
      resolved: [
        {
          migration: '1_file',
          line: 1,
          because: expect.any(String),
          text: 'on the copy it took AccessExclusiveLock on public.User, rewrote public.User, read all of public.User; production may take another branch',
        },
      ],
    })
  })
})
