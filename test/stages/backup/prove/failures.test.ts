import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientTools } from '../../../../src/postgres/client-choice.ts'
import type { ScratchTarget } from '../../../../src/stages/backup/prove/scratch-target.ts'
import { labClients } from '../../../lab/clients.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../../lab/temp.ts'
import { failureOf } from '../lab-backup.ts'
import { clientOf, contentOf, dump, type LabDump, prove, scratchOn } from './lab-proof.ts'

const { usable } = await labClients()
const major = postgresMajors.filter((known) => usable.some((client) => client.major >= known)).at(-1)

describe.runIf(major !== undefined)('a proof', () => {
  let server: LabServer
  let folder: TempFolder
  let client: ClientTools
  let scratch: ScratchTarget
  let url: string
  let dumped: LabDump
  let unread: LabDump['content']
  beforeAll(async () => {
    const known = major ?? 18
    folder = await tempFolder()
    server = await startServer(known)
    client = await clientOf(known)
    scratch = await scratchOn(server)
    await server.createDatabase('shop')
    url = server.superuserUrl('shop')
    await query(
      url,
      `CREATE EXTENSION citext; CREATE TABLE "User" AS SELECT i AS id, md5(i::text) AS name FROM generate_series(1, 1000) i;
       CREATE TABLE item (id serial)`,
    )
    dumped = await dump(url, client, join(folder.path, 'shop.dump'))
    unread = await contentOf(url, 0)
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const proven = (
    changed: Partial<Parameters<typeof prove>[3]> = {},
    content: LabDump['content'] | undefined = dumped.content,
  ) => prove(url, scratch, { path: dumped.path, content }, { client, folder: folder.path, ...changed })
  const leftBehind = () => query(server.superuserUrl(), `SELECT datname FROM pg_database WHERE datname LIKE 'airlock%'`)

  it('of a dump that was made after a row was changed says which table differs, and leaves nothing behind', async () => {
    await query(url, `UPDATE "User" SET name = 'x' WHERE id = 500; INSERT INTO item DEFAULT VALUES`)
    const later = await dump(url, client, join(folder.path, 'later.dump'))
    const failure = await failureOf(
      prove(url, scratch, { path: later.path, content: dumped.content }, { client, folder: folder.path }),
    )
    expect(failure.code).toBe('BACKUP.COPY_DIFFERS')
    expect(failure.what).toContain('3 differences')
    expect(failure.why.split('\n')).toEqual([
      '"public"."User": 1000 rows in both, and not the same ones',
      '"public"."item": 0 rows in the source, 1 in the copy',
      '"public"."item_id_seq": the sequence stands at before 1 in the source, at 1 in the copy',
    ])
    expect(await leftBehind()).toEqual([])
  })

  it('does not reach `compared` where the content of the source was not read in time, and says why', async () => {
    await using copy = await proven({}, unread)
    expect(copy.tier).toBe('restored')
    expect(copy.notChecked.join('\n')).toContain(
      '"public"."User" in the source: the time for reading the content was used up',
    )
  })

  it('does not reach `compared` where the time for the copy is used up', async () => {
    await using copy = await proven({ budgetMs: 0 })
    expect(copy.tier).toBe('restored')
    expect(copy.notChecked.join('\n')).toContain(
      '"public"."User" in the copy: the time for reading the content was used up',
    )
  })

  it('does not reach `compared` where a table may not be read', async () => {
    await query(url, "CREATE ROLE shy LOGIN PASSWORD 'shy'")
    const content = await contentOf(url.replace(/\/\/.*@/, '//shy:shy@'))
    await using copy = await proven({}, content)
    expect(copy.tier).toBe('restored')
    expect(copy.notChecked.join('\n')).toContain('"public"."User" in the source: permission denied for table User')
  })

  it('is refused before anything is restored where the scratch server lacks an extension', async () => {
    const lacking = { ...scratch, extensions: new Map([['plpgsql', '1.0']]) }
    const failure = await failureOf(prove(url, lacking, dumped, { client, folder: folder.path }))
    expect(failure.code).toBe('SCRATCH.EXTENSION_MISSING')
    expect(failure.what).toContain('citext')
    expect(failure.next.join()).toContain('AIRLOCK_SCRATCH_URL')
    expect(await leftBehind()).toEqual([])
  })

  it('of a dump that cannot be restored ends with what pg_restore says, and leaves nothing behind', async () => {
    await query(
      url,
      `CREATE FUNCTION fine(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE TABLE checked (id int CHECK (fine(id))); INSERT INTO checked VALUES (1);
      CREATE OR REPLACE FUNCTION fine(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false'`,
    )
    const broken = await dump(url, client, join(folder.path, 'broken.dump'))
    const failure = await failureOf(prove(url, scratch, broken, { client, folder: folder.path }))
    expect(failure.code).toBe('BACKUP.NOT_RESTORABLE')
    expect(failure.why).toContain('violates check constraint')
    expect(await leftBehind()).toEqual([])
  })

  it('that is cancelled ends at once and leaves nothing behind', async () => {
    const cancel = new AbortController()
    const failure = failureOf(proven({ signal: cancel.signal, onProgress: () => cancel.abort() }))
    expect((await failure).code).toBe('RUN.CANCELLED')
    expect(await leftBehind()).toEqual([])
  })
})
