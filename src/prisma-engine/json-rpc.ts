import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type EngineFailure, toEngineFailure } from './failures.ts'

export type Answer = (method: string, params: unknown, print: (text: string) => void) => Promise<unknown>

/** Requests come as lines and are answered one after the other. */
export class RpcConnection {
  readonly #input: Readable
  readonly #output: Writable
  /** Asked and not yet answered, in order. */
  readonly #pending: unknown[] = []
  #printed = 0

  constructor(input: Readable, output: Writable) {
    this.#input = input
    this.#output = output
  }

  /** Until the input is closed; the answer to the last request is then of no use to anybody. */
  async serve(answer: Answer): Promise<void> {
    let last: Promise<void> = Promise.resolve()
    for await (const line of createInterface({ input: this.#input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === '') continue
      const request = readRequest(line)
      if (request === 'acknowledgement') continue
      if (request === undefined) {
        this.#send({ id: null, error: { code: -32700, message: 'Parse error' } })
        continue
      }
      const { id, method, params } = request
      this.#pending.push(id)
      last = last
        .then(() => answer(method, params, (text) => this.#print(text)))
        .then((result) => this.#reply(id, { result: result ?? null }))
        .catch((thrown: unknown) => this.#reply(id, { error: errorOf(toEngineFailure(thrown)) }))
    }
  }

  /** Answers whatever is still open, because nothing else is going to. */
  abandon(failure: EngineFailure): void {
    for (const id of [...this.#pending]) this.#reply(id, { error: errorOf(failure) })
  }

  #reply(id: unknown, outcome: object): void {
    const at = this.#pending.indexOf(id)
    if (at === -1) return
    this.#pending.splice(at, 1)
    this.#send({ id, ...outcome })
  }

  /** The CLI writes it to its own stdout and acknowledges; it reads lines in order, so there is nothing to wait for. */
  #print(content: string): void {
    this.#send({ id: this.#printed++, method: 'print', params: { content } })
  }

  #send(message: object): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
}

interface Request {
  readonly id: unknown
  readonly method: string
  readonly params: unknown
}

function readRequest(line: string): Request | 'acknowledgement' | undefined {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof message !== 'object' || message === null) return undefined
  const { id, method, params } = message as Readonly<Record<string, unknown>>
  if (typeof method === 'string') return { id: id ?? null, method, params }
  return 'result' in message || 'error' in message ? 'acknowledgement' : undefined
}

function errorOf(failure: EngineFailure): object {
  const known = failure.code === undefined ? {} : { error_code: failure.code, meta: failure.meta }
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: { is_panic: false, message: failure.message, ...known },
  }
}
