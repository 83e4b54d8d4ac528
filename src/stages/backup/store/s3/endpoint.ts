import type { S3Location } from '../location.ts'
import { endpointOf } from '../location.ts'

/** Where requests for a bucket go. Pure. */

export interface Endpoint {
  readonly origin: string
  readonly host: string
  /** Of the bucket: `/` or `/bucket/`. */
  readonly root: string
  readonly region: string
}

export type Resolved =
  | { readonly kind: 'ok'; readonly endpoint: Endpoint }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }

type Env = Readonly<Record<string, string | undefined>>

export function resolveEndpoint(location: S3Location, env: Env): Resolved {
  const problems: string[] = []
  const own = location.endpoint ?? endpointOf(given(env, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'), problems)
  // A server of one's own usually does not look at the region; AWS refuses a wrong one.
  const region =
    location.region ?? given(env, 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? (own === undefined ? '' : 'us-east-1')
  if (!/^[a-z0-9-]+$/i.test(region)) {
    problems.push('the region of the bucket is not known: set AWS_REGION, or put `?region=…` at the end of the store')
  }
  if (problems.length > 0) return { kind: 'invalid', problems }
  const base = new URL(own ?? `https://s3.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`)
  // With a dot in its name a bucket is no single label, and no certificate covers it.
  const pathStyle = location.pathStyle ?? (own !== undefined || location.bucket.includes('.'))
  const host = pathStyle ? base.host : `${location.bucket}.${base.host}`
  return {
    kind: 'ok',
    endpoint: { origin: `${base.protocol}//${host}`, host, root: pathStyle ? `/${location.bucket}/` : '/', region },
  }
}

export function given(env: Env, ...names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '')
}
