import { IncomingWebhook, IncomingWebhookHTTPError } from '@slack/webhook'
import { Redactor } from '../redact.ts'
import type { NotifyEvent, NotifyKind } from './event.ts'
import { slackMessage } from './slack-message.ts'

/**
 * Tells Slack and can neither fail nor hold up a deploy: `tell` returns at once, nothing here throws, every message has
 * a deadline, and what became of it comes back as data. @slack/webhook 8 has no deadline of its own and gives up at once
 * on 429, which is why both are added here.
 */

export type Delivery =
  | { readonly kind: 'told'; readonly event: NotifyKind }
  | { readonly kind: 'not-told'; readonly event: NotifyKind; readonly reason: string }

export interface Slack {
  tell(event: NotifyEvent): void
  /** Waits for what is under way, no longer than the bound, and gives up on the rest. */
  flush(): Promise<readonly Delivery[]>
}

export interface SlackOptions {
  /** For one message, its retry included. */
  readonly messageTimeoutMs?: number
  readonly flushTimeoutMs?: number
  /** Values that must not leave with a message, whatever text they got into. */
  readonly redactor?: Redactor
}

/** For a server error without Retry-After. */
const pauseBeforeRetryMs = 1_000

export function createSlack(webhookUrl: string, options: SlackOptions = {}): Slack {
  const { messageTimeoutMs = 5_000, flushTimeoutMs = 7_000, redactor = new Redactor() } = options
  redactor.add([webhookUrl])
  const url = webhookUrl.trim()
  const problem = problemWith(url)
  const giveUp = new AbortController()
  const deliveries: Promise<Delivery>[] = []

  const tell = (event: NotifyEvent): void => {
    // One after the other: the channel shall read "started" before "applied".
    const previous = deliveries.at(-1)
    deliveries.push(
      (async (): Promise<Delivery> => {
        try {
          await previous
          if (problem !== undefined) return { kind: 'not-told', event: event.kind, reason: problem }
          const message = slackMessage(redacted(event, redactor))
          await deliver(url, { ...message, blocks: [...message.blocks] }, messageTimeoutMs, giveUp.signal)
          return { kind: 'told', event: event.kind }
        } catch (thrown) {
          return { kind: 'not-told', event: event.kind, reason: reasonOf(thrown) }
        }
      })(),
    )
  }

  const flush = async (): Promise<readonly Delivery[]> => {
    const timer = setTimeout(() => giveUp.abort(new OutOfTime(flushTimeoutMs)), flushTimeoutMs)
    try {
      return await Promise.all(deliveries)
    } finally {
      clearTimeout(timer)
    }
  }

  return { tell, flush }
}

/** One line for the log. */
export function describeDelivery(delivery: Delivery): string {
  return delivery.kind === 'told'
    ? `Slack was told: ${delivery.event}.`
    : `Slack was not told (${delivery.event}): ${delivery.reason}.`
}

/** Before the message is built: once escaped for Slack, a secret would no longer be found. */
function redacted(event: NotifyEvent, redactor: Redactor): NotifyEvent {
  return { ...redactor.value(event), kind: event.kind } as NotifyEvent
}

async function deliver(url: string, message: SlackPayload, timeoutMs: number, giveUp: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs
  const first = await attempt(url, message, timeoutMs, giveUp)
  if (first.kind === 'sent') return
  const waitMs = first.retryAfterMs
  if (waitMs >= deadline - Date.now()) throw first.error
  await pause(waitMs, giveUp)
  const second = await attempt(url, message, deadline - Date.now(), giveUp)
  if (second.kind === 'again') throw second.error
}

type SlackPayload = Parameters<IncomingWebhook['send']>[0]
type Attempt =
  | { readonly kind: 'sent' }
  | { readonly kind: 'again'; readonly retryAfterMs: number; readonly error: IncomingWebhookHTTPError }

async function attempt(url: string, message: SlackPayload, timeoutMs: number, giveUp: AbortSignal): Promise<Attempt> {
  let retryAfter: string | null = null
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(new OutOfTime(timeoutMs)), timeoutMs)
  const stop = () => abort.abort(giveUp.reason)
  giveUp.addEventListener('abort', stop, { once: true })
  if (giveUp.aborted) stop()
  try {
    const webhook = new IncomingWebhook(url, {
      async fetch(address, init) {
        // `manual` instead of the library's `error`: a redirect then says its status instead of "fetch failed".
        const response = await fetch(address, { ...init, redirect: 'manual', signal: abort.signal })
        retryAfter = response.headers.get('retry-after')
        return response
      },
    })
    await webhook.send(message)
    return { kind: 'sent' }
  } catch (thrown) {
    if (abort.signal.aborted) throw abort.signal.reason
    if (!(thrown instanceof IncomingWebhookHTTPError)) throw thrown
    const transient = thrown.statusCode === 429 || thrown.statusCode >= 500
    if (!transient) throw thrown
    return { kind: 'again', retryAfterMs: milliseconds(retryAfter), error: thrown }
  } finally {
    clearTimeout(timer)
    giveUp.removeEventListener('abort', stop)
  }
}

/** Retry-After is seconds or a date (RFC 9110, 10.2.3). */
function milliseconds(retryAfter: string | null): number {
  if (retryAfter === null) return pauseBeforeRetryMs
  if (/^\d+$/.test(retryAfter.trim())) return Number(retryAfter) * 1_000
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? pauseBeforeRetryMs : Math.max(0, at - Date.now())
}

async function pause(ms: number, giveUp: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(giveUp.reason)
    }
    const timer = setTimeout(() => {
      giveUp.removeEventListener('abort', stop)
      resolve()
    }, ms)
    giveUp.addEventListener('abort', stop, { once: true })
    if (giveUp.aborted) stop()
  })
}

class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
  constructor(ms: number) {
    super(`no answer within ${(Math.max(0, ms) / 1000).toFixed(1)} s`)
  }
}

function problemWith(url: string): string | undefined {
  if (!URL.canParse(url)) return 'the webhook URL cannot be read as a URL'
  const { protocol, hostname } = new URL(url)
  const local = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost'
  return protocol === 'https:' || (protocol === 'http:' && local)
    ? undefined
    : 'the webhook URL does not begin with https://'
}

/** Never the message of an unknown error: those of `fetch` repeat the URL, and the URL is the password. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof OutOfTime) return thrown.message
  if (thrown instanceof IncomingWebhookHTTPError) return httpReason(thrown)
  const code = codeOf(thrown)
  return code === undefined ? 'the request could not be made' : `the connection failed (${code})`
}

function httpReason({ statusCode, body }: IncomingWebhookHTTPError): string {
  if (statusCode >= 300 && statusCode < 400) return `it answered HTTP ${statusCode}, a redirect, which is not followed`
  // Slack explains itself in one word such as `no_service` or `channel_is_archived`; a proxy answers with a page.
  const word = /^[a-z][a-z0-9_]{2,59}$/.exec(String(body ?? '').trim())?.[0]
  return `it answered HTTP ${statusCode}${word === undefined ? '' : ` (${word})`}`
}

function codeOf(thrown: unknown): string | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; depth++) {
    if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code)) return error.code
    error = 'original' in error ? error.original : error.cause
  }
  return undefined
}
