/** Where backups are kept, as people write it: `DIR` or `s3://bucket/prefix?…`. Pure; every problem is a sentence. */

export type StoreLocation = FolderLocation | S3Location

export interface FolderLocation {
  readonly kind: 'folder'
  readonly path: string
}

export interface S3Location {
  readonly kind: 's3'
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
  /** `undefined`: from the environment. */
  readonly region: string | undefined
  readonly endpoint: string | undefined
  readonly pathStyle: boolean | undefined
  readonly encryption: ServerSideEncryption | undefined
  readonly lock: ObjectLock | undefined
  readonly storageClass: string | undefined
  /** `signed`: only the hash that the signature covers, for servers that do not know checksum headers. */
  readonly checksum: 'sha256' | 'signed'
}

export type ServerSideEncryption =
  | { readonly kind: 'AES256' }
  | { readonly kind: 'aws:kms'; readonly keyId: string | undefined }

export interface ObjectLock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE'
  readonly days: number
}

export type ParsedStore =
  | { readonly kind: 'ok'; readonly location: StoreLocation }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; older buckets have capitals and underscores. */
const bucketPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

const known = [
  'region',
  'endpoint',
  'path-style',
  'encryption',
  'kms-key',
  'lock',
  'lock-days',
  'storage-class',
  'checksum',
] as const
type Name = (typeof known)[number]

export function parseStore(text: string): ParsedStore {
  if (text.trim() === '') return invalid(['it is empty'])
  if (/[\0\n\r]/.test(text)) return invalid(['it contains a line break or a zero byte'])
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return { kind: 'ok', location: { kind: 'folder', path: text } }
  if (scheme !== 's3') return invalid([`there is no store \`${scheme}://\`: a folder or \`s3://bucket/prefix\``])
  return parseS3(text)
}

function parseS3(text: string): ParsedStore {
  const [, authority = '', path = '', query = ''] = /^[^:]+:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(text) ?? []
  const problems: string[] = []
  if (authority.includes('@')) {
    problems.push(
      'it contains credentials: they belong into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)',
    )
  } else if (!bucketPattern.test(authority)) problems.push(`\`${authority}\` is not the name of a bucket`)
  const parts = path.split('/').filter((part) => part !== '')
  if (parts.some((part) => part === '.' || part === '..')) problems.push('its prefix contains `.` or `..`')
  if (/[^\x20-\x7e]/.test(path)) problems.push('its prefix contains characters other than printable ASCII')
  if (text.includes('#')) problems.push('it contains a `#`')
  const settings = readSettings(query, problems)
  const location: S3Location = {
    kind: 's3',
    bucket: authority,
    prefix: parts.length === 0 ? '' : `${parts.join('/')}/`,
    region: settings.get('region'),
    endpoint: endpointOf(settings.get('endpoint'), problems),
    pathStyle: chosen(settings, 'path-style', { true: true, false: false }, problems),
    encryption: encryptionOf(settings, problems),
    lock: lockOf(settings, problems),
    storageClass: settings.get('storage-class'),
    checksum: chosen(settings, 'checksum', { sha256: 'sha256', signed: 'signed' } as const, problems) ?? 'sha256',
  }
  // Both end up in headers or host names as they are.
  for (const name of ['region', 'storage-class', 'kms-key'] as const) {
    const value = settings.get(name)
    if (value !== undefined && !/^[\w:/.-]+$/.test(value))
      problems.push(`\`${name}=${value}\` contains other characters`)
  }
  return problems.length === 0 ? { kind: 'ok', location } : invalid(problems)
}

function readSettings(query: string, problems: string[]): ReadonlyMap<Name, string> {
  const settings = new Map<Name, string>()
  for (const [given, value] of new URLSearchParams(query)) {
    const name = known.find((candidate) => candidate === given)
    if (name === undefined) problems.push(`\`${given}\` is not a setting; there are ${known.join(', ')}`)
    else if (settings.has(name)) problems.push(`\`${name}\` is there twice`)
    else if (value === '') problems.push(`\`${name}\` is empty`)
    else settings.set(name, value)
  }
  return settings
}

/** Also for the one from the environment. */
export function endpointOf(text: string | undefined, problems: string[]): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    problems.push(`the endpoint \`${text}\` is not a URL that begins with https://`)
  } else if (url.username !== '' || url.password !== '') {
    problems.push('the endpoint contains credentials')
  } else if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    problems.push('the endpoint has more than a host and a port')
  } else if (url.protocol === 'http:' && !loopback.has(url.hostname)) {
    problems.push(`the endpoint \`${text}\` has no TLS: anybody on the way could read and replace backups`)
  }
  return url?.origin
}

function encryptionOf(settings: ReadonlyMap<Name, string>, problems: string[]): ServerSideEncryption | undefined {
  const kind = chosen(settings, 'encryption', { AES256: 'AES256', 'aws:kms': 'aws:kms' } as const, problems)
  const keyId = settings.get('kms-key')
  if (kind === 'aws:kms') return { kind, keyId }
  if (keyId !== undefined) problems.push('`kms-key` needs `encryption=aws:kms`')
  return kind === undefined ? undefined : { kind }
}

function lockOf(settings: ReadonlyMap<Name, string>, problems: string[]): ObjectLock | undefined {
  const mode = chosen(settings, 'lock', { governance: 'GOVERNANCE', compliance: 'COMPLIANCE' } as const, problems)
  const days = settings.get('lock-days')
  if (mode === undefined) {
    if (days !== undefined) problems.push('`lock-days` needs `lock=governance` or `lock=compliance`')
    return undefined
  }
  if (days === undefined || !/^[1-9]\d{0,4}$/.test(days)) {
    problems.push('`lock` needs `lock-days`, a number of days from 1 on')
    return undefined
  }
  return { mode, days: Number(days) }
}

function chosen<Value>(
  settings: ReadonlyMap<Name, string>,
  name: Name,
  values: Readonly<Record<string, Value>>,
  problems: string[],
): Value | undefined {
  const text = settings.get(name)
  if (text === undefined) return undefined
  if (Object.hasOwn(values, text)) return values[text]
  problems.push(`\`${name}=${text}\`: must be ${Object.keys(values).join(' or ')}`)
  return undefined
}

function invalid(problems: readonly string[]): ParsedStore {
  return { kind: 'invalid', problems }
}
