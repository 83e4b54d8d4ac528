import { readdir } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../../lab/query.ts'
import { type LabServer, startServer } from '../../lab/server.ts'
import { tempFolder } from '../../lab/temp.ts'
import { backUp, failureOf } from './lab-backup.ts'

/** A line to the server that can be cut, and says once when so many bytes have come through it. */
async function lineTo(port: number, bytes: number, onBytes: () => void) {
  let left = bytes
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    upstream.on('data', (chunk) => {
      const before = left
      left -= chunk.length
      if (before > 0 && left <= 0) onBytes()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
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
    // What is committed is not always written yet (synchronous_commit is off here), and a crash would take the table.
    await query(server.superuserUrl('shop'), 'CHECKPOINT')
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test.each([
    ['the server crashes', 'custom'],
    ['the server crashes', 'directory'],
    ['the network is cut', 'custom'],
    ['the network is cut', 'directory'],
  ] as const)('%s (%s): nothing is offered, and the next backup is whole', async (what, format) => {
    await using folder = await tempFolder()
    let over: Promise<void> | undefined
    const line = await lineTo(Number(new URL(url).port), 2_000_000, () => {
      over = what === 'the server crashes' ? server.kill() : Promise.resolve(line.cut())
    })
    const through = url.replace(/:\d+\//, `:${line.port}/`)
    const failure = await failureOf(
      backUp(through, folder.path, {
        shape: { format, jobs: format === 'directory' ? 2 : 'auto', compression: 'auto' },
      }),
    )
    if (over === undefined) throw new Error('so much never came through')
    await over
    line.cut()
    expect(failure.code).toMatch(/^(?:BACKUP\.DUMP_FAILED|DATABASE\.CONNECTION_LOST|DATABASE\.UNREACHABLE)$/)
    expect(await readdir(folder.path)).toEqual([])
    if (what === 'the server crashes') await server.restart()
    const next = await backUp(url, folder.path)
    expect(next.tier).toBe('decoded')
    expect(next.manifest.tables.map((table) => table.name)).toEqual(['item'])
  })
})
