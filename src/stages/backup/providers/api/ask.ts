import { setTimeout as sleep } from 'node:timers/promises'
import { FailureError, fail, messageOf } from '../../../../errors.ts'
import { Redactor } from '../../../../redact.ts'
import { codeFor, delayBeforeNext, type Heard, mayAskAgain, mayHaveHappened } from './decide.ts'

/** Questions to a provider’s HTTP API, put again as long as that is safe and there is time. */

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** For a POST that may be carried out twice without harm. */
  readonly repeatable?: boolean
}

export interface Api {
  /** In words for a person: `Neon`. */
  readonly provider: string
  readonly secrets: readonly string[]
  /** Where credentials come from and what they need. */
  readonly credentialSteps: readonly string[]
  /** For each question, with all that it is put again. */
  readonly patienceMs: number
  /** How long one answer may take. */
  readonly answerMs: number
  /** What the provider says in a refusal. */
  readonly reasonIn: (text: string) => string
  /** Which of its refusals are about credentials, or pass, whatever the status says. */
  readonly statusIn?: (status: number, text: string) => number
}

export interface ApiAnswer {
  readonly status: number
  readonly text: string
}

/** Thrown where it cannot be told whether the question was carried out; the caller has to look. */
export class UncertainError extends FailureError {}

const longestAnswer = 16 * 1_048_576

export async function ask(
  api: Api,
  request: () => ApiRequest | Promise<ApiRequest>,
  signal: AbortSignal,
): Promise<ApiAnswer> {
  const startedMs = performance.now()
  for (let asked = 1; ; asked += 1) {
    // Made anew each time: a signature carries the time.
    const wanted = await request()
    const { heard, text } = await exchange(api, wanted, signal)
    if (heard.kind === 'status' && heard.status < 300) return { status: heard.status, text }
    const repeatable = wanted.repeatable ?? wanted.method === 'GET'
    const leftMs = api.patienceMs - (performance.now() - startedMs)
    const delay = mayAskAgain(heard, { repeatable })
      ? delayBeforeNext(heard, asked, Math.random(), leftMs, new Date())
      : undefined
    if (delay === undefined) throw failureOf(api, wanted, heard, text, asked)
    await sleep(delay, undefined, { signal }).catch(() => undefined)
    stopIfCancelled(api, signal)
  }
}

async function exchange(
  api: Api,
  { method, url, headers, body }: ApiRequest,
  signal: AbortSignal,
): Promise<{ readonly heard: Heard; readonly text: string }> {
  stopIfCancelled(api, signal)
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'user-agent': 'airlock' },
      body,
      // Credentials are for this host alone.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(api.answerMs)]),
    })
    const text = await readText(response)
    const status = api.statusIn?.(response.status, text) ?? response.status
    return { heard: { kind: 'status', status, retryAfter: response.headers.get('retry-after') }, text }
  } catch (thrown) {
    stopIfCancelled(api, signal)
    return { heard: { kind: 'network', sent: !neverSent.has(errnoIn(thrown)) }, text: sayNetwork(thrown) }
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > longestAnswer) throw new Error(`an answer of more than ${longestAnswer} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Errors of a connection that was never there. */
const neverSent: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** fetch wraps what went wrong in a TypeError. */
function errnoIn(thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
    if ('code' in error && typeof error.code === 'string') return error.code
    if (error instanceof AggregateError) return errnoIn(error.errors[0])
  }
  return ''
}

function sayNetwork(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return [messageOf(thrown), ...(cause === undefined ? [] : [messageOf(cause) || errnoIn(cause)])].join(': ')
}

function stopIfCancelled({ provider }: Api, signal: AbortSignal): void {
  if (!signal.aborted) return
  throw fail(
    'RUN.CANCELLED',
    {
      what: 'The run was cancelled.',
      why: `It waited for ${provider}.`,
      next: [`Look at ${provider} for what was begun, then start the run again.`],
    },
    { cause: signal.reason },
  )
}

function failureOf(api: Api, { method, url }: ApiRequest, heard: Heard, text: string, asked: number): FailureError {
  const redactor = new Redactor()
  redactor.add(api.secrets)
  const code = codeFor(heard)
  const said = heard.kind === 'status' ? `answered ${heard.status}: ${api.reasonIn(text)}` : `did not answer: ${text}`
  const failure = {
    code,
    what: whatFor(code, api.provider),
    why: redactor.text(`${method} ${url.origin}${url.pathname} ${said}${asked > 1 ? ` (asked ${asked} times)` : ''}`),
    next: [
      ...(code === 'PROVIDER.CREDENTIALS' ? api.credentialSteps : []),
      ...(code === 'PROVIDER.REFUSED' ? ['Check the names in airlock.yml against those that the provider shows.'] : []),
      ...(code === 'PROVIDER.UNREACHABLE' || code === 'PROVIDER.NOT_READY'
        ? [`Look at the status page of ${api.provider}, then run this again.`]
        : []),
      ...(code === 'PROVIDER.UNEXPECTED' ? ['Use `strategy: pg_dump`, which needs no provider.'] : []),
    ],
  } as const
  return mayHaveHappened(heard) && method !== 'GET' ? new UncertainError(failure) : new FailureError(failure)
}

function whatFor(code: ReturnType<typeof codeFor>, provider: string): string {
  switch (code) {
    case 'PROVIDER.CREDENTIALS':
      return `${provider} does not accept the credentials, or they do not allow this.`
    case 'PROVIDER.NOT_READY':
      return `${provider} is busy with another operation on this database.`
    case 'PROVIDER.UNREACHABLE':
      return `${provider} cannot be reached.`
    case 'PROVIDER.UNEXPECTED':
      return `${provider} answered in a way that this release does not know.`
    default:
      return `${provider} refuses what was asked of it.`
  }
}
