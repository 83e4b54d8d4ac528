import { spawn, spawnSync } from 'node:child_process'
import { chmod, chown, copyFile, cp, mkdir, readdir, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverIdentity } from './lab-folder.ts'
import { nodeBinary, nodeMajors } from './node.ts'
import { platformName } from './postgres-package.ts'
import { query } from './query.ts'
import { postgresMajors, startServer } from './server.ts'
import { commandLine } from './stale-servers.ts'
import { type TempFolder, tempFolder } from './temp.ts'

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket.destroy() !== undefined))
    socket.once('error', () => resolve(false))
  })
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

describe.each(postgresMajors)('a PostgreSQL %i server', (major) => {
  it('is that version, asks for the password and gives a database to a role that is nobody special', async () => {
    await using server = await startServer(major)
    const url = await server.createDatabase('My "shop"')

    const [row] = await query<{ version: string; user: string; database: string; super: string; rls: boolean }>(
      url,
      `SELECT current_setting('server_version') AS version, current_user AS user, current_database() AS database,
              current_setting('is_superuser') AS super, rolbypassrls AS rls FROM pg_roles WHERE rolname = current_user`,
    )
    expect(row?.version).toMatch(new RegExp(`^${major}\\.`))
    expect(row).toMatchObject({ user: 'app_owner', database: 'My "shop"', super: 'off', rls: false })
    await query(url, 'CREATE TABLE t (); CREATE SCHEMA s; CREATE EXTENSION citext')

    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(query(String(wrong), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
  })

  it('keeps its port and data over a restart and over a crash, and nothing after it is disposed of', async () => {
    const server = await startServer(major, { settings: { max_connections: '17' } })
    const url = await server.createDatabase()
    await query(url, 'CREATE TABLE kept AS SELECT 1 AS id')
    const { port } = server

    await server.restart()
    expect(await query(url, 'SELECT id FROM kept')).toEqual([{ id: 1 }])
    await server.kill()
    expect(await isListening(port)).toBe(false)
    await server.restart()
    expect(await query(url, 'SELECT id FROM kept')).toEqual([{ id: 1 }])
    expect(await query(url, 'SHOW max_connections')).toEqual([{ max_connections: '17' }])
    await server.stop()
    expect(await isListening(port)).toBe(false)
    expect(await exists(server.folder)).toBe(true)

    await server[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    expect(await exists(server.folder)).toBe(false)
  })
})

it('says what the server said when it does not start, and leaves nothing behind', async () => {
  await expect(startServer(16, { settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
    /invalid value for parameter "shared_buffers": "plenty"/,
  )
})

describe.each(nodeMajors)('Node.js %i of the lab', (major) => {
  it('is that version', () => {
    const said = spawnSync(nodeBinary(major), ['--version'], { encoding: 'utf8' })
    expect(said.stdout).toMatch(new RegExp(`^v${major}\\.`))
  })
})

// As root the same is tried as root and as an ordinary user; otherwise as who we are.
const ordinary = serverIdentity()
const users = [
  { who: 'the current user', identity: undefined },
  ...(ordinary ? [{ who: 'an ordinary user', identity: ordinary }] : []),
]

describe.each(users)('in a process of $who', ({ identity }) => {
  let folder: TempFolder
  let program: string
  let environment: NodeJS.ProcessEnv

  beforeAll(async () => {
    folder = await tempFolder('airlock-lab-test-')
    const temp = join(folder.path, 'temp')
    // Only the user of the process may enter: that is where a checkout may lie.
    const checkout = join(folder.path, 'checkout')
    await chmod(folder.path, 0o755)
    for (const path of [temp, checkout]) await mkdir(path)
    program = join(checkout, 'server-user.mjs')
    await build({
      input: fileURLToPath(new URL('./server-user.ts', import.meta.url)),
      platform: 'node',
      external: ['pg-native'],
      output: { file: program, format: 'esm' },
      logLevel: 'silent',
    })
    await copyFile(new URL('./supervisor.mjs', import.meta.url), join(checkout, 'supervisor.mjs'))
    const name = `postgres-16-${platformName()}`
    await cp(
      fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)),
      join(checkout, 'node_modules', name),
      {
        recursive: true,
        dereference: true,
      },
    )
    if (identity !== undefined) {
      const all = await readdir(checkout, { recursive: true })
      for (const path of ['.', ...all]) await chown(join(checkout, path), identity.uid, identity.gid)
      await chown(temp, identity.uid, identity.gid)
    }
    await chmod(checkout, 0o700)
    await chmod(temp, 0o755)
    environment = { PATH: process.env.PATH, TMPDIR: temp }
  })
  afterAll(() => folder[Symbol.asyncDispose]())

  async function run(ending: string) {
    const child = spawn(process.execPath, [program, '16', ending], {
      ...identity,
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const ended = new Promise<number | string>((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
    })
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve)
      ended.then((code) => reject(new Error(`ended with ${code}: ${said}`)))
    })
    const server = JSON.parse(line) as { readonly folder: string; readonly port: number; readonly url: string }
    return { child, ended, ...server }
  }

  async function expectGone(server: { readonly folder: string; readonly port: number }): Promise<void> {
    for (let waited = 0; waited < 10_000 && (await exists(server.folder)); waited += 20) await sleep(20)
    expect(await exists(server.folder)).toBe(false)
    expect(await isListening(server.port)).toBe(false)
  }

  it('several start at once on nothing but the package, and each gets its own server', async () => {
    const started = await Promise.all([run('wait'), run('wait'), run('wait')])
    const rows = await Promise.all(started.map(({ url }) => query<{ one: number }>(url, 'SELECT 1 AS one')))
    expect(rows).toEqual([[{ one: 1 }], [{ one: 1 }], [{ one: 1 }]])
    expect(new Set(started.map(({ port }) => port)).size).toBe(3)
    for (const { child } of started) child.kill()
    for (const server of started) await expectGone(server)
  })

  it.each([
    ['dispose', 0],
    ['run out', 0],
    ['exit', 0],
    ['crash', 1],
  ])('the server is gone after the process ended by "%s"', async (ending, code) => {
    const server = await run(ending)
    expect(await server.ended).toBe(code)
    await expectGone(server)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('the server is gone after %s to the process', async (signal) => {
    const server = await run('wait')
    expect(await isListening(server.port)).toBe(true)
    server.child.kill(signal)
    expect(await server.ended).toBe(signal)
    await expectGone(server)
  })

  it('a server whose process and supervisor were both killed is removed by the next one that starts', async () => {
    const orphan = await run('wait')
    const supervisor = Number.parseInt(orphan.folder.slice(orphan.folder.lastIndexOf('/') + 1), 10)
    expect(commandLine(supervisor)).toContain('supervisor.mjs')
    process.kill(supervisor, 'SIGKILL')
    orphan.child.kill('SIGKILL')
    await orphan.ended
    expect(await isListening(orphan.port)).toBe(true)

    const next = await run('dispose')
    expect(await next.ended).toBe(0)
    await expectGone(orphan)
  })
})
