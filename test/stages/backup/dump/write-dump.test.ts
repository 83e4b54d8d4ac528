import { spawn } from 'node:child_process'
import { appendFileSync, readdirSync } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compressionsOf } from '../../../../src/stages/backup/dump/compressions.ts'
import { labClients } from '../../../lab/clients.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../../lab/temp.ts'
import { backUp, failureOf, restore } from '../lab-backup.ts'

const { usable } = await labClients()
const client = usable.filter(({ major }) => major >= 14).toSorted((a, b) => b.major - a.major)[0]
const major = postgresMajors.findLast((known) => client !== undefined && client.major >= known)
const never = new AbortController().signal

let server: LabServer
let folder: TempFolder
let url: string
let round = 0

describe.runIf(client !== undefined)('a dump in the format directory', () => {
  beforeAll(async () => {
    folder = await tempFolder()
    server = await startServer(major ?? 14)
    url = await server.createDatabase('shop')
    await query(server.superuserUrl(), 'ALTER ROLE app_owner CREATEDB')
    await query(
      url,
      `CREATE TABLE a AS SELECT i AS id, md5(i::text) AS text FROM generate_series(1, 30000) i;
       CREATE TABLE b AS TABLE a; CREATE TABLE "with ""quotes""" (id int); CREATE TABLE empty (id int)`,
    )
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const fresh = () => {
    round += 1
    return join(folder.path, `backups-${round}`)
  }
  const directoryShape = { format: 'directory', jobs: 2, compression: 'auto' } as const

  it('has every file in its manifest, is closed to others, and restores', async () => {
    const directory = fresh()
    const backup = await backUp(url, directory, { shape: directoryShape })
    const { manifest, dumpPath } = backup
    const names = (await readdir(dumpPath)).toSorted().map((name) => `${manifest.name}.dump/${name}`)
    expect(manifest.files.map(({ name }) => name)).toEqual(names)
    expect(names.length).toBeGreaterThan(4)
    expect((await stat(dumpPath)).mode & 0o777).toBe(0o700)
    for (const name of await readdir(dumpPath)) expect((await stat(join(dumpPath, name))).mode & 0o777).toBe(0o600)
    const restored = await restore(url, backup.manifestPath, 'restored')
    expect(restored.summary).toBe('4 tables with the same number of rows as in the backup')
  })

  it('can be had in every compression that this pg_dump has', async () => {
    if (client === undefined) throw new Error('no client')
    for (const method of await compressionsOf(client, never)) {
      const shape = { ...directoryShape, compression: { method, level: null } }
      const { manifest } = await backUp(url, fresh(), { shape })
      expect(manifest).toMatchObject({ format: 'directory', compression: method })
    }
  })

  it('fails with what pg_dump says, without its news, and leaves nothing', async () => {
    const directory = fresh()
    await query(server.superuserUrl('shop'), 'CREATE TABLE secret (id int)')
    try {
      const failure = await failureOf(backUp(url, directory, { shape: directoryShape }))
      expect(failure.code).toBe('BACKUP.DUMP_FAILED')
      expect(failure.why).toContain('permission denied for table secret')
      expect(failure.why).not.toContain('reading')
      expect(await readdir(directory)).toEqual([])
    } finally {
      await query(server.superuserUrl('shop'), 'DROP TABLE secret')
    }
  })

  it('is removed when the disk does not give a file back as it was written', async () => {
    const directory = fresh()
    const spoil = () => {
      const [partial = ''] = readdirSync(directory)
      const [name = ''] = readdirSync(join(directory, partial)).filter((file) => file.includes('.dat'))
      appendFileSync(join(directory, partial, name), 'X')
    }
    const failure = await failureOf(
      backUp(url, directory, {
        shape: directoryShape,
        onProgress: (text) => {
          if (text.startsWith('reading')) spoil()
        },
      }),
    )
    expect(failure).toMatchObject({ code: 'BACKUP.UNREADABLE', why: expect.stringContaining('the disk gives back') })
    expect(await readdir(directory)).toEqual([])
  })

  it('kill -9 of this process ends pg_dump with all its jobs, and removes folder and password', async () => {
    const directory = fresh()
    const temp = join(folder.path, 'temp')
    await mkdir(temp)
    await query(
      url,
      `CREATE TABLE big AS SELECT i, md5(i::text) || md5((i + 1)::text) AS t FROM generate_series(1, 600000) i`,
    )
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'directory-process.ts'), url, directory],
      {
        env: { ...process.env, TMPDIR: temp },
        stdio: 'inherit',
      },
    )
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
    const dumping = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'airlock' AND query LIKE 'COPY%'`
    const copying = async () => (await query<{ n: number }>(server.superuserUrl(), dumping))[0]?.n ?? 0
    while (child.exitCode === null && (await copying()) === 0) await sleep(5)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')

    const left = async () => [
      await copying(),
      await readdir(directory),
      (await readdir(temp)).filter((name) => name.startsWith('airlock-')),
    ]
    for (let waited = 0; waited < 15_000 && (await left()).flat().some((one) => one !== 0); waited += 100)
      await sleep(100)
    expect(await left()).toEqual([0, [], []])
    await query(url, 'DROP TABLE big')
  })
})
