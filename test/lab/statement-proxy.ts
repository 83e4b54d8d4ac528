import { connect, createServer, type Socket } from 'node:net'

/**
 * A line to a real server that reads what clients send, and stops a session exactly where it is told: before a message
 * passes, or when the server's whole answer to it is there and the client has not seen it. Everything else passes.
 */
export interface StatementProxy extends AsyncDisposable {
  readonly port: number
  /** The next place at which a session is stopped; what was set before is forgotten. */
  stopAt(place: Place): void
  /** Lets the stopped session go on. */
  release(): void
  /** Both ends of every connection, as a network does that loses them. */
  cut(): void
}

export interface Place {
  /** A part of the startup message, which names the application. */
  readonly session: string
  readonly side: 'before' | 'answered'
  /** `undefined` is the connection itself. */
  readonly matches: ((message: string) => boolean) | undefined
  /** Runs while the session stands still. `stay`: it never goes on, what was held back is lost with it. */
  readonly reached: () => Promise<'go on' | 'stay'>
}

const sslRequest = 80877103
const readyForQuery = 'Z'.charCodeAt(0)

export async function statementProxy(serverPort: number): Promise<StatementProxy> {
  let place: Place | undefined
  const lines = new Set<Line>()
  const server = createServer({ noDelay: true }, (client) => {
    const line = new Line(client, connect({ port: serverPort, host: '127.0.0.1', noDelay: true }), (startup, found) => {
      if (place === undefined || !startup.includes(place.session) || !found(place)) return undefined
      const here = place
      place = undefined
      return here
    })
    lines.add(line)
    line.ended.then(() => lines.delete(line))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  const cut = () => {
    for (const line of lines) line.destroy()
  }
  return {
    port: address.port,
    stopAt: (next) => {
      place = next
    },
    release: () => {
      for (const line of lines) line.goOn()
    },
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Take = (startup: string, found: (place: Place) => boolean) => Place | undefined

/** One connection. Messages of the client pass whole, so that one can be held back. */
class Line {
  readonly ended: Promise<void>
  readonly #client: Socket
  readonly #server: Socket
  readonly #take: Take
  #startup: string | undefined
  #fromClient = Buffer.alloc(0)
  #fromServer = Buffer.alloc(0)
  #answerAwaited: Place | undefined
  #standing = false
  #lost = false

  constructor(client: Socket, server: Socket, take: Take) {
    this.#client = client
    this.#server = server
    this.#take = take
    for (const socket of [client, server]) socket.on('error', () => this.destroy())
    client.on('data', (chunk: Buffer) => {
      this.#fromClient = Buffer.concat([this.#fromClient, chunk])
      this.#passClient()
    })
    server.on('data', (chunk: Buffer) => {
      this.#fromServer = Buffer.concat([this.#fromServer, chunk])
      this.#passServer()
    })
    client.on('close', () => this.destroy())
    server.on('close', () => {
      // Its last words are for the client.
      if (!this.#standing) client.end(this.#fromServer)
    })
    this.ended = new Promise((resolve) => client.once('close', () => resolve()))
  }

  destroy(): void {
    this.#client.destroy()
    this.#server.destroy()
  }

  goOn(): void {
    if (this.#lost) {
      this.destroy()
      return
    }
    this.#standing = false
    this.#passClient()
    this.#passServer()
    if (this.#server.destroyed) this.#client.end()
  }

  #passClient(): void {
    while (!this.#standing) {
      const message = this.#nextOfClient()
      if (message === undefined) return
      const place = this.#placeAt(message)
      if (place?.side === 'before') {
        this.#fromClient = Buffer.concat([message, this.#fromClient])
        this.#stand(place)
        return
      }
      if (place !== undefined) this.#answerAwaited = place
      this.#server.write(message)
    }
  }

  /** The first has no type byte (manual, 54.7), and may be asked twice where TLS is refused. */
  #nextOfClient(): Buffer | undefined {
    const buffer = this.#fromClient
    const typed = this.#startup === undefined ? 0 : 1
    if (buffer.length < typed + 4) return undefined
    const length = buffer.readInt32BE(typed) + typed
    if (buffer.length < length) return undefined
    this.#fromClient = buffer.subarray(length)
    return buffer.subarray(0, length)
  }

  #placeAt(message: Buffer): Place | undefined {
    if (this.#startup === undefined) {
      if (message.readInt32BE(4) === sslRequest) return undefined
      const startup = message.toString('latin1')
      const place = this.#take(startup, ({ matches }) => matches === undefined)
      // Seen again when it is let go.
      if (place === undefined) this.#startup = startup
      return place
    }
    const text = message.subarray(5).toString('utf8')
    return this.#take(this.#startup, ({ matches }) => matches?.(text) === true)
  }

  #passServer(): void {
    while (!this.#standing) {
      const buffer = this.#fromServer
      if (this.#answerAwaited === undefined) {
        if (buffer.length > 0) this.#client.write(buffer)
        this.#fromServer = Buffer.alloc(0)
        return
      }
      const end = endOfAnswer(buffer)
      if (end === undefined) return
      const place = this.#answerAwaited
      this.#answerAwaited = undefined
      this.#stand(place)
    }
  }

  #stand(place: Place): void {
    this.#standing = true
    place.reached().then(
      (then) => {
        if (then === 'go on') this.goOn()
        else this.#lost = true
      },
      () => this.destroy(),
    )
  }
}

function endOfAnswer(buffer: Buffer): number | undefined {
  for (let at = 0; at + 5 <= buffer.length; ) {
    const next = at + 1 + buffer.readInt32BE(at + 1)
    if (next > buffer.length) return undefined
    if (buffer[at] === readyForQuery) return next
    at = next
  }
  return undefined
}
