import { FailureError, messageOf } from '../../../../errors.ts'
import { credentialsFrom } from '../../store/s3/credentials.ts'
import { sha256Of, sign } from '../../store/s3/sign.ts'
import { type Api, ask } from '../api/ask.ts'
import { codeIn, reasonIn, resultOf } from './answers.ts'
import { meaningOf } from './decide.ts'

/** Signed requests to RDS. Credentials come from the environment, as for a store in S3. */

export type RdsCall = (
  action: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<string>

export interface RdsAccess {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly patienceMs?: number
  readonly answerMs?: number
}

const version = '2014-10-31'
const credentialSteps = [
  'The role needs rds:CreateDBSnapshot, rds:CreateDBClusterSnapshot, rds:AddTagsToResource and rds:Describe*.',
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one), or AWS_ROLE_ARN in a job with `permissions: { id-token: write }`.',
]

export function rdsCall(region: string, { environment, patienceMs, answerMs }: RdsAccess): RdsCall {
  const source = asProvider(() => credentialsFrom(environment, region, 'Amazon RDS'))
  const api: Api = {
    provider: 'Amazon RDS',
    secrets: ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].flatMap((name) => environment[name] || []),
    credentialSteps,
    patienceMs: patienceMs ?? 5 * 60_000,
    answerMs: answerMs ?? 60_000,
    reasonIn,
    statusIn: (status, text) => (status < 400 ? status : meaningOf(status, codeIn(text))),
  }
  const url = new URL(endpointOf(environment, region))
  return async (action, parameters, signal) => {
    const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString()
    const { text } = await ask(
      api,
      async () => {
        const credentials = await asProvider(() => source.get(signal))
        const unsigned = {
          method: 'POST',
          host: url.host,
          path: '/',
          query: [],
          headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
          payloadSha256: sha256Of(body),
        } as const
        const signed: Record<string, string> = sign(unsigned, credentials, { region, service: 'rds', at: new Date() })
        // fetch sets the host by itself, and to the same.
        const { host: _, ...headers } = signed
        return { method: 'POST', url, headers, body, repeatable: action.startsWith('Describe') }
      },
      signal,
    )
    return resultOf(action, text)
  }
}

function endpointOf(environment: RdsAccess['environment'], region: string): string {
  const own = environment.AWS_ENDPOINT_URL_RDS ?? environment.AWS_ENDPOINT_URL
  if (own !== undefined && URL.canParse(own)) return own
  return `https://rds.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`
}

/** The same reading of credentials serves the stores, under their name for what goes wrong. */
function asProvider<Value>(read: () => Value): Value {
  const rename = (thrown: unknown): never => {
    if (!(thrown instanceof FailureError) || thrown.failure.code !== 'STORE.CREDENTIALS') throw thrown
    throw new FailureError({ ...thrown.failure, code: 'PROVIDER.CREDENTIALS' }, { cause: messageOf(thrown) })
  }
  try {
    const value = read()
    return value instanceof Promise ? (value.catch(rename) as Value) : value
  } catch (thrown) {
    return rename(thrown)
  }
}
