import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startJanitor } from '../../../../src/janitor/janitor.ts'
import type { Backup } from '../../../../src/stages/backup/backup.ts'
import { compressionsOf } from '../../../../src/stages/backup/dump/compressions.ts'
import type { DumpFormat } from '../../../../src/stages/backup/dump/shape.ts'
import type { BackupRequest } from '../../../../src/stages/backup/perform.ts'
import { readBackup } from '../../../../src/stages/restore/read-backup.ts'
import { hasProgram, labAge, newIdentity, pathWithAge } from '../../../lab/age.ts'
import { labClients } from '../../../lab/clients.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../../lab/temp.ts'
import { backUp, failureOf, restore } from '../lab-backup.ts'

const { usable } = await labClients()
const major = postgresMajors.findLast((known) => usable.some((client) => client.major >= known))
const client = usable.filter((one) => one.major >= (major ?? 0)).toSorted((a, b) => a.major - b.major)[0]
const age = await labAge()
const formats: readonly DumpFormat[] = ['custom', 'directory']
const never = new AbortController().signal

let server: LabServer
let folder: TempFolder
let url: string
let key: Awaited<ReturnType<typeof newIdentity>>
let identityFile: string
let round = 0
let directory: string
let temporary: string

describe.runIf(major !== undefined)('a sealed backup', () => {
  beforeAll(async () => {
    folder = await tempFolder()
    server = await startServer(major ?? 14)
    url = await server.createDatabase('shop')
    await query(server.superuserUrl(), 'ALTER ROLE app_owner CREATEDB')
    await query(
      url,
      `CREATE TABLE t AS SELECT i AS id, md5(i::text) AS text FROM generate_series(1, 20000) i;
       CREATE TABLE "o d'd" AS SELECT 'a secret that must not be seen' AS text FROM generate_series(1, 500);
       SELECT lo_from_bytea(0, decode(repeat('ab', 5000), 'hex'))`,
    )
    key = await newIdentity()
    identityFile = join(folder.path, 'identity.txt')
    await writeFile(identityFile, `# created: today\n# public key: ${key.recipient}\n${key.identity}\n`, {
      mode: 0o600,
    })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    round += 1
    directory = join(folder.path, `backups-${round}`)
    temporary = join(folder.path, `temporary-${round}`)
    await mkdir(temporary)
  })

  const shapeOf = (format: DumpFormat): BackupRequest['shape'] => ({ format, jobs: 'auto', compression: 'auto' })

  async function sealed(format: DumpFormat, changed: Partial<BackupRequest> = {}): Promise<Backup> {
    return backUp(url, directory, { shape: shapeOf(format), recipients: [key.recipient], temporary, ...changed })
  }

  async function open(backup: Pick<Backup, 'manifestPath'>, identity: string | undefined = identityFile) {
    await using janitor = await startJanitor()
    await using opened = await readBackup(backup.manifestPath, {
      identityFile: identity,
      program: age,
      janitor,
      signal: never,
    })
    return (await stat(opened.dumpPath)).isDirectory()
  }

  describe.each(formats)('in the format %s', (format) => {
    it('is one encrypted file beside its manifest, restores, and leaves no plaintext anywhere', async () => {
      const backup = await sealed(format)
      const [file] = backup.manifest.files
      const name = `${backup.manifest.name}.dump${format === 'directory' ? '.tar' : ''}.age`
      expect(await readdir(directory)).toEqual([name, `${backup.manifest.name}.manifest.json`])
      expect(file).toMatchObject({ name, md5: expect.stringMatching(/^[0-9a-f]{32}$/) })
      expect(backup.manifest.encryption).toMatchObject({ kind: 'age', recipients: [key.recipient] })
      expect((await readFile(backup.dumpPath)).subarray(0, 22).toString()).toBe('age-encryption.org/v1\n')
      expect(await readdir(temporary)).toEqual([])

      const into = `restored_${format}`
      const restored = await restore(url, backup.manifestPath, into, { identityFile })
      expect(restored.summary).toBe('2 tables with the same number of rows as in the backup')
      const at = new URL(url)
      at.pathname = `/${into}`
      expect(await query(at.href, 'SELECT length(lo_get(oid))::int AS n FROM pg_largeobject_metadata')).toEqual([
        { n: 5_000 },
      ])
    })

    it('opens with each of its recipients and with nobody else’s identity', async () => {
      const second = await newIdentity()
      const backup = await sealed(format, { recipients: [key.recipient, second.recipient] })
      const other = join(folder.path, `other-${round}.txt`)
      await writeFile(other, second.identity)
      expect(await open(backup, identityFile)).toBe(format === 'directory')
      expect(await open(backup, other)).toBe(format === 'directory')

      const stranger = await newIdentity()
      await writeFile(other, stranger.identity)
      const failure = await failureOf(open(backup, other))
      expect(failure).toMatchObject({ code: 'RESTORE.WRONG_IDENTITY', why: expect.stringContaining(key.recipient) })
      expect(JSON.stringify(failure)).not.toContain(stranger.identity)
    })

    it.runIf(age !== undefined)('is the same thing from the program `age` as from the package', async () => {
      // As if it were large enough for the program.
      const byProgram = await sealed(format, { age, sealWithProgramFromBytes: 0 })
      expect(byProgram.manifest.notChecked.join()).toContain('opened: ')
      expect(await open(byProgram)).toBe(format === 'directory')
    })

    it.runIf(age !== undefined && hasProgram('psql') && hasProgram('vacuumdb'))(
      'is restored by hand with exactly the commands in its manifest',
      async () => {
        const backup = await sealed(format)
        const script = backup.manifest.restoreByHand.join('\n').replaceAll('NEW_DATABASE', `by_hand_${format}`)
        await copyFile(identityFile, join(directory, 'IDENTITY_FILE'))
        const { hostname, port, username, password } = new URL(url)
        const run = spawnSync('/bin/sh', ['-eu', '-c', script], {
          cwd: directory,
          encoding: 'utf8',
          env: {
            PATH: [dirname(client?.restore ?? ''), pathWithAge].join(':'),
            PGHOST: hostname,
            PGPORT: port,
            PGUSER: username,
            PGPASSWORD: decodeURIComponent(password),
          },
        })
        // vacuumdb leaves out what belongs to the server, and says so.
        expect(run.stderr.replaceAll(/^WARNING: {2}permission denied to analyze .*\n/gm, '')).toBe('')
        expect(run.status).toBe(0)
        const at = new URL(url)
        at.pathname = `/by_hand_${format}`
        expect(await query(at.href, 'SELECT count(*)::int AS n FROM t')).toEqual([{ n: 20_000 }])
        expect((await readdir(directory)).filter((name) => !name.endsWith('.json') && !name.endsWith('.age'))).toEqual([
          'IDENTITY_FILE',
        ])
      },
    )
  })

  it('is refused without an identity, and with a file that is none', async () => {
    const backup = await sealed('custom')
    const failing = async (text: string) => {
      const file = join(folder.path, 'strange.txt')
      await writeFile(file, text)
      return failureOf(open(backup, file))
    }
    await using janitor = await startJanitor()
    const without = readBackup(backup.manifestPath, { identityFile: undefined, program: age, janitor, signal: never })
    expect(await failureOf(without)).toMatchObject({ code: 'RESTORE.IDENTITY_MISSING' })
    expect(await failureOf(open(backup, join(folder.path, 'not-there')))).toMatchObject({
      code: 'RESTORE.IDENTITY_MISSING',
      why: expect.stringContaining('ENOENT'),
    })
    expect(await failing('# only a comment\n')).toMatchObject({ code: 'RESTORE.IDENTITY_MISSING' })
    expect(await failing(key.identity.slice(0, -1))).toMatchObject({
      code: 'RESTORE.WRONG_IDENTITY',
      why: 'Line 1 is not an age secret key, or not a whole one.',
    })
    expect(await failing('age-encryption.org/v1\n-> scrypt x 18\n')).toMatchObject({
      code: 'RESTORE.WRONG_IDENTITY',
      why: 'It is encrypted with a passphrase itself.',
    })
    expect(await failing('-----BEGIN OPENSSH PRIVATE KEY-----\n')).toMatchObject({ code: 'RESTORE.WRONG_IDENTITY' })
  })

  it('is not begun for a recipient that nobody could be', async () => {
    const failure = await failureOf(sealed('custom', { recipients: [key.recipient, 'age1nobody'] }))
    expect(failure).toMatchObject({
      code: 'BACKUP.RECIPIENT_INVALID',
      why: expect.stringMatching(/^encrypt-to, recipient 2: /),
    })
    expect(await readdir(temporary)).toEqual([])
  })

  it('is not there when the program that seals fails, and nothing else is', async () => {
    const broken = join(folder.path, 'age')
    await writeFile(broken, '#!/bin/sh\nhead -c 100 >/dev/null; echo "age: error: no entropy" >&2; exit 1\n', {
      mode: 0o755,
    })
    const program = { path: broken, version: '9.9.9' }
    const failure = await failureOf(sealed('directory', { age: program, sealWithProgramFromBytes: 0 }))
    expect(failure).toMatchObject({ code: 'BACKUP.SEAL_FAILED', why: 'age 9.9.9: age: error: no entropy' })
    expect([await readdir(directory), await readdir(temporary)]).toEqual([[], []])
  })

  it('is not accepted from a program that seals something else, or only half of it', async () => {
    const half = join(folder.path, 'age-half')
    await writeFile(half, '#!/bin/sh\ncat | head -c 2000\ncat >/dev/null\n', { mode: 0o755 })
    const program = { path: half, version: '9.9.9' }
    const failure = await failureOf(sealed('custom', { age: program, sealWithProgramFromBytes: 0 }))
    expect(failure).toMatchObject({
      code: 'BACKUP.SEAL_FAILED',
      why: 'What was written does not begin like an age file.',
    })
    expect([await readdir(directory), await readdir(temporary)]).toEqual([[], []])
  })

  it('is compressed with what this pg_dump was built with', async () => {
    if (client === undefined) throw new Error('no client')
    expect(await compressionsOf(client, never)).toContain('gzip')
    const old = usable.find((one) => one.major < 16)
    if (old !== undefined) expect(await compressionsOf(old, never)).toEqual(['gzip', 'none'])
  })
})
