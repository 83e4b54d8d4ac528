import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newIdentity } from '../../lab/age.ts'
import { labClients } from '../../lab/clients.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../lab/temp.ts'
import { backUp, check, failureOf, restore } from './lab-backup.ts'

const { usable } = await labClients()
const major = postgresMajors.findLast((known) => usable.some((client) => client.major >= known))

// Without any client there is no backup; that this is said is tested beside the other failures.
describe.runIf(major !== undefined)('a backup of the tier `compared`', () => {
  let server: LabServer
  let folder: TempFolder
  let url: string
  beforeAll(async () => {
    folder = await tempFolder()
    server = await startServer(major ?? 14)
    url = await server.createDatabase('shop')
    await query(
      url,
      `CREATE TABLE "User" (id serial PRIMARY KEY, email text UNIQUE);
       INSERT INTO "User" (email) SELECT 'user' || i FROM generate_series(1, 500) i;
       CREATE TABLE "Post" (id bigserial PRIMARY KEY, author int REFERENCES "User", body jsonb)`,
    )
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })
  const compared = { tier: { tier: 'compared' } } as const

  it('says in its manifest what was compared, and where it was restored', async () => {
    const { manifest, notChecked } = await backUp(url, join(folder.path, 'plain'), compared)
    expect(manifest).toMatchObject({
      tier: 'compared',
      notChecked: [],
      proof: { scratch: expect.stringMatching(new RegExp(`^installed ${major}\\.`)) },
      content: { serverMajor: major, largeObjects: { kind: 'read', count: 0 } },
      tables: [
        { schema: 'public', name: 'Post', rows: 0 },
        { schema: 'public', name: 'User', rows: 500, hash: expect.stringMatching(/^-?\d+$/) },
      ],
    })
    expect(notChecked).toEqual([])
  })

  it('is proven again by a dry run, and its restored copy has the same content', async () => {
    const { manifestPath } = await backUp(url, join(folder.path, 'again'), compared)
    expect(await check(manifestPath, { tier: undefined })).toMatchObject({ tier: 'compared', notChecked: [] })
    const restored = await restore(url, manifestPath, 'copy')
    expect(restored).toMatchObject({ tier: 'compared', summary: '2 tables with the same rows as in the backup' })
    await query(server.superuserUrl(), 'DROP DATABASE copy')
  })

  it('is proven before it is encrypted, and again by whoever has the key', async () => {
    const key = await newIdentity()
    const identityFile = join(folder.path, 'identity.txt')
    await writeFile(identityFile, `${key.identity}\n`)
    const { manifestPath, manifest } = await backUp(url, join(folder.path, 'sealed'), {
      ...compared,
      recipients: [key.recipient],
    })
    expect(manifest).toMatchObject({ tier: 'compared', encryption: { kind: 'age' } })
    expect(await check(manifestPath, { tier: undefined, identityFile })).toMatchObject({ tier: 'compared' })
  })

  it('is no backup at all where a table could not be read in time', async () => {
    const directory = join(folder.path, 'no-time')
    const failure = await failureOf(backUp(url, directory, { ...compared, contentBudgetMs: 0 }))
    expect(failure).toMatchObject({
      code: 'BACKUP.TIER_NOT_REACHED',
      why: expect.stringContaining('the time for reading the content was used up'),
      next: expect.arrayContaining([expect.stringContaining('tier: restored')]),
    })
    expect(await readdir(directory)).toEqual([])
  })

  it('is what a smaller proof is enough for above the size that the policy names', async () => {
    const tier = { tier: 'compared', above: { size: 1_000, tier: 'decoded' } } as const
    const { manifest } = await backUp(url, join(folder.path, 'large'), { tier })
    expect(manifest).toMatchObject({ tier: 'decoded', proof: null, content: null })
  })

  it('fails where the copy lost something, and leaves nothing', async () => {
    const directory = join(folder.path, 'differs')
    const client = new pg.Client({ connectionString: server.superuserUrl('shop') })
    await client.connect()
    // A generated column whose function answers otherwise today: the copy computes it anew.
    await client.query(`CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
      CREATE TABLE g (i int, c int GENERATED ALWAYS AS (public.f(i)) STORED); INSERT INTO g VALUES (1);
      CREATE OR REPLACE FUNCTION f(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'; ALTER TABLE g OWNER TO app_owner`)
    const failure = await failureOf(backUp(url, directory, compared))
    expect(failure).toMatchObject({ code: 'BACKUP.COPY_DIFFERS', why: expect.stringContaining('"public"."g"') })
    expect(await readdir(directory)).toEqual([])
    await client.query('DROP TABLE g; DROP FUNCTION f(int)')
    await client.end()
  })
})
