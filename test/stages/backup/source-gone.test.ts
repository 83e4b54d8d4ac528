import { readdir } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../lab/query.ts'
import { type LabServer, startServer } from '../../lab/server.ts'
import { tempFolder } from '../../lab/temp.ts'
import { backUp, failureOf } from './lab-backup.ts'

/** A line to the server that can be cut. */
async function lineTo(port: number) {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    cut: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

describe('in the middle of a dump', () => {
  let server: LabServer
  let url: string
  beforeAll(async () => {
    server = await startServer(17)
    url = await server.createDatabase('shop')
    await query(url, `CREATE TABLE item AS SELECT i AS id, md5(i::text) AS text FROM generate_series(1, 400000) i`)
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test.each([
    ['the server crashes', 'custom'],
    ['the server crashes', 'directory'],
    ['the network is cut', 'custom'],
    ['the network is cut', 'directory'],
  ] as const)('%s (%s): nothing is offered, and the next backup is whole', async (what, format) => {
    await using folder = await tempFolder()
    const line = await lineTo(Number(new URL(url).port))
    const through = url.replace(/:\d+\//, `:${line.port}/`)
    let over: Promise<void> | undefined
    const failure = await failureOf(
      backUp(what === 'the server crashes' ? url : through, folder.path, {
        shape: { format, jobs: format === 'directory' ? 2 : 'auto', compression: 'auto' },
        onProgress: (step) => {
          if (!step.startsWith('pg_dump')) return
          over = new Promise<void>((done) => {
            setTimeout(() => (what === 'the server crashes' ? void server.kill().then(done) : done(line.cut())), 150)
          })
        },
      }),
    )
    await over
    line.cut()
    expect(failure.code).toMatch(/^(?:BACKUP\.DUMP_FAILED|DATABASE\.CONNECTION_LOST|DATABASE\.UNREACHABLE)$/)
    expect(await readdir(folder.path)).toEqual([])
    if (what === 'the server crashes') await server.restart()
    expect((await backUp(url, folder.path)).tier).toBe('decoded')
  })
})
