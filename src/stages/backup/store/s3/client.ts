import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { cancellation } from '../../../../cancellation.ts'
import { FailureError, messageOf } from '../../../../errors.ts'
import type { CredentialSource } from './credentials.ts'
import type { Endpoint } from './endpoint.ts'
import { explainRefusal, type Refused, unreachable } from './explain.ts'
import { type Body, exchange, networkErrno, readText } from './http.ts'
import { delayBeforeNext, type Outcome } from './retry.ts'
import { encodePath, encodeQuery, sha256Of, sign } from './sign.ts'
import { textOf } from './xml.ts'

/** Signed requests to one bucket, sent again where that may help; what remains is a Failure. */

export interface Call {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Empty for the bucket itself. */
  readonly key: string
  readonly query?: readonly (readonly [string, string])[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: { readonly content: Body; readonly sha256: string }
  /** For messages, and for whoever writes the policy. */
  readonly action: string
  /** Refusals that the caller makes something of, by code or status. */
  readonly expected?: readonly (string | number)[]
  readonly idleMs?: number
  /** In place of the run's own: for what has to be done after that was cancelled. */
  readonly signal?: AbortSignal
}

export type Answer<Value> =
  | { readonly kind: 'ok'; readonly value: Value; readonly headers: IncomingMessage['headers'] }
  | { readonly kind: 'refused'; readonly refused: Refused }

const silenceMs = 60_000
const nothing = { content: { kind: 'bytes', bytes: new Uint8Array() }, sha256: sha256Of('') } as const

export class S3Client {
  readonly store: string
  readonly #bucket: string
  readonly #endpoint: Endpoint
  readonly #credentials: CredentialSource
  readonly #signal: AbortSignal

  constructor(place: {
    store: string
    bucket: string
    endpoint: Endpoint
    credentials: CredentialSource
    signal: AbortSignal
  }) {
    this.store = place.store
    this.#bucket = place.bucket
    this.#endpoint = place.endpoint
    this.#credentials = place.credentials
    this.#signal = place.signal
    // Every request under way listens to it: Node.js takes more than ten for a leak, and says so.
    setMaxListeners(0, place.signal)
  }

  /** The answer's text; a refusal that was not expected is thrown. */
  async text(call: Call): Promise<Answer<string>> {
    return this.take(call, readText)
  }

  /** `use` reads the answer's body; when the connection breaks meanwhile, everything is asked for again. */
  async take<Value>(call: Call, use: (response: IncomingMessage) => Promise<Value>): Promise<Answer<Value>> {
    const signal = call.signal ?? this.#signal
    for (let attempt = 1; ; attempt += 1) {
      let outcome: Outcome
      let failure: FailureError
      try {
        const response = await this.#send(call, signal)
        const status = response.statusCode ?? 0
        if (status >= 200 && status < 300) {
          return { kind: 'ok', value: await use(response), headers: response.headers }
        }
        const refused = await readRefusal(response)
        if (isExpected(call, refused)) return { kind: 'refused', refused }
        outcome = { kind: 'status', ...refused, retryAfter: response.headers['retry-after'] }
        failure = new FailureError(explainRefusal(refused, this.#asked(call)))
      } catch (thrown) {
        if (signal.aborted) throw cancellation(signal.reason)
        const errno = networkErrno(thrown)
        // What the file system or the code says is no matter of the network.
        if (thrown instanceof FailureError || errno === '' || isOfFiles(errno)) throw thrown
        outcome = { kind: 'network', errno }
        failure = new FailureError(unreachable(this.store, `${call.action}: ${messageOf(thrown)} (${errno}).`), {
          cause: thrown,
        })
      }
      const delayMs = delayBeforeNext(outcome, attempt, Math.random())
      if (delayMs === undefined) throw failure
      await sleep(delayMs, undefined, { signal }).catch(() => {
        throw cancellation(signal.reason)
      })
    }
  }

  /** For answers that come with 200 and are refusals all the same. */
  refusal(xml: string, call: Call): FailureError {
    const refused = {
      status: 200,
      code: textOf(xml, 'Code') ?? '',
      message: textOf(xml, 'Message') ?? '',
      region: undefined,
    }
    return new FailureError(explainRefusal(refused, this.#asked(call)))
  }

  async #send(call: Call, signal: AbortSignal): Promise<IncomingMessage> {
    const { content, sha256 } = call.body ?? nothing
    const path = encodePath(`${this.#endpoint.root}${call.key}`)
    const query = call.query ?? []
    const headers = sign(
      {
        method: call.method,
        host: this.#endpoint.host,
        path,
        query,
        headers: call.headers ?? {},
        payloadSha256: sha256,
      },
      await this.#credentials.get(signal),
      { region: this.#endpoint.region, service: 's3', at: new Date() },
    )
    return exchange({
      method: call.method,
      origin: this.#endpoint.origin,
      path: query.length === 0 ? path : `${path}?${encodeQuery(query)}`,
      headers,
      body: content,
      idleMs: call.idleMs ?? silenceMs,
      signal,
    })
  }

  #asked({ action, key }: Call) {
    return { store: this.store, bucket: this.#bucket, region: this.#endpoint.region, action, key }
  }
}

async function readRefusal(response: IncomingMessage): Promise<Refused> {
  const xml = await readText(response)
  const region = response.headers['x-amz-bucket-region']
  return {
    status: response.statusCode ?? 0,
    code: textOf(xml, 'Code') ?? '',
    message: textOf(xml, 'Message') ?? '',
    region: textOf(xml, 'Region') ?? (typeof region === 'string' ? region : undefined),
  }
}

function isExpected({ expected = [] }: Call, { status, code }: Refused): boolean {
  return expected.includes(code) || expected.includes(status)
}

function isOfFiles(errno: string): boolean {
  return /^(ENOENT|EACCES|EPERM|EIO|EISDIR|ENOSPC|EDQUOT|EMFILE|EROFS|EEXIST)$|^ERR_/.test(errno)
}
