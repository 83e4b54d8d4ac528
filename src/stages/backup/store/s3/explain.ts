import { type Failure, type FailureError, fail } from '../../../../errors.ts'

/** What a refusal of an S3 server means for the person who set it up. Pure. */

export interface Refused {
  readonly status: number
  /** Of the XML answer; empty where there was none, as after HEAD. */
  readonly code: string
  readonly message: string
  /** The region that the answer names, where it names one. */
  readonly region: string | undefined
}

export interface Asked {
  /** `s3://bucket/prefix` */
  readonly store: string
  readonly bucket: string
  readonly region: string
  /** What was to be done, as an IAM action: `s3:PutObject`. */
  readonly action: string
  readonly key: string
}

const notTheKeys: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'TokenRefreshRequired',
  'InvalidClientTokenId',
])

export function explainRefusal(refused: Refused, asked: Asked): Failure {
  const { code, status, message, region } = refused
  const why = `${asked.action} was answered with ${[String(status), code].filter((part) => part !== '').join(' ')}${message === '' ? '' : `: ${message.replace(/\.+$/, '')}`}.`
  if (/expired/i.test(code)) {
    return {
      code: 'STORE.CREDENTIALS',
      what: `The credentials for ${asked.store} have expired.`,
      why,
      next: [
        'Get new ones right before this step. Session credentials must last for the whole upload: raise the session’s duration for large backups.',
        'Or let Airlock get and renew them itself: AWS_ROLE_ARN together with `permissions: { id-token: write }`.',
      ],
    }
  }
  if (code === 'RequestTimeTooSkewed') {
    return {
      code: 'STORE.CREDENTIALS',
      what: `${asked.store} does not accept the signature: the clocks differ.`,
      why,
      next: ['Set the clock of this machine: a signature is valid for 15 minutes.'],
    }
  }
  if (notTheKeys.has(code)) {
    return {
      code: 'STORE.CREDENTIALS',
      what: `${asked.store} does not accept the credentials.`,
      why,
      next: [
        'Check that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together and to this store, without spaces around them.',
        'Session credentials need AWS_SESSION_TOKEN as well.',
      ],
    }
  }
  if (code === 'NoSuchBucket') {
    return {
      code: 'STORE.NO_BUCKET',
      what: `There is no bucket \`${asked.bucket}\`.`,
      why,
      next: [
        'Check its name, the region and the endpoint. Airlock makes no buckets: who may read one is yours to decide.',
      ],
    }
  }
  if (region !== undefined && region !== asked.region) {
    return {
      code: 'STORE.REFUSED',
      what: `The bucket \`${asked.bucket}\` is in the region ${region}, not in ${asked.region}.`,
      why,
      next: [`Name it: AWS_REGION=${region}, or \`?region=${region}\` at the end of the store.`],
    }
  }
  if (isLocked(refused)) {
    return {
      code: 'STORE.LOCKED',
      what: `\`${asked.key}\` is locked against removal.`,
      why,
      next: ['Wait until the lock ends, or ask whoever set it; a compliance lock nobody can lift.'],
    }
  }
  if (['BadDigest', 'InvalidDigest', 'XAmzContentSHA256Mismatch', 'XAmzContentChecksumMismatch'].includes(code)) {
    return {
      code: 'STORE.CHECKSUM',
      what: `${asked.store} received other bytes of \`${asked.key}\` than were sent.`,
      why,
      next: [
        'Run this again. If it happens again, something on the way changes what is sent: a proxy, or this machine’s memory.',
      ],
    }
  }
  if (code === 'AccessDenied' || status === 403) {
    return {
      code: 'STORE.REFUSED',
      what: `${asked.store} does not allow ${asked.action}.`,
      why,
      next: [
        `Allow ${asked.action} on arn:aws:s3:::${asked.bucket}${asked.action === 's3:ListBucket' ? '' : '/*'} to these credentials.`,
      ],
    }
  }
  if (status === 429 || status >= 500) return unreachable(asked.store, why)
  return { code: 'STORE.REFUSED', what: `${asked.store} refuses ${asked.action}.`, why, next: nextForRefused }
}

const nextForRefused = [
  'Compare the settings of the store with what its server supports (docs/stores.md): lock, encryption, storage class, `checksum=signed`.',
]

export function unreachable(store: string, why: string): Failure {
  return {
    code: 'STORE.UNREACHABLE',
    what: `${store} cannot be reached.`,
    why: `${why} It was tried several times.`,
    next: [
      'Check endpoint, DNS and firewall, then run this again.',
      'A certificate of your own: NODE_EXTRA_CA_CERTS=FILE',
    ],
  }
}

/** AWS: AccessDenied "… because object protected by object lock"; others have a code or words of their own. */
function isLocked({ code, message }: Refused): boolean {
  return (
    /ObjectLocked|ObjectLockedByBucketPolicy/.test(code) || /object[ -]lock|WORM|retention|legal hold/i.test(message)
  )
}

/** It answers, but not as S3 does: a proxy, a login page, another kind of server. */
export function notS3(store: string, why: string): FailureError {
  return fail('STORE.REFUSED', {
    what: `What answers for ${store} does not speak S3.`,
    why,
    next: ['Check the endpoint: its S3 port, not that of a web console.'],
  })
}
