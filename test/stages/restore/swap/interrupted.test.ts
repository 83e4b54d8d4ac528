import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { failureOf } from '../../backup/lab-backup.ts'
import { type Clients, startClients } from './clients.ts'
import { databasesOf, dropDatabases, rowIn, swap, twoDatabases } from './lab-swap.ts'

let server: LabServer
let clients: Clients | undefined

beforeAll(async () => {
  // What a crash may take is the server's business only as far as it had promised to keep it.
  server = await startServer(17, { settings: { synchronous_commit: 'on' } })
})
afterEach(async () => {
  await clients?.stop()
  clients = undefined
  await dropDatabases(server)
})
afterAll(() => server[Symbol.asyncDispose]())

/** Either the one or the other, whole, under the name that the application knows; never neither, never a third state. */
async function isWhole(url: string): Promise<'before' | 'after'> {
  // A session whose client is gone ends within a second (client_connection_check_interval), and nobody waits at the door longer.
  // Who waited there is told that the database has just been renamed, and comes in the next time.
  const row = await rowIn(url).catch(() => rowIn(url))
  const names = await databasesOf(server)
  if (row === 'present') {
    expect(names).toEqual(['shop', 'shop_restored'])
    return 'before'
  }
  expect(row).toBe('restored')
  expect(names).toEqual(['shop', expect.stringMatching(/^shop_before_.* \(shut\)$/)])
  return 'after'
}

/** The first: before the server was told to begin. */
const nothingSwapped = /^(DATABASE.CONNECTION_LOST|DATABASE.UNREACHABLE|RESTORE.CANNOT_SWAP)$/

async function endOf(swapping: Promise<unknown>): Promise<string> {
  return await swapping.then(
    () => 'after',
    async (thrown: unknown) => (await failureOf(Promise.reject(thrown))).code,
  )
}

async function finish(url: string): Promise<void> {
  if ((await isWhole(url)) === 'before') await swap(url)
  expect(await isWhole(url)).toBe('after')
}

const program = fileURLToPath(new URL('./swap-process.ts', import.meta.url))

interface Started {
  readonly child: ChildProcess
  said(text: string): Promise<void>
  readonly left: Promise<unknown>
}

function startSwap(url: string): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', program, url], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return {
    child,
    said: async (text) => {
      await expect.poll(() => output, { timeout: 20_000, interval: 1 }).toContain(text)
    },
    left: new Promise((resolve) => child.once('exit', resolve)),
  }
}

describe('a process that is killed with SIGKILL', () => {
  test.each([0, 15, 60, 110])('%i ms after it began to rename', async (delayMs) => {
    const url = await twoDatabases(server)
    clients = await startClients(url, { writes: false })
    const started = startSwap(url)
    await started.said('renaming')
    await sleep(delayMs)
    started.child.kill('SIGKILL')
    await started.left
    await isWhole(url)
    await finish(url)
    expect(clients.longestGapMs()).toBeLessThan(2_500)
  })
})

/** A wire that can be cut. */
async function wire(to: number): Promise<{ readonly port: number; cut(): void } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const proxy: Server = createServer((near) => {
    const far = dial(to, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    cut,
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

describe('a connection that is cut', () => {
  test.each([0, 40, 105])('%i ms after the renaming began: the run finds out how it ended', async (delayMs) => {
    const url = await twoDatabases(server)
    clients = await startClients(url, { writes: false })
    await using line = await wire(server.port)
    const through = url.replace(`:${server.port}/`, `:${line.port}/`)
    const ended = await endOf(
      swap(through, {
        onProgress: (text) => {
          if (text.includes('renaming')) setTimeout(line.cut, delayMs)
        },
      }),
    )
    const state = await isWhole(url)
    expect(ended).toMatch(state === 'after' ? /^after$/ : nothingSwapped)
    await finish(url)
  })
})

describe('a server that crashes', () => {
  test.each([0, 60, 110])(
    '%i ms after the renaming began: one of the two is there after its recovery',
    async (delayMs) => {
      const url = await twoDatabases(server)
      let restarted = Promise.resolve()
      const ended = await endOf(
        swap(url, {
          onProgress: (text) => {
            if (!text.includes('renaming')) return
            restarted = sleep(delayMs)
              .then(() => server.kill())
              .then(() => server.restart())
          },
        }),
      )
      await restarted
      const state = await isWhole(url)
      expect(ended).toMatch(state === 'after' ? /^after$/ : nothingSwapped)
      await finish(url)
    },
  )
})
