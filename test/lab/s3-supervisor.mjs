/**
 * Owns one S3 server on behalf of a test process: when that ends in whatever way, the pipe to our standard input closes,
 * the server is stopped and its folder removed. Commands come as lines (stop, start, pause, resume); each is answered by a line.
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const { program, args, folder, port } = JSON.parse(process.argv[2])
let server

function answers() {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

async function start() {
  const log = openSync(join(folder, 'log'), 'a')
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  server = child
  let ended = ''
  child.once('error', (error) => {
    ended = String(error)
  })
  child.once('exit', (code, signal) => {
    ended = `exit ${code ?? signal}`
    if (server === child) server = undefined
  })
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    if (ended !== '')
      throw new Error(
        `The S3 server did not start (${ended}):\n${readFileSync(join(folder, 'log'), 'utf8').slice(-2000)}`,
      )
    if (await answers()) return
  }
  throw new Error('The S3 server was not ready in 60 s')
}

async function stop() {
  if (server === undefined) return
  const child = server
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

const commands = {
  start,
  stop,
  pause: async () => server?.kill('SIGSTOP'),
  resume: async () => server?.kill('SIGCONT'),
}
let queue = Promise.resolve()

function leave() {
  queue = queue
    .then(stop)
    .then(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
    .finally(() => process.exit())
}

process.stdout.on('error', () => {})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, leave)
createInterface({ input: process.stdin })
  .on('line', (line) => {
    queue = queue.then(async () => {
      const error = await commands[line]().then(() => null, String)
      process.stdout.write(`${JSON.stringify({ error })}\n`)
    })
  })
  .on('close', leave)
