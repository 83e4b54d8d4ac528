import { type FailureError, fail, messageOf } from '../../../../errors.ts'
import { readRegularText } from '../../../../regular-file.ts'
import { given } from './endpoint.ts'
import { askAgain, networkErrno } from './http.ts'
import type { Credentials } from './sign.ts'
import { textOf } from './xml.ts'

/**
 * From the environment, under the names that every AWS tool knows: keys, or a role to be assumed with a token, either
 * from a file or from GitHub itself. Nothing is read from ~/.aws, and nothing is kept.
 */

export interface CredentialSource {
  get(signal: AbortSignal): Promise<Credentials>
}

type Env = Readonly<Record<string, string | undefined>>

export function credentialsFrom(env: Env, region: string, store: string): CredentialSource {
  const accessKeyId = given(env, 'AWS_ACCESS_KEY_ID')
  const secretAccessKey = given(env, 'AWS_SECRET_ACCESS_KEY')
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const fixed = { accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() }
    const credentials = { ...fixed, sessionToken: given(env, 'AWS_SESSION_TOKEN') }
    return { get: async () => credentials }
  }
  if (accessKeyId !== undefined || secretAccessKey !== undefined) {
    const absent = accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY'
    throw missing(store, `Of the two keys only one is set: ${absent} is missing.`)
  }
  const role = given(env, 'AWS_ROLE_ARN')
  const token = tokenFrom(env)
  if (role === undefined || token === undefined) {
    throw missing(
      store,
      'The environment has neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor AWS_ROLE_ARN with a token.',
    )
  }
  return new AssumedRole({
    role,
    token,
    store,
    origin: stsOrigin(env, region),
    session: given(env, 'AWS_ROLE_SESSION_NAME') ?? 'airlock',
  })
}

type Token = (signal: AbortSignal) => Promise<string>

function tokenFrom(env: Env): Token | undefined {
  const file = given(env, 'AWS_WEB_IDENTITY_TOKEN_FILE')
  if (file !== undefined) return async () => (await readRegularText(file)).trim()
  const url = given(env, 'ACTIONS_ID_TOKEN_REQUEST_URL')
  const bearer = given(env, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN')
  if (url === undefined || bearer === undefined) return undefined
  return (signal) => githubToken(url, bearer, signal)
}

/** https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
async function githubToken(requestUrl: string, bearer: string, signal: AbortSignal): Promise<string> {
  const url = new URL(requestUrl)
  url.searchParams.set('audience', 'sts.amazonaws.com')
  const { status, text } = await askAgain({
    method: 'GET',
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    headers: { authorization: `bearer ${bearer}`, accept: 'application/json' },
    body: { kind: 'bytes', bytes: new Uint8Array() },
    idleMs: 30_000,
    signal,
  })
  if (status !== 200) throw new Error(`GitHub gave no token: ${status}`)
  const answer: unknown = JSON.parse(text)
  if (typeof answer === 'object' && answer !== null && 'value' in answer && typeof answer.value === 'string')
    return answer.value
  throw new Error('GitHub gave no token')
}

function stsOrigin(env: Env, region: string): string {
  const own = given(env, 'AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL')
  if (own !== undefined && URL.canParse(own)) return new URL(own).origin
  return `https://sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`
}

interface Role {
  readonly role: string
  readonly token: Token
  readonly store: string
  readonly origin: string
  readonly session: string
}

/** New ones well before the old ones end: an upload may take longer than a session lasts. */
const renewBeforeMs = 5 * 60_000

class AssumedRole implements CredentialSource {
  readonly #role: Role
  #held: Promise<{ readonly credentials: Credentials; readonly until: number }> | undefined

  constructor(role: Role) {
    this.#role = role
  }

  async get(signal: AbortSignal): Promise<Credentials> {
    const held = await this.#held?.catch(() => undefined)
    if (held === undefined || held.until - renewBeforeMs < Date.now()) this.#held = assume(this.#role, signal)
    return (await (this.#held ?? assume(this.#role, signal))).credentials
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html: a request without signature. */
async function assume({ role, token, store, origin, session }: Role, signal: AbortSignal) {
  try {
    const form = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: session,
      WebIdentityToken: await token(signal),
    })
    const { status, text: xml } = await askAgain({
      method: 'POST',
      origin,
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: { kind: 'bytes', bytes: Buffer.from(form.toString()) },
      idleMs: 30_000,
      signal,
    })
    const [accessKeyId, secretAccessKey, sessionToken, expires] = [
      'AccessKeyId',
      'SecretAccessKey',
      'SessionToken',
      'Expiration',
    ].map((name) => textOf(xml, name))
    if (status === 200 && accessKeyId !== undefined && secretAccessKey !== undefined) {
      const until = Date.parse(expires ?? '')
      return {
        credentials: { accessKeyId, secretAccessKey, sessionToken },
        // Without a word about its end the shortest session that AWS gives.
        until: Number.isNaN(until) ? Date.now() + 15 * 60_000 : until,
      }
    }
    throw notAssumed(
      store,
      role,
      `${status} ${textOf(xml, 'Code') ?? ''}: ${textOf(xml, 'Message') ?? 'no reason given'}`,
    )
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name === 'FailureError') throw thrown
    const errno = networkErrno(thrown)
    throw notAssumed(store, role, errno === '' ? messageOf(thrown) : `${origin}: ${messageOf(thrown)}`)
  }
}

function notAssumed(store: string, role: string, why: string): FailureError {
  return fail('STORE.CREDENTIALS', {
    what: `The role ${role} for ${store} could not be assumed.`,
    why,
    next: [
      'Check that the role’s trust policy names this repository and environment, and the audience sts.amazonaws.com.',
      'In a workflow the job needs `permissions: { id-token: write }`.',
    ],
  })
}

function missing(store: string, why: string): FailureError {
  return fail('STORE.CREDENTIALS', {
    what: `There are no credentials for ${store}.`,
    why,
    next: [
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one) from secrets, in `env:` of the step.',
      'Or set AWS_ROLE_ARN in a job with `permissions: { id-token: write }`: then no secret is needed.',
    ],
  })
}
