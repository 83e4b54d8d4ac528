import { createReadStream } from 'node:fs'
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as HttpsAgent, request as tlsRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { errnoOf } from '../../../../migrations/errno.ts'

import { delayBeforeNext } from './retry.ts'

/** One HTTP exchange. Bodies are bytes or a range of a file: both can be sent again. */

export type Body =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly start: number; readonly bytes: number }

export interface Exchange {
  readonly method: string
  /** https://host:port */
  readonly origin: string
  /** With the query, encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
  /** How long the other side may be silent. */
  readonly idleMs: number
  readonly signal: AbortSignal
}

const connections = {
  'http:': new HttpAgent({ keepAlive: true, maxSockets: 16 }),
  'https:': new HttpsAgent({ keepAlive: true, maxSockets: 16 }),
}

export async function exchange(wanted: Exchange): Promise<IncomingMessage> {
  const url = new URL(wanted.origin)
  const secure = url.protocol === 'https:'
  const length = wanted.body.kind === 'bytes' ? wanted.body.bytes.length : wanted.body.bytes
  const options = {
    method: wanted.method,
    hostname: url.hostname.replaceAll(/[[\]]/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    path: wanted.path,
    headers: { ...wanted.headers, 'content-length': String(length) },
    signal: wanted.signal,
  }
  const request = secure
    ? tlsRequest({ ...options, agent: connections['https:'] })
    : plainRequest({ ...options, agent: connections['http:'] })
  request.setTimeout(wanted.idleMs, () => {
    request.destroy(networkError('ETIMEDOUT', `no answer for ${wanted.idleMs / 1_000} s`))
  })
  return new Promise((resolve, reject) => {
    // A server that refuses answers before it has read the body, and then closes: the answer counts, not the broken pipe.
    let answered = false
    request.on('response', (response) => {
      answered = true
      resolve(response)
    })
    request.on('error', (error) => {
      if (!answered) reject(error)
    })
    send(request, wanted.body)
  })
}

function send(request: ClientRequest, body: Body): void {
  if (body.kind === 'bytes') {
    request.end(body.bytes)
    return
  }
  const file = createReadStream(body.path, {
    start: body.start,
    end: body.start + body.bytes - 1,
    highWaterMark: 262_144,
  })
  file.on('error', (error) => request.destroy(error))
  request.on('close', () => file.destroy())
  file.pipe(request)
}

/** For the small questions besides S3: sent again as long as that may help, and then whatever it was. */
export async function askAgain(wanted: Exchange): Promise<{ readonly status: number; readonly text: string }> {
  for (let attempt = 1; ; attempt += 1) {
    let delayMs: number | undefined
    try {
      const response = await exchange(wanted)
      const status = response.statusCode ?? 0
      const text = await readText(response)
      delayMs = delayBeforeNext({ kind: 'status', status, code: '', retryAfter: undefined }, attempt, Math.random())
      if (delayMs === undefined) return { status, text }
    } catch (thrown) {
      delayMs = delayBeforeNext({ kind: 'network', errno: networkErrno(thrown) }, attempt, Math.random())
      if (delayMs === undefined) throw thrown
    }
    await sleep(delayMs, undefined, { signal: wanted.signal })
  }
}

/** No answer of this kind is large; one that is, is not what it says. */
const longestText = 64 * 1_048_576

export async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > longestText) {
      response.destroy()
      throw networkError('EMSGSIZE', `an answer of more than ${longestText} bytes`)
    }
    chunks.push(chunk)
  }
  if (!response.complete) throw networkError('ECONNRESET', 'the answer was cut off')
  return Buffer.concat(chunks).toString('utf8')
}

export function networkError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** Empty where it was not the network. */
export function networkErrno(thrown: unknown): string {
  const own = errnoOf(thrown)
  if (own !== '') return own
  return thrown instanceof AggregateError ? (thrown.errors.map(errnoOf).find((code) => code !== '') ?? '') : ''
}
