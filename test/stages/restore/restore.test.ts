import { createHash } from 'node:crypto'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Manifest } from '../../../src/stages/backup/manifest.ts'
import { withChecksum } from '../../../src/stages/backup/manifest-checksum.ts'
import { labClients } from '../../lab/clients.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../lab/temp.ts'
import { backUp, check, failureOf, restore } from '../backup/lab-backup.ts'

const clients = await labClients()
// The newest, because its server knows everything that its client writes.
const major = postgresMajors.findLast((known) => clients.usable.some((client) => client.major >= known))

let server: LabServer
let folder: TempFolder
let original: string
let manifestPath: string
let dumpPath: string
let url: string

describe.runIf(major !== undefined)('a backup on disk', () => {
  beforeAll(async () => {
    folder = await tempFolder()
    original = join(folder.path, 'original')
    server = await startServer(major ?? 14)
    url = await server.createDatabase('shop')
    await query(
      url,
      `CREATE TABLE t AS SELECT i AS id, md5(i::text) AS text FROM generate_series(1, 20000) i; CREATE TABLE u (id int)`,
    )
    await backUp(url, original)
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    const copy = join(folder.path, 'copy')
    await rm(copy, { recursive: true, force: true })
    await cp(original, copy, { recursive: true })
    const { files, name } = await readManifest(copy)
    manifestPath = join(copy, `${name}.manifest.json`)
    dumpPath = join(copy, files[0]?.name ?? '')
  })

  async function readManifest(copy: string): Promise<Manifest> {
    const [name = ''] = (await readdir(copy)).filter((file) => file.endsWith('.manifest.json'))
    return JSON.parse(await readFile(join(copy, name), 'utf8')) as Manifest
  }

  async function changeManifest(change: (manifest: Manifest) => Manifest): Promise<void> {
    await writeFile(
      manifestPath,
      `${JSON.stringify(withChecksum(change(JSON.parse(await readFile(manifestPath, 'utf8')) as Manifest)))}\n`,
    )
  }

  async function changeDump(change: (dump: Buffer) => Buffer): Promise<void> {
    await writeFile(dumpPath, change(await readFile(dumpPath)))
  }

  /** As somebody would who has the key to both files, or a tool that took its checksum too late. */
  async function correctChecksum(): Promise<void> {
    const dump = await readFile(dumpPath)
    const sha256 = createHash('sha256').update(dump).digest('hex')
    await changeManifest((manifest) => ({
      ...manifest,
      files: [{ name: basename(dumpPath), bytes: dump.length, sha256, md5: null }],
    }))
  }

  const dryRun = () => check(manifestPath)

  async function databases(): Promise<readonly string[]> {
    const rows = await query<{ datname: string }>(
      server.superuserUrl(),
      `SELECT datname FROM pg_database WHERE datdba = 'app_owner'::regrole ORDER BY 1`,
    )
    return rows.map(({ datname }) => datname)
  }

  describe('dry run', () => {
    it('proves it to the tier `decoded`, says what was not checked, and needs no server', async () => {
      const checked = await dryRun()
      expect(checked).toMatchObject({ tier: 'decoded', dumpPath, manifest: { source: { database: 'shop' } } })
      expect(checked.notChecked.join()).toMatch(/restored.*compared/)
    })

    it.each([
      ['cut', (dump: Buffer) => dump.subarray(0, dump.length - 1), /has \d+ bytes; the manifest says \d+/],
      ['longer', (dump: Buffer) => Buffer.concat([dump, Buffer.from('x')]), /has \d+ bytes; the manifest says \d+/],
      [
        'changed in one bit',
        (dump: Buffer) => {
          const flipped = Buffer.from(dump)
          const middle = Math.floor(dump.length / 2)
          flipped[middle] = (flipped[middle] ?? 0) ^ 1
          return flipped
        },
        /has the SHA-256 [0-9a-f]{64}; the manifest says [0-9a-f]{64}/,
      ],
    ])('refuses a dump that was %s since', async (_, change, why) => {
      await changeDump(change)
      expect(await failureOf(dryRun())).toMatchObject({ code: 'RESTORE.CHECKSUM', why: expect.stringMatching(why) })
    })

    it('refuses a dump that was damaged before its checksum was taken', async () => {
      await changeDump((dump) => dump.subarray(0, Math.floor(dump.length * 0.6)))
      await correctChecksum()
      expect(await failureOf(dryRun())).toMatchObject({
        code: 'BACKUP.UNREADABLE',
        what: expect.stringContaining(dumpPath),
      })
    })

    it('refuses a manifest whose dump is not there, or that is not there itself', async () => {
      await rm(dumpPath)
      expect(await failureOf(dryRun())).toMatchObject({
        code: 'RESTORE.CHECKSUM',
        why: expect.stringContaining(dumpPath),
      })
      await rm(manifestPath)
      expect(await failureOf(dryRun())).toMatchObject({
        code: 'RESTORE.MANIFEST_INVALID',
        why: expect.stringContaining('ENOENT'),
      })
    })

    it('refuses the dump given instead of its manifest', async () => {
      manifestPath = dumpPath
      expect(await failureOf(dryRun())).toMatchObject({ code: 'RESTORE.MANIFEST_INVALID' })
    })

    it('refuses a manifest that points to a file elsewhere', async () => {
      await changeManifest((manifest) => ({
        ...manifest,
        files: manifest.files.map((file) => ({ ...file, name: '../original/x.dump' })),
      }))
      expect(await failureOf(dryRun())).toMatchObject({
        code: 'RESTORE.MANIFEST_INVALID',
        why: expect.stringContaining('files.0.name'),
      })
    })

    it('asks for a client that can read the dump', async () => {
      await changeManifest((manifest) => ({ ...manifest, client: { version: '99.1', major: 99 } }))
      const code = (await failureOf(dryRun())).code
      expect(code).toBe('BACKUP.CLIENT_TOO_OLD')
    })
  })

  describe('restore', () => {
    it('refuses a database that is there already, and does not touch it', async () => {
      const before = await databases()
      const failure = await failureOf(restore(url, manifestPath, 'shop'))
      expect(failure).toMatchObject({ code: 'RESTORE.TARGET_EXISTS', next: ['Name another one: --into shop_2'] })
      expect(await databases()).toEqual(before)
      expect(await query(url, 'SELECT count(*)::int AS n FROM t')).toEqual([{ n: 20_000 }])
    })

    it('drops the new database again when pg_restore fails half-way, and says why', async () => {
      const before = await databases()
      const elsewhere = await server.createDatabase('elsewhere')
      await query(server.superuserUrl(), 'CREATE ROLE stranger')
      await query(
        server.superuserUrl('elsewhere'),
        'CREATE TABLE t AS SELECT generate_series(1, 10) AS id; GRANT SELECT ON t TO stranger; ALTER TABLE t OWNER TO app_owner',
      )
      const backup = await backUp(elsewhere, join(folder.path, 'elsewhere'))
      await query(server.superuserUrl(), 'DROP DATABASE elsewhere')
      await query(server.superuserUrl(), 'DROP ROLE stranger')

      const failure = await failureOf(restore(url, backup.manifestPath, 'new'))
      expect(failure).toMatchObject({
        code: 'RESTORE.FAILED',
        what: 'The backup could not be restored into "new". "new" was dropped again; nothing else was touched.',
        why: expect.stringContaining('role "stranger" does not exist'),
        next: expect.arrayContaining(['CREATE ROLE "stranger";']),
      })
      expect(await databases()).toEqual(before)
    })

    it('drops the new database again when its rows are not those of the manifest', async () => {
      const before = await databases()
      await changeManifest((manifest) => ({
        ...manifest,
        tables: manifest.tables.map((table) => (table.name === 't' ? { ...table, rows: 20_001 } : table)),
      }))
      const failure = await failureOf(restore(url, manifestPath, 'new'))
      expect(failure).toMatchObject({
        code: 'RESTORE.FAILED',
        why: '"public"."t": 20001 rows in the backup, 20000 restored',
      })
      expect(await databases()).toEqual(before)
    })

    it('names tables that could not be compared instead of passing over them', async () => {
      await changeManifest((manifest) => ({
        ...manifest,
        tables: manifest.tables.map((table) =>
          table.name === 't' ? { ...table, rows: null, notCounted: 'no time' } : table,
        ),
      }))
      const restored = await restore(url, manifestPath, 'uncounted')
      expect(restored.summary).toBe('1 table with the same number of rows as in the backup')
      expect(restored.notChecked).toContain('"public"."t": its rows were not counted when the backup was made')
      await query(url, 'DROP DATABASE uncounted')
    })

    it('leaves nothing behind when it is cancelled half-way', async () => {
      const before = await databases()
      const cancel = new AbortController()
      const failure = await failureOf(
        restore(url, manifestPath, 'new', {
          signal: cancel.signal,
          onProgress: (text) => {
            if (text.startsWith('pg_restore')) setTimeout(() => cancel.abort(), 30)
          },
        }),
      )
      expect(failure.code).toBe('RUN.CANCELLED')
      expect(await databases()).toEqual(before)
    })

    it('creates nothing when the role may not create databases, and says so', async () => {
      await query(server.superuserUrl(), `ALTER ROLE app_owner NOCREATEDB`)
      try {
        const failure = await failureOf(restore(url, manifestPath, 'new'))
        expect(failure).toMatchObject({ code: 'RESTORE.FAILED', why: 'permission denied to create database' })
        expect(failure.next.join()).toContain('CREATEDB')
      } finally {
        await query(server.superuserUrl(), `ALTER ROLE app_owner CREATEDB`)
      }
    })
  })
})
