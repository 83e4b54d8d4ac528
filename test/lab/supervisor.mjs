/**
 * Owns one PostgreSQL server on behalf of a test process, and outlives it by as long as it takes to clean up: when the
 * test process ends in whatever way, the pipe to our standard input closes, the server is stopped and its folder removed.
 * Plain JavaScript, because it is started by every Node.js from 20 on without a loader.
 *
 * Commands come as lines on stdin (start, stop, kill, dispose); each is answered by one line of JSON on stdout.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const { run, bin, template, settings, identity } = JSON.parse(process.argv[2])
const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
const folder = join(run, `${process.pid}-${randomBytes(3).toString('hex')}`)
const data = join(folder, 'data')
const log = join(folder, 'log')
let port = 0
let server // the running postmaster

function prepare() {
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  for (const path of [data, join(folder, 'socket')]) {
    mkdirSync(path)
    chmodSync(path, 0o700)
    if (identity) chownSync(path, identity.uid, identity.gid)
  }
  const copied = spawnSync('cp', ['-R', '-p', `${template}/.`, data], { ...identity, cwd: '/', encoding: 'utf8' })
  if (copied.status !== 0) throw new Error(`The data folder could not be copied: ${copied.error ?? copied.stderr}`)
}

function isFree(candidate) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(candidate, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** Below the range that outgoing connections take their ports from, so that a stopped server finds its port free again. */
async function freePort() {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const candidate = randomInt(15_000, 32_000)
    if (await isFree(candidate)) return candidate
  }
  throw new Error('No free port found on 127.0.0.1')
}

async function start() {
  if (server) throw new Error('The server is running already')
  if (!existsSync(folder)) prepare()
  const fixed = port !== 0
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (!fixed) port = await freePort()
    if (await startOn(port)) return
    await sleep(fixed ? 100 : 0)
  }
  throw new Error(`The server could not listen on 127.0.0.1:${port}`)
}

/** True when ready, false when somebody else has the port. */
async function startOn(chosenPort) {
  const options = {
    listen_addresses: '127.0.0.1',
    port: chosenPort,
    unix_socket_directories: join(folder, 'socket'),
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    timezone: 'UTC',
    ...settings,
  }
  const output = openSync(log, 'w')
  const child = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A group of its own: a signal for the group of the tests must not stop the server behind our back.
    { ...identity, cwd: '/', env: environment, stdio: ['ignore', output, output], detached: true },
  )
  closeSync(output)
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(String(error)))
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal}`))
  })
  const started = { child, ended, running: true }
  ended.then(() => {
    started.running = false
    if (server === started) server = undefined
  })
  server = started
  const deadline = Date.now() + 60_000
  while (started.running) {
    if (isReady(child.pid)) return true
    if (Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`The server was not ready in 60 s:\n${readFileSync(log, 'utf8')}`)
    }
    await sleep(10)
  }
  const said = readFileSync(log, 'utf8')
  if (/Address already in use/i.test(said)) return false
  throw new Error(`The server did not start (${await ended}):\n${said}`)
}

/** The eighth line of postmaster.pid says "ready" once connections are let in (pg_ctl waits for the same). */
function isReady(pid) {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return false
  const lines = readFileSync(file, 'utf8').split('\n')
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

/** SIGINT: disconnect everyone and shut down in order. SIGQUIT: at once, to be recovered from the log at the next start. */
async function end(signal) {
  if (!server) return
  const ending = server
  ending.child.kill(signal)
  const late = sleep(20_000, 'late', { ref: false })
  if ((await Promise.race([ending.ended, late])) === 'late') {
    ending.child.kill('SIGKILL')
    await ending.ended
  }
}

async function dispose() {
  await end('SIGQUIT')
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}

const commands = { start, stop: () => end('SIGINT'), kill: () => end('SIGQUIT'), dispose }
let queue = Promise.resolve()

function enqueue(command) {
  queue = queue.then(async () => {
    try {
      await commands[command]()
      answer({ ok: true, port, folder })
    } catch (error) {
      answer({ ok: false, error: error instanceof Error ? error.message : String(error) })
    }
  })
}

function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

function leave() {
  queue = queue.then(dispose).finally(() => process.exit())
}

// The reader may be gone already: that is what we are here for.
process.stdout.on('error', () => {})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, leave)
createInterface({ input: process.stdin }).on('line', enqueue).on('close', leave)
