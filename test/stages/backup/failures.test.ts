import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ClientTools, FoundClients } from '../../../src/postgres/client-choice.ts'
import { decodeDump } from '../../../src/stages/backup/decode-dump.ts'
import { parseManifest } from '../../../src/stages/backup/parse-manifest.ts'
import { labClients } from '../../lab/clients.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, type PostgresMajor, startServer } from '../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../lab/temp.ts'
import { backUp, failureOf } from './lab-backup.ts'
import { canMount, mountMegabytes, unmount } from './small-disk.ts'

/** The oldest server that some client of this machine fits: what is tested here is the same on each. */
const { usable } = await labClients()
const [client] = usable.filter(({ major }) => major >= 14).toSorted((a, b) => a.major - b.major)
const major = [14, 15, 16, 17, 18].find((known): known is PostgresMajor => known === client?.major) ?? 14

let server: LabServer
let folder: TempFolder
let directory: string
const systemTemp = process.env.TMPDIR

beforeAll(async () => {
  server = await startServer(major)
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = await tempFolder()
  directory = join(folder.path, 'backups')
  process.env.TMPDIR = join(folder.path, 'temp')
  await mkdir(process.env.TMPDIR)
})
afterEach(async () => {
  const passFiles = await readdir(join(folder.path, 'temp'))
  if (systemTemp === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = systemTemp
  expect(passFiles).toEqual([])
  await folder[Symbol.asyncDispose]()
})

async function shop(rows = 1_000): Promise<string> {
  const url = await server.createDatabase()
  await query(url, `CREATE TABLE "Us er" AS SELECT i AS id, md5(i::text) AS text FROM generate_series(1, ${rows}) i`)
  return url
}

/** The real client behind a script that may look at, or spoil, what goes through. `$real` is the real program. */
async function behind(dump: string, restore = 'exec "$real" "$@"'): Promise<FoundClients> {
  if (client === undefined) throw new Error('no client')
  const bin = join(folder.path, 'bin')
  await mkdir(bin)
  const write = async (name: string, real: string, script: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\nreal='${real}'\n${script}\n`, { mode: 0o755 })
    return join(bin, name)
  }
  const spying: ClientTools = {
    ...client,
    folder: bin,
    dump: await write('pg_dump', client.dump, dump),
    restore: await write('pg_restore', client.restore, restore),
  }
  return { usable: [spying], unusable: [], searched: [bin] }
}

if (client === undefined) {
  it('no client: the precise error, and nothing is written', async () => {
    const failure = await failureOf(backUp(await shop(), directory))
    expect(failure.code).toBe(usable.length === 0 ? 'BACKUP.NO_CLIENT' : 'BACKUP.CLIENT_TOO_OLD')
    expect(failure.next[0]).toContain(String(major))
  })
} else {
  describe('the password', () => {
    it('is in no argument, no environment variable, no file that stays and no message', async () => {
      const url = await shop()
      const password = decodeURIComponent(new URL(url).password)
      const record = join(folder.path, 'record')
      const spy = `{ echo "args: $*"; env; ls -l "$PGPASSFILE"; } >> ${record} 2>&1; exec "$real" "$@"`
      const progress: string[] = []
      const backup = await backUp(url, directory, {
        clients: await behind(spy, spy),
        onProgress: (text) => progress.push(text),
      })
      const manifest = await readFile(backup.manifestPath, 'utf8')
      const seen = await readFile(record, 'utf8')
      expect(seen).toMatch(/^args: --format=custom .*--no-password/)
      expect(seen).toContain('-rw------- ')
      for (const text of [seen, manifest, progress.join(), JSON.stringify(backup)]) {
        expect(text).not.toContain(password)
        expect(text).not.toContain(encodeURIComponent(password))
        expect(text).not.toContain('postgresql://')
      }
    })

    it('is not in the failure when it is wrong', async () => {
      const url = await shop()
      const failure = await failureOf(
        backUp(url, directory, {
          connectionFor: () => ({
            environment: {
              PGHOST: '127.0.0.1',
              PGPORT: String(server.port),
              PGUSER: 'app_owner',
              PGDATABASE: 'postgres',
            },
            password: 'not-the-password',
          }),
        }),
      )
      expect(failure.code).toBe('BACKUP.DUMP_FAILED')
      expect(failure.why).toContain('password authentication failed')
      expect(JSON.stringify(failure)).not.toContain('not-the-password')
      expect(await readdir(directory)).toEqual([])
    })
  })

  describe('a dump that cannot be complete', () => {
    it('is refused with the server’s reason when row-level security hides rows', async () => {
      const url = await shop()
      await query(url, 'ALTER TABLE "Us er" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
      const failure = await failureOf(backUp(url, directory))
      expect(failure.code).toBe('BACKUP.DUMP_FAILED')
      expect(failure.why).toContain('query would be affected by row-level security policy for table "Us er"')
      expect(failure.next).toContain(
        'Let a superuser allow the role to read everything: ALTER ROLE "app_owner" BYPASSRLS;',
      )
      expect(await readdir(directory)).toEqual([])
    })

    it('is refused with the server’s reason when a table may not be read', async () => {
      const url = await shop()
      const database = new URL(url).pathname.slice(1)
      await query(server.superuserUrl(database), 'CREATE TABLE secret (id int)')
      const failure = await failureOf(backUp(url, directory))
      expect(failure.code).toBe('BACKUP.DUMP_FAILED')
      expect(failure.why).toContain('permission denied for table secret')
      expect(failure.next.join()).toContain('GRANT pg_read_all_data TO "app_owner";')
      expect(await readdir(directory)).toEqual([])
    })

    it('gives up on a locked table after the lock timeout instead of waiting', async () => {
      const url = await shop()
      const holder = new pg.Client({ connectionString: url })
      await holder.connect()
      try {
        await holder.query('BEGIN; LOCK TABLE "Us er" IN ACCESS EXCLUSIVE MODE')
        const failure = await failureOf(backUp(url, directory, { lockTimeoutMs: 200 }))
        expect(failure.code).toBe('BACKUP.DUMP_FAILED')
        expect(failure.why).toMatch(/canceling statement due to statement timeout\n.*LOCK TABLE public."Us er"/)
        expect(failure.next[0]).toContain('Another session holds a lock')
        expect(await readdir(directory)).toEqual([])
      } finally {
        await holder.end()
      }
    })

    it('is refused when pg_dump dies half-way', async () => {
      const clients = await behind('"$real" "$@" | head -c 3000; echo "pg_dump: error: gone" >&2; exit 1')
      const failure = await failureOf(backUp(await shop(), directory, { clients }))
      expect(failure).toMatchObject({ code: 'BACKUP.DUMP_FAILED', why: 'pg_dump: error: gone' })
      expect(await readdir(directory)).toEqual([])
    })

    it.each([
      ['ends early although pg_dump reported success', '"$real" "$@" | head -c 9000'],
      ['is empty', 'true'],
      [
        'has other bytes in the middle',
        '"$real" "$@" | { head -c 9000; head -c 64 >/dev/null; head -c 64 /dev/zero; cat; }',
      ],
    ])('is removed when it %s', async (_, script) => {
      const failure = await failureOf(backUp(await shop(), directory, { clients: await behind(script) }))
      expect(failure.code).toBe('BACKUP.UNREADABLE')
      expect(await readdir(directory)).toEqual([])
    })

    it('is removed when the disk does not give back what was written', async () => {
      const spoil = 'for file; do :; done; printf X | dd of="$file" bs=1 seek=100 conv=notrunc 2>/dev/null; exit 0'
      const failure = await failureOf(
        // pg_dump is let go only once the file has been spoilt: the last byte comes after it.
        backUp(await shop(), directory, {
          clients: await behind(
            `"$real" "$@"; file=$(ls ${directory}/*.partial); sleep 0.3; ${spoil.replace('for file; do :; done; ', '')}`,
          ),
        }),
      )
      expect(failure).toMatchObject({ code: 'BACKUP.UNREADABLE', why: expect.stringContaining('the disk gives back') })
      expect(await readdir(directory)).toEqual([])
    })
  })

  describe('the folder', () => {
    it('gets a second name within the same second, and nothing that is there is written over', async () => {
      const url = await shop()
      const [one, two] = [await backUp(url, directory), await backUp(url, directory)]
      expect(one.dumpPath).not.toBe(two.dumpPath)
      expect(await readdir(directory)).toHaveLength(4)
    })

    it('that cannot be written to is named, with what to do', async () => {
      await writeFile(directory, 'a file')
      const failure = await failureOf(backUp(await shop(), join(directory, 'below')))
      expect(failure).toMatchObject({ code: 'BACKUP.CANNOT_WRITE', why: expect.stringContaining('ENOTDIR') })
      expect(failure.next.join()).toContain('--backup-dir')
    })

    // A disk that is really full can only be had where a small one can be mounted.
    describe.runIf(canMount())('on a disk of 12 MiB', () => {
      beforeEach(async () => {
        await mkdir(directory)
        mountMegabytes(directory, 12)
      })
      afterEach(() => unmount(directory))

      it('is refused before anything is written when the tables are larger', async () => {
        const failure = await failureOf(backUp(await shop(200_000), directory))
        expect(failure.code).toBe('BACKUP.NO_SPACE')
        expect(failure.why).toMatch(/^The tables take \d+\.\d MiB, \d+\.\d MiB are free\. Nothing was written\.$/)
        expect(await readdir(directory)).toEqual([])
      })

      it('leaves nothing when it fills up while the dump is written', async () => {
        const url = await shop(8_000)
        const filler = join(directory, 'filler')
        const clients = await behind(`head -c 13000000 /dev/zero > ${filler} 2>/dev/null; exec "$real" "$@"`)
        const failure = await failureOf(backUp(url, directory, { clients }))
        expect(failure).toMatchObject({ code: 'BACKUP.NO_SPACE', why: expect.stringContaining('ENOSPC') })
        expect(await readdir(directory)).toEqual(['filler'])
      })
    })
  })

  describe('the row counts', () => {
    it('say which tables were not counted, and why', async () => {
      const url = await shop()
      const backup = await backUp(url, directory, { contentBudgetMs: 0 })
      expect(backup.manifest.tables).toEqual([
        { schema: 'public', name: 'Us er', rows: null, hash: null, notCounted: 'the 0 s for counting were used up' },
      ])
      const parsed = parseManifest(await readFile(backup.manifestPath, 'utf8'), backup.manifestPath)
      expect(parsed).toEqual({ kind: 'ok', manifest: backup.manifest })
    })
  })

  describe('a cancelled run', () => {
    it('ends at once, although pg_dump waits for a lock and a count runs, and leaves nothing', async () => {
      const url = await shop()
      const holder = new pg.Client({ connectionString: url })
      await holder.connect()
      try {
        await holder.query('BEGIN; LOCK TABLE "Us er" IN ACCESS EXCLUSIVE MODE')
        const cancel = new AbortController()
        const run = backUp(url, directory, { lockTimeoutMs: 60_000, signal: cancel.signal })
        const failure = failureOf(run)
        const waiting = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'airlock' AND wait_event_type = 'Lock'`
        for (let n = 0; n < 2; ) n = (await query<{ n: number }>(url, waiting))[0]?.n ?? 0
        const before = performance.now()
        cancel.abort()
        expect(await failure).toMatchObject({ code: 'RUN.CANCELLED' })
        expect(performance.now() - before).toBeLessThan(4_000)
        expect(await readdir(directory)).toEqual([])
      } finally {
        await holder.end()
      }
    })
  })

  describe('decodeDump', () => {
    it('refuses a dump that was cut or changed anywhere in its data, which --list does not notice', async () => {
      const backup = await backUp(await shop(20_000), directory)
      const whole = await readFile(backup.dumpPath)
      const never = new AbortController().signal
      expect(await decodeDump(client, backup.dumpPath, never)).toEqual({ kind: 'decoded' })

      const damaged = join(folder.path, 'damaged.dump')
      for (const share of [0.3, 0.6, 0.95]) {
        const at = Math.floor(whole.length * share)
        await writeFile(damaged, whole.subarray(0, at))
        expect(await decodeDump(client, damaged, never)).toMatchObject({ kind: 'unreadable' })

        const flipped = Buffer.from(whole)
        flipped[at] = (flipped[at] ?? 0) ^ 0x10
        await writeFile(damaged, flipped)
        expect(await decodeDump(client, damaged, never)).toMatchObject({ kind: 'unreadable' })
        expect(spawnSync(client.restore, ['--list', damaged]).status).toBe(0)
      }
    })
  })
}
