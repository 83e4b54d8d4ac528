import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { commandSchema } from '../../../../src/config/providers.ts'
import { FailureError } from '../../../../src/errors.ts'
import { type Janitor, startJanitor } from '../../../../src/janitor/janitor.ts'
import { commandStrategy } from '../../../../src/stages/backup/providers/command/command.ts'
import { nameSnapshot } from '../../../../src/stages/backup/providers/decide.ts'
import type { SnapshotStrategy } from '../../../../src/stages/backup/providers/strategy.ts'
import { type LabPgbackrest, labPgbackrest } from '../../../lab/pgbackrest.ts'
import { postgresBinaries } from '../../../lab/postgres-package.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'

/** What the recipe says is what runs here: its blocks, with the paths of the lab. */
const recipe = await readFile(fileURLToPath(new URL('../../../../docs/recipes/pgbackrest.md', import.meta.url)), 'utf8')
const blocks = [...recipe.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text: text ?? '',
}))
const block = (part: string) => {
  const found = blocks.find(({ text }) => text.includes(part))
  if (found === undefined) throw new Error(`The recipe has no block with ${part}`)
  return found.text
}

const lab = await labPgbackrest()
const reason = lab === undefined ? ' (left out: no pgBackRest 2.41 or newer in this distribution’s packages)' : ''

describe.skipIf(lab === undefined)(`the recipe for pgBackRest${reason}`, () => {
  const pgbackrest = lab as LabPgbackrest
  let server: LabServer
  let janitor: Janitor
  let database: string
  let strategy: SnapshotStrategy
  const signal = new AbortController().signal

  const here = (text: string) =>
    text
      .replaceAll('/var/lib/pgbackrest', pgbackrest.repository)
      .replaceAll('/var/lib/postgresql/15/main', join(server.folder, 'data'))
      .replaceAll('/var/run/postgresql', join(server.folder, 'socket'))
      .replaceAll('/var/lib/postgresql/15/restored', join(pgbackrest.folder, 'restored'))
  const shell = (command: string) => {
    const done = spawnSync('/bin/sh', ['-e', '-c', command], {
      encoding: 'utf8',
      env: { PATH: `${pgbackrest.bin}:${process.env.PATH}` },
    })
    expect(`${done.status} ${done.stderr}${done.stdout}`).toMatch(/^0 /)
    return done.stdout
  }
  const contents = (url: string) =>
    query<{ rows: string; hash: string }>(
      url,
      `SELECT count(*)::text AS rows, sum(hashtextextended(o::text, 0))::text AS hash FROM orders o`,
    )
  const take = () => strategy.take({ name: nameSnapshot('shop', new Date()), signal, onProgress: () => undefined })

  beforeAll(async () => {
    const archiving = parseSettings(block('archive_mode'))
    server = await startServer(15, {
      settings: {
        ...archiving,
        archive_command: (archiving.archive_command ?? '').replace('pgbackrest', `${pgbackrest.bin}/pgbackrest`),
      },
    })
    janitor = await startJanitor()
    database = await server.createDatabase('shop')
    await query(
      database,
      `CREATE TABLE orders AS SELECT n AS id, md5(n::text) AS note FROM generate_series(1, 20000) n`,
    )
    await writeConfig()
    shell(block('stanza-create'))
    const policy = parse(here(block('strategy: command'))).environments.production.backup
    strategy = commandStrategy(
      { ...commandSchema.parse(policy.command) },
      {
        environment: { ...process.env, PATH: `${pgbackrest.bin}:${process.env.PATH}` },
        connection: { environment: {}, password: undefined },
        cwd: '/',
        janitor,
      },
    )
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await janitor?.[Symbol.asyncDispose]()
    await pgbackrest[Symbol.asyncDispose]()
  })

  async function writeConfig() {
    const { password } = new URL(server.superuserUrl())
    const paths = ['log', 'lock', 'spool'].map(async (name) => `${name}-path=${await pgbackrest.ownFolder(name)}\n`)
    const global = (await Promise.all(paths)).join('')
    const text = here(block('pg1-path=/var/lib/postgresql/15/main\npg1-socket-path'))
    await pgbackrest.configure(
      `${text.replace('[global]\n', `[global]\n${global}`)}pg1-port=${server.port}\npg1-user=postgres\n`,
      `*:*:*:*:${decodeURIComponent(password)}\n`,
    )
  }

  it('makes an incremental backup that the list names, checks it, and says what it is not proven to', async () => {
    await query(database, `UPDATE orders SET note = 'changed' WHERE id <= 10`)
    const taken = await take()
    expect(taken.proven).toBe('checksum')
    expect(taken.snapshot).toMatchObject({ id: expect.stringMatching(/^\d{8}-\d{6}F_\d{8}-\d{6}I$/), ours: true })
    const [newest, first, ...others] = await strategy.list(signal)
    expect([newest?.id, others]).toEqual([taken.snapshot.id, []])
    expect(first?.id).toMatch(/^\d{8}-\d{6}F$/)
    expect(newest?.at?.getTime()).toBeGreaterThan(first?.at?.getTime() ?? Number.POSITIVE_INFINITY)
  })

  it('comes back in another folder, by the commands that the backup brings with it, without what was written after it', async () => {
    await query(database, `DELETE FROM orders WHERE id <= 100`)
    const { snapshot } = await take()
    const before = await contents(database)
    await query(database, `DELETE FROM orders`)

    const { bin } = await postgresBinaries(15)
    const port = await freePort()
    const [restore, start] = snapshot.restoreByHand.map((line) =>
      line.replace('/usr/lib/postgresql/15/bin', bin).replace('5433', String(port)),
    )
    await pgbackrest.ownFolder('restored')
    shell(restore ?? '')
    const restored = join(pgbackrest.folder, 'restored')
    try {
      shell(start ?? '')
      const copy = new URL(server.superuserUrl('shop'))
      copy.port = String(port)
      expect(await contents(copy.href)).toEqual(before)
      expect(await query(copy.href, 'SHOW archive_mode')).toEqual([{ archive_mode: 'off' }])
    } finally {
      shell(`sudo -n -u postgres ${bin}/pg_ctl -D ${restored} -m immediate stop`)
    }
  })

  it('does not call a backup checked when a file of the repository is damaged', async () => {
    await query(database, `INSERT INTO orders SELECT n, md5(n::text) FROM generate_series(1, 5000) n`)
    const [latest] = await strategy.list(signal)
    const folder = join(pgbackrest.repository, 'backup/main', latest?.id ?? '')
    const file = (await readdir(folder, { recursive: true })).find((name) => /pg_data\/.*\.zst$/.test(name)) ?? ''
    const bytes = await readFile(join(folder, file))
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
    await writeFile(join(folder, file), bytes)
    const failure = await take().catch((thrown: unknown) => thrown)
    expect(failure instanceof FailureError && failure.failure).toMatchObject({
      code: 'BACKUP.COMMAND_FAILED',
      what: 'The program that checks the backup failed.',
      why: expect.stringMatching(/did not say `status: ok`[\s\S]*^status: error$/m),
    })
  })
})

function parseSettings(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^(\w+) = '?(.*?)'?$/gm)].map(([, name, value]) => [name, value]))
}

/** Taken by nobody at this moment; the server itself is told later. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}
