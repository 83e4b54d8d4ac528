import { connect, createServer, type Socket } from 'node:net'

/**
 * A line to a real server that does to each new connection what it is told: lets it pass, closes it at once, cuts it
 * after so many bytes in one direction, or answers in the server's place that it is busy. Afterwards everything passes.
 */
export type Treatment =
  | { readonly kind: 'pass' | 'close' | 'busy' }
  | { readonly kind: 'cut'; readonly from: 'client' | 'server'; readonly afterBytes: number }

export interface UnsteadyProxy extends AsyncDisposable {
  readonly endpoint: string
  next(...treatments: readonly Treatment[]): void
  /** How many of them were used up. */
  readonly used: () => number
}

const busyBody = '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'
const busy = `HTTP/1.1 503 Slow Down\r\ncontent-type: application/xml\r\ncontent-length: ${busyBody.length}\r\nconnection: close\r\n\r\n${busyBody}`

export async function unsteadyProxy(target: string): Promise<UnsteadyProxy> {
  const port = Number(new URL(target).port)
  const waiting: Treatment[] = []
  let used = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const treatment = waiting.shift() ?? { kind: 'pass' }
    if (treatment.kind !== 'pass') used += 1
    sockets.add(client)
    client.on('error', () => {})
    if (treatment.kind === 'close') {
      client.resetAndDestroy()
      return
    }
    if (treatment.kind === 'busy') {
      client.resume()
      client.once('data', () => client.end(busy))
      return
    }
    const upstream = connect(port, '127.0.0.1')
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.pipe(upstream)
    upstream.pipe(client)
    if (treatment.kind !== 'cut') return
    let bytes = 0
    const counted = treatment.from === 'client' ? client : upstream
    counted.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > treatment.afterBytes) client.resetAndDestroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    next: (...treatments) => waiting.push(...treatments),
    used: () => used,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
