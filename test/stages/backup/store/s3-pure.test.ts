import { describe, expect, it } from 'vitest'
import { explainRefusal } from '../../../../src/stages/backup/store/s3/explain.ts'
import { partsOf } from '../../../../src/stages/backup/store/s3/parts.ts'
import { delayBeforeNext, maxAttempts } from '../../../../src/stages/backup/store/s3/retry.ts'
import { encodePath, encodeQuery, sha256Of, sign } from '../../../../src/stages/backup/store/s3/sign.ts'
import { elementsOf, textOf } from '../../../../src/stages/backup/store/s3/xml.ts'

describe('a signature', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Examples: Signature calculations"
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: undefined,
  }
  const scope = { region: 'us-east-1', service: 's3', at: new Date('2013-05-24T00:00:00Z') } as const
  const host = 'examplebucket.s3.amazonaws.com'
  const nothing = sha256Of('')

  it.each([
    [
      'GET',
      '/test.txt',
      [],
      { range: 'bytes=0-9' },
      nothing,
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT',
      '/test$file.text',
      [],
      { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      sha256Of('Welcome to Amazon S3.'),
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    ['GET', '/', [['lifecycle', '']], {}, nothing, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    [
      'GET',
      '/',
      [
        ['prefix', 'J'],
        ['max-keys', '2'],
      ],
      {},
      nothing,
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ] as const)('of %s %s is the one that Amazon publishes', (method, path, query, headers, payloadSha256, expected) => {
    const signed = sign({ method, host, path: encodePath(path), query, headers, payloadSha256 }, credentials, scope)
    expect(signed.authorization).toContain(`Signature=${expected}`)
  })

  it('covers the session token', () => {
    const request = { method: 'GET', host, path: '/', query: [], headers: {}, payloadSha256: nothing }
    const signed = sign(request, { ...credentials, sessionToken: 'token' }, scope)
    expect(signed.authorization).toContain('x-amz-security-token')
    expect(signed.authorization).not.toBe(sign(request, credentials, scope).authorization)
  })

  it('encodes what a URL leaves as it is', () => {
    expect(encodePath("/a b/ü!'()*+~.dump")).toBe('/a%20b/%C3%BC%21%27%28%29%2A%2B~.dump')
    expect(
      encodeQuery([
        ['b', '1/2'],
        ['a', ' '],
      ]),
    ).toBe('a=%20&b=1%2F2')
  })
})

describe('an answer in XML', () => {
  it('gives its elements and their text', () => {
    const xml = '<R><C a="1"><Key>a&amp;b&#x41;&#66;&lt;&nope;</Key></C><C><Key>second</Key></C><Keys>x</Keys></R>'
    expect(elementsOf(xml, 'C').map((entry) => textOf(entry, 'Key'))).toEqual(['a&bAB<&nope;', 'second'])
    expect(textOf(xml, 'Nothing')).toBeUndefined()
  })
})

describe('an upload', () => {
  it.each([0, 1, 16_777_216, 16_777_217, 5 * 1_024 ** 3, 5 * 1_024 ** 4])(
    'of %i bytes has parts within the limits of S3',
    (bytes) => {
      const parts = partsOf(bytes)
      expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes)
      expect(parts.length).toBeLessThanOrEqual(10_000)
      expect(parts.length).toBeGreaterThanOrEqual(1)
      expect(new Set(parts.slice(0, -1).map((part) => part.bytes)).size).toBeLessThanOrEqual(1)
      expect(parts.every((part, index) => part.number === index + 1 && part.bytes <= 5 * 1_024 ** 3)).toBe(true)
      expect(parts.slice(0, -1).every((part) => part.bytes >= 5 * 1_024 ** 2)).toBe(true)
    },
  )
})

describe('a request', () => {
  const answered = (status: number, code = '', retryAfter?: string) =>
    ({ kind: 'status', status, code, retryAfter }) as const

  it.each([
    [answered(500)],
    [answered(503, 'SlowDown')],
    [answered(429)],
    [answered(400, 'RequestTimeout')],
    [{ kind: 'network', errno: 'ECONNRESET' } as const],
    [{ kind: 'network', errno: 'EAI_AGAIN' } as const],
  ])('is sent again after %j, %#', (outcome) => {
    expect(delayBeforeNext(outcome, 1, 0.5)).toBeGreaterThan(0)
    expect(delayBeforeNext(outcome, maxAttempts, 0.5)).toBeUndefined()
  })

  it.each([
    [answered(403, 'AccessDenied')],
    [answered(404, 'NoSuchBucket')],
    [answered(400, 'InvalidRequest')],
    [answered(501, 'NotImplemented')],
    [{ kind: 'network', errno: 'ENOTFOUND' } as const],
    [{ kind: 'network', errno: 'CERT_HAS_EXPIRED' } as const],
  ])('is not sent again after %j, %#', (outcome) => {
    expect(delayBeforeNext(outcome, 1, 0.5)).toBeUndefined()
  })

  it('waits longer each time, never for long, and as long as it is told to within reason', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => delayBeforeNext(answered(500), attempt, 1))).toEqual([
      400, 800, 1_600, 3_200, 6_400,
    ])
    expect(delayBeforeNext(answered(503, '', '7'), 1, 0)).toBe(7_000)
    expect(delayBeforeNext(answered(503, '', '9999'), 1, 0)).toBe(30_000)
  })
})

describe('a refusal', () => {
  const asked = { store: 's3://b/', bucket: 'b', region: 'us-east-1', action: 's3:DeleteObject', key: 'x.dump' }
  const of = (status: number, code: string, message = '', region?: string) =>
    explainRefusal({ status, code, message, region }, asked)

  it.each([
    [403, 'ExpiredToken', 'STORE.CREDENTIALS'],
    [400, 'ExpiredTokenException', 'STORE.CREDENTIALS'],
    [403, 'InvalidAccessKeyId', 'STORE.CREDENTIALS'],
    [403, 'SignatureDoesNotMatch', 'STORE.CREDENTIALS'],
    [403, 'RequestTimeTooSkewed', 'STORE.CREDENTIALS'],
    [404, 'NoSuchBucket', 'STORE.NO_BUCKET'],
    [403, 'AccessDenied', 'STORE.REFUSED'],
    [403, '', 'STORE.REFUSED'],
    [400, 'BadDigest', 'STORE.CHECKSUM'],
    [400, 'XAmzContentSHA256Mismatch', 'STORE.CHECKSUM'],
    [400, 'InvalidStorageClass', 'STORE.REFUSED'],
    [503, 'SlowDown', 'STORE.UNREACHABLE'],
  ])('%i %s is %s', (status, code, expected) => {
    const failure = of(status, code)
    expect(failure.code).toBe(expected)
    expect(failure.next.length).toBeGreaterThan(0)
  })

  it('of a locked object says that it is locked', () => {
    expect(of(403, 'AccessDenied', 'Access Denied because object protected by object lock.').code).toBe('STORE.LOCKED')
    expect(of(400, 'InvalidRequest', 'object is WORM protected and cannot be overwritten').code).toBe('STORE.LOCKED')
  })

  it('in another region names that region', () => {
    expect(of(301, 'PermanentRedirect', '', 'eu-west-1').next.join()).toContain('AWS_REGION=eu-west-1')
  })
})
