import { describe, expect, test } from 'vitest'
import type { Failure } from '../../src/errors.ts'
import { parseDatabaseUrl, poolerOf } from '../../src/postgres/url.ts'

function failureOf(raw: string, variable = 'DATABASE_URL'): Failure {
  const parsed = parseDatabaseUrl(raw, variable)
  if (parsed.kind !== 'invalid') throw new Error(`accepted: ${parsed.url}`)
  return parsed.failure
}

describe('a pooled URL is refused, and told how to go past the pooler', () => {
  test.each([
    [
      'postgresql://app:pw@ep-cool-sun-123-pooler.eu-central-1.aws.neon.tech/shop?sslmode=require',
      'Neon’s pooler',
      'DIRECT_URL=postgresql://app:***@ep-cool-sun-123.eu-central-1.aws.neon.tech:5432/shop',
    ],
    [
      'postgresql://postgres.abcdefgh:pw@aws-0-eu-west-1.pooler.supabase.com:6543/postgres?pgbouncer=true',
      'Supabase’s pooler in transaction mode',
      'DIRECT_URL=postgresql://postgres.abcdefgh:***@aws-0-eu-west-1.pooler.supabase.com:5432/postgres',
    ],
    [
      'postgresql://app:pw@db.abcdefgh.supabase.co:6543/postgres',
      'Supabase’s pooler in transaction mode',
      'DIRECT_URL=postgresql://app:***@db.abcdefgh.supabase.co:5432/postgres',
    ],
    [
      'postgres://app:pw@pooled.db.prisma.io:5432/shop',
      'the pooler of Prisma Postgres',
      'app:***@db.prisma.io:5432/shop',
    ],
    [
      'postgresql://app:pw@x-do-user-1.b.db.ondigitalocean.com:25061/pool',
      'a DigitalOcean connection pool',
      ':25060/DATABASE',
    ],
    ['postgresql://app:pw@shop.proxy-abc123.eu-west-1.rds.amazonaws.com/shop', 'an RDS Proxy', 'writer endpoint'],
    ['postgresql://app:pw@p.xyz.db.postgresbridge.com:5431/shop', 'Crunchy Bridge’s PgBouncer', ':5432/shop'],
    ['postgresql://app:pw@pgbouncer:5432/shop', 'pgbouncer', 'DIRECT_URL=postgresql://app:***@HOST:5432/shop'],
    ['postgresql://app:pw@pgcat.acme.internal/shop', 'pgcat', 'behind it'],
    ['postgresql://app:pw@prod-pgbouncer-1.acme.dev/shop', 'pgbouncer', 'behind it'],
    ['postgresql://app:pw@db.acme.dev:6543/shop', 'a pooler', 'app:***@db.acme.dev:5432/shop'],
    ['postgresql://app:pw@shop.postgres.database.azure.com:6432/shop', 'a pooler', ':5432/shop'],
    ['postgresql://app:pw@localhost:5432/shop?pgbouncer=true', 'PgBouncer', 'without `pgbouncer=true`'],
  ])('%s', (raw, name, says) => {
    const failure = failureOf(raw)
    expect(failure.code).toBe('URL.POOLED')
    expect(failure.what).toBe(`\`DATABASE_URL\` goes through ${name}.`)
    expect(failure.next.join('\n')).toContain(says)
  })

  test('a variable that was meant to be direct is corrected itself', () => {
    const failure = failureOf('postgresql://app:pw@ep-1-pooler.aws.neon.tech/shop', 'DIRECT_URL')
    expect(failure.next).toEqual([
      'Remove `-pooler` from the host:',
      'DIRECT_URL=postgresql://app:***@ep-1.aws.neon.tech:5432/shop',
    ])
  })
})

describe('a direct URL is not taken for a pooled one', () => {
  test.each([
    ['Supabase in session mode', 'postgresql://postgres.abcdefgh:pw@aws-0-eu-west-1.pooler.supabase.com:5432/postgres'],
    ['pgbouncer=false', 'postgresql://app:pw@db.acme.dev/shop?pgbouncer=false'],
    ['a local port', 'postgresql://app:pw@localhost:6543/shop'],
    ['a word that only contains another', 'postgresql://app:pw@pgcatalog.acme.dev/shop'],
    ['Neon’s direct host', 'postgresql://app:pw@ep-1.aws.neon.tech/shop'],
  ])('%s', (_name, raw) => {
    expect(parseDatabaseUrl(raw, 'DATABASE_URL').kind).toBe('ok')
  })
})

test('the application’s own URL may be pooled where nothing is deployed through it, and still says so', () => {
  const parsed = parseDatabaseUrl('postgresql://app:pw@ep-1-pooler.aws.neon.tech/shop', 'DATABASE_URL', {
    pooled: 'allow',
  })
  expect(parsed.kind === 'ok' && poolerOf(parsed.url)?.name).toBe('Neon’s pooler')
})
