import { describe, expect, it } from 'vitest'
import { parseStore } from '../../../../src/stages/backup/store/location.ts'
import { resolveEndpoint } from '../../../../src/stages/backup/store/s3/endpoint.ts'

function s3(text: string) {
  const parsed = parseStore(text)
  if (parsed.kind !== 'ok' || parsed.location.kind !== 's3') throw new Error(JSON.stringify(parsed))
  return parsed.location
}

function problems(text: string): string {
  const parsed = parseStore(text)
  if (parsed.kind === 'ok') throw new Error('accepted')
  return parsed.problems.join('\n')
}

describe('a store', () => {
  it.each(['backups', './backups', '/mnt/backups', '../x', 'C:\\backups', 's3', 'backups?x=1'])(
    '%s is a folder',
    (text) => {
      expect(parseStore(text)).toEqual({ kind: 'ok', location: { kind: 'folder', path: text } })
    },
  )

  it('in S3 has a bucket, a prefix and settings', () => {
    expect(
      s3(
        's3://my-bucket//shop/production/?region=eu-central-1&encryption=aws:kms&kms-key=alias/backups&lock=compliance&lock-days=30&storage-class=STANDARD_IA&path-style=true&endpoint=https://s3.example.test:9000',
      ),
    ).toEqual({
      kind: 's3',
      bucket: 'my-bucket',
      prefix: 'shop/production/',
      region: 'eu-central-1',
      endpoint: 'https://s3.example.test:9000',
      pathStyle: true,
      encryption: { kind: 'aws:kms', keyId: 'alias/backups' },
      lock: { mode: 'COMPLIANCE', days: 30 },
      storageClass: 'STANDARD_IA',
      checksum: 'sha256',
    })
  })

  it.each([
    ['', 'it is empty'],
    ['ftp://host/x', 'no store `ftp://`'],
    ['s3://', 'not the name of a bucket'],
    ['s3://a', 'not the name of a bucket'],
    ['s3://key:secret@bucket/x', 'it contains credentials'],
    ['s3://bucket/../other', '`.` or `..`'],
    ['s3://bucket/a#b', '`#`'],
    ['s3://bucket?regoin=x', '`regoin` is not a setting'],
    ['s3://bucket?region=a&region=b', 'there twice'],
    ['s3://bucket?region=', 'is empty'],
    ['s3://bucket?region=eu%0d%0ax', 'other characters'],
    ['s3://bucket?lock=compliance', 'needs `lock-days`'],
    ['s3://bucket?lock-days=3', 'needs `lock='],
    ['s3://bucket?lock=governance&lock-days=0', 'needs `lock-days`'],
    ['s3://bucket?kms-key=x', 'needs `encryption=aws:kms`'],
    ['s3://bucket?encryption=rot13', 'must be AES256 or aws:kms'],
    ['s3://bucket?endpoint=s3.example.test', 'not a URL'],
    ['s3://bucket?endpoint=http://s3.example.test', 'has no TLS'],
    ['s3://bucket?endpoint=https://u:p@s3.example.test', 'contains credentials'],
    ['s3://bucket?endpoint=https://s3.example.test/path', 'more than a host and a port'],
  ])('%j is refused with its reason', (text, why) => {
    expect(problems(text)).toContain(why)
  })

  it('names every problem at once', () => {
    expect(problems('s3://b/../x?lock=x&color=red').split('\n')).toHaveLength(4)
  })
})

describe('the endpoint of a bucket', () => {
  const of = (text: string, env: Record<string, string> = {}) => {
    const resolved = resolveEndpoint(s3(text), env)
    return resolved.kind === 'ok'
      ? `${resolved.endpoint.origin}${resolved.endpoint.root} ${resolved.endpoint.region}`
      : resolved.problems.join()
  }

  it.each([
    [
      's3://shop-backups',
      { AWS_REGION: 'eu-central-1' },
      'https://shop-backups.s3.eu-central-1.amazonaws.com/ eu-central-1',
    ],
    [
      's3://shop-backups?region=us-west-2',
      { AWS_REGION: 'eu-central-1' },
      'https://shop-backups.s3.us-west-2.amazonaws.com/ us-west-2',
    ],
    [
      's3://shop.backups',
      { AWS_DEFAULT_REGION: 'us-east-1' },
      'https://s3.us-east-1.amazonaws.com/shop.backups/ us-east-1',
    ],
    ['s3://shop-backups?region=cn-north-1', {}, 'https://shop-backups.s3.cn-north-1.amazonaws.com.cn/ cn-north-1'],
    [
      's3://shop',
      { AWS_ENDPOINT_URL: 'https://minio.example.test:9000' },
      'https://minio.example.test:9000/shop/ us-east-1',
    ],
    ['s3://shop?endpoint=https://e.example.test&path-style=false', {}, 'https://shop.e.example.test/ us-east-1'],
  ])('%s with %j', (text, env, expected) => {
    expect(of(text, env)).toBe(expected)
  })

  it('is not guessed where no region is known', () => {
    expect(of('s3://shop-backups')).toContain('AWS_REGION')
  })

  it('from the environment has to have TLS as well', () => {
    expect(of('s3://shop', { AWS_ENDPOINT_URL_S3: 'http://10.0.0.1:9000' })).toContain('no TLS')
  })
})
