import { chmod, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startJanitor } from '../../../src/janitor/janitor.ts'
import { openScratchServer, type ScratchServer } from '../../../src/postgres/scratch/scratch-server.ts'
import { labServerPath } from '../../lab/clients.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, startServer } from '../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../lab/temp.ts'
import { backUp, failureOf } from './lab-backup.ts'
import { canMount, mountMegabytes, unmount } from './small-disk.ts'

describe('a scratch server that fails in the middle of the proof', () => {
  let server: LabServer
  let folder: TempFolder
  let url: string
  beforeAll(async () => {
    server = await startServer(17)
    folder = await tempFolder()
    url = await server.createDatabase('shop')
    await query(
      url,
      `CREATE TABLE item AS SELECT i AS id, repeat(md5(i::text), 10) AS text FROM generate_series(1, 250000) i`,
    )
  })
  afterAll(async () => {
    await folder[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  /** A backup whose proof runs on a server below `parent`; `during` is told of each step of it. */
  async function failingBackup(parent: string, during: (step: string, scratch: ScratchServer) => Promise<void>) {
    const out = join(folder.path, 'out')
    await using janitor = await startJanitor()
    let scratch: ScratchServer | undefined
    let done: Promise<void> | undefined
    const failure = await failureOf(
      backUp(url, out, {
        tier: { tier: 'compared' },
        openScratch: async (major, sourceSystemIdentifier) => {
          scratch = await openScratchServer({
            source: { kind: 'installed' },
            major,
            sourceSystemIdentifier,
            environment: { AIRLOCK_PG_BIN: await labServerPath() },
            parent,
            janitor,
            signal: new AbortController().signal,
            onProgress: () => undefined,
          })
          return scratch
        },
        onProgress: (step) => {
          if (scratch !== undefined) done = during(step, scratch)
        },
      }),
    )
    await done
    // Nothing is offered, and nothing of the server is left.
    expect(await readdir(out)).toEqual([])
    expect(await readdir(parent)).toEqual([])
    return failure
  }

  it.each([
    ['while it is restored into', 'pg_restore'],
    ['while the copy is compared', 'comparing'],
  ])('%s: the backup is not offered, and it is said that the server went away', async (_when, at) => {
    const parent = await mkdtemp('/tmp/airlock-faults-')
    await chmod(parent, 0o755)
    try {
      const failure = await failingBackup(parent, async (step, scratch) => {
        if (!step.startsWith(at)) return
        const [pid] = (await readFile(join(scratch.url.host, '../data/postmaster.pid'), 'utf8')).split('\n')
        process.kill(Number(pid), 'SIGKILL')
      })
      expect(failure).toMatchObject({
        code: 'SCRATCH.LOST',
        next: [expect.stringContaining('Run again'), expect.any(String)],
      })
    } finally {
      await rm(parent, { recursive: true, force: true })
    }
  })

  it.runIf(canMount())(
    'whose disk is full: the backup is not offered, and it is said where there must be room',
    async () => {
      const parent = join(folder.path, 'small')
      await mkdir(parent)
      mountMegabytes(parent, 90)
      try {
        await chmod(folder.path, 0o755)
        await chmod(parent, 0o755)
        const failure = await failingBackup(parent, async () => undefined)
        expect(failure.code, failure.why).toBe('SCRATCH.NO_SPACE')
        expect(failure.next.join('\n')).toContain('RUNNER_TEMP')
      } finally {
        unmount(parent)
      }
    },
  )
})
