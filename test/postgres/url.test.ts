// biome-ignore-all lint/suspicious/noTemplateCurlyInString: unexpanded text is what is tested
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Failure, FailureCode } from '../../src/errors.ts'
import {
  type DatabaseUrl,
  type ParseOptions,
  parseDatabaseUrl,
  passwordOf,
  secretsOf,
  withDatabase,
} from '../../src/postgres/url.ts'

const secret = 'Tr0ub4dor'

function failureOf(raw: string | undefined, variable = 'DATABASE_URL'): Failure {
  const parsed = parseDatabaseUrl(raw, variable)
  if (parsed.kind !== 'invalid') throw new Error(`accepted: ${parsed.url}`)
  return parsed.failure
}

function urlOf(raw: string, options?: ParseOptions): DatabaseUrl {
  const parsed = parseDatabaseUrl(raw, 'DATABASE_URL', options)
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.failure))
  return parsed.url
}

describe('a good URL', () => {
  test('is taken apart and decoded', () => {
    const url = urlOf(
      `postgresql://my%40app:${secret}%2Fx@DB.Acme.dev:6000/my%20shop?schema=sales&sslmode=require&connection_limit=5`,
    )
    expect(url).toMatchObject({
      host: 'db.acme.dev',
      port: 6000,
      user: 'my@app',
      database: 'my shop',
      schema: 'sales',
      sslmode: 'require',
    })
    expect(url.parameters.get('connection_limit')).toBe('5')
    expect(passwordOf(url)).toBe(`${secret}/x`)
  })

  test.each([
    ['postgres://app:pw@localhost/shop', { host: 'localhost', port: 5432, schema: 'public' }],
    ['POSTGRESQL://app:pw@localhost:5432/shop', { host: 'localhost' }],
    ['postgresql://app@localhost/shop', { user: 'app' }],
    ['postgresql://app:pw@[::1]:5433/shop', { host: '::1', port: 5433 }],
    ['postgresql://app:pw@localhost/shop?host=/var/run/postgresql', { host: '/var/run/postgresql' }],
    ['postgresql://app:pw@%2Fvar%2Frun%2Fpostgresql/shop', { host: '/var/run/postgresql' }],
    ['postgresql://app:pw@localhost/shop/', { database: 'shop' }],
    ['postgresql://app:pw@localhost/shop?application_name=me@work', { database: 'shop' }],
    ['postgresql://app:pw@postgres:5432/shop', { host: 'postgres' }],
    ['postgresql://postgres.abcdefgh:pw@aws-0-eu-west-1.pooler.supabase.com:5432/postgres', { port: 5432 }],
    ["postgresql://app:!$&'()*+,;=-._~@localhost/shop", { database: 'shop' }],
    ['postgresql://app:a$bc_d@localhost/shop', { database: 'shop' }],
    ['postgresql://app:pw@localhost:6432/shop', { port: 6432 }],
  ])('%s', (raw, expected) => {
    expect(urlOf(raw)).toMatchObject(expected)
  })

  test.each(['postgres', 'password', 'secret', 'example', 'admin', 'test'])(
    'may have the password %s on the developer’s own machine',
    (password) => {
      expect(urlOf(`postgresql://postgres:${password}@localhost:5432/dev`).database).toBe('dev')
    },
  )

  test('survives white space around it, with a warning', () => {
    const parsed = parseDatabaseUrl('  postgresql://app:pw@localhost/shop\n', 'DATABASE_URL')
    expect(parsed).toMatchObject({ kind: 'ok', warnings: [expect.stringContaining('white space')] })
  })
})

describe('the password', () => {
  const url = urlOf(
    `postgresql://app:${secret}%2Fx@localhost/shop?schema=s&sslpassword=${secret}Key&options=-c%20a%3Db`,
  )

  test.each([
    ['toString', (it: DatabaseUrl) => it.toString()],
    ['a template string', (it: DatabaseUrl) => `${it}`],
    ['JSON.stringify', (it: DatabaseUrl) => JSON.stringify({ it })],
    ['util.inspect', (it: DatabaseUrl) => inspect({ it }, { depth: 9, showHidden: true })],
    ['a copy of its properties', (it: DatabaseUrl) => inspect({ ...it }, { depth: 9, showHidden: true })],
    ['its keys', (it: DatabaseUrl) => inspect(Object.getOwnPropertyNames(it).map((name) => Reflect.get(it, name)))],
  ])('is not in %s', (_how, print) => {
    expect(print(url)).not.toContain(secret)
    expect(print(url)).toContain('shop')
  })

  test('is shown as *** where the URL is shown', () => {
    expect(String(url)).toBe('postgresql://app:***@localhost:5432/shop?schema=s&options=-c%20a%3Db')
  })

  test('is masked decoded, encoded and within the whole URL, the longest first', () => {
    const secrets = secretsOf(url)
    expect(secrets).toEqual(expect.arrayContaining([`${secret}/x`, `${secret}%2Fx`, `${secret}Key`]))
    expect(secrets[0]).toContain('postgresql://')
    expect(secrets.map((text) => text.length)).toEqual(secrets.map((text) => text.length).toSorted((a, b) => b - a))
  })

  test('is masked in the form that encodeURIComponent makes of it as well', () => {
    expect(secretsOf(urlOf('postgresql://app:a+b=c@localhost/shop'))).toContain('a%2Bb%3Dc')
  })

  test('goes along to another database, and nothing else changes', () => {
    const other = withDatabase(url, 'shop copy')
    expect(other.database).toBe('shop copy')
    expect(passwordOf(other)).toBe(passwordOf(url))
    expect(String(other)).toBe(String(url).replace('/shop', '/shop%20copy'))
    expect(secretsOf(other)[0]).toContain('/shop%20copy')
  })
})

const bad: readonly (readonly [raw: string | undefined, code: FailureCode, says: RegExp])[] = [
  [undefined, 'URL.MISSING', /is not set/],
  ['', 'URL.EMPTY', /empty/],
  [' \n\t', 'URL.EMPTY', /empty/],
  ['${DATABASE_URL:-postgres://app:Tr0ub4dor@db/shop}', 'URL.UNEXPANDED', /\$\{DATABASE_URL:-…\}/],
  ['${DATABASE_URL}', 'URL.UNEXPANDED', /\$\{DATABASE_URL\}/],
  ['$DATABASE_URL', 'URL.UNEXPANDED', /\$DATABASE_URL/],
  ['%DATABASE_URL%', 'URL.UNEXPANDED', /%DATABASE_URL%/],
  ['{{ database_url }}', 'URL.UNEXPANDED', /\{\{ database_url \}\}/],
  ['${{ secrets.DATABASE_URL }}', 'URL.UNEXPANDED', /secrets\.DATABASE_URL/],
  ['$(cat /run/secrets/url)', 'URL.UNEXPANDED', /\$\(…\)/],
  ['postgresql://$DB_USER:$DB_PASSWORD@$DB_HOST:5432/shop', 'URL.UNEXPANDED', /\$DB_USER/],
  ['postgresql://app:${DB_PASSWORD}@db.acme.dev:5432/shop', 'URL.UNEXPANDED', /\$\{DB_PASSWORD\}/],
  ['<%= ENV["DATABASE_URL"] %>', 'URL.UNEXPANDED', /template/],
  ['"postgresql://app:Tr0ub4dor@db.acme.dev/shop"', 'URL.QUOTED', /quotes/],
  ["'postgresql://app:Tr0ub4dor@db.acme.dev/shop'", 'URL.QUOTED', /quotes/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev/shop"', 'URL.QUOTED', /ends with "/],
  ['“postgresql://app:Tr0ub4dor@db.acme.dev/shop”', 'URL.QUOTED', /quotes/],
  ['postgresql://app:change_this_password@localhost:5432/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:changeme@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:CHANGE-ME@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:your-password@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:yourpassword@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:<password>@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:%3Cpassword%3E@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://postgres:[YOUR-PASSWORD]@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:xxx@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:********@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:password_here@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://johndoe:randompassword@localhost:5432/mydb?schema=public', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:dummy@db.acme.dev/shop', 'URL.PLACEHOLDER', /password/],
  ['postgresql://USER:PASSWORD@HOST:PORT/DATABASE', 'URL.PLACEHOLDER', /password/],
  ['postgresql://app:Tr0ub4dor@HOST:5432/shop', 'URL.PLACEHOLDER', /`HOST`/],
  ['postgresql://app:Tr0ub4dor@host:5432/shop', 'URL.PLACEHOLDER', /`host`/],
  ['postgresql://app:Tr0ub4dor@your-db-host:5432/shop', 'URL.PLACEHOLDER', /`your-db-host`/],
  ['postgresql://postgres:Tr0ub4dor@db.[YOUR-PROJECT-REF].supabase.co:5432/postgres', 'URL.PLACEHOLDER', /host/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev:PORT/shop', 'URL.PLACEHOLDER', /`PORT`/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev/DATABASE', 'URL.PLACEHOLDER', /`DATABASE`/],
  ['postgresql://app:Tr0ub4dor@db.example.com/shop', 'URL.PLACEHOLDER', /RFC 2606/],
  ['mysql://app:Tr0ub4dor@db.acme.dev/shop', 'URL.WRONG_SCHEME', /MySQL/],
  ['prisma://accelerate.prisma-data.net/?api_key=Tr0ub4dor', 'URL.WRONG_SCHEME', /Accelerate/],
  ['prisma+postgres://localhost:51213/?api_key=Tr0ub4dor', 'URL.WRONG_SCHEME', /Prisma Postgres/],
  ['jdbc:postgresql://db.acme.dev/shop?user=app&password=Tr0ub4dor', 'URL.WRONG_SCHEME', /jdbc:/],
  ['file:./dev.db', 'URL.WRONG_SCHEME', /SQLite/],
  ['sqlserver://db.acme.dev:1433;database=shop;password=Tr0ub4dor', 'URL.WRONG_SCHEME', /SQL Server/],
  ['https://supabase.com/dashboard/project/abc', 'URL.WRONG_SCHEME', /web page/],
  ['app:Tr0ub4dor@db.acme.dev/shop', 'URL.WRONG_SCHEME', /postgresql:\/\//],
  ['db.acme.dev:5432/shop', 'URL.WRONG_SCHEME', /postgresql:\/\//],
  ['postgresql://app:Tr0ub4dor@:5432/shop', 'URL.NO_HOST', /host/],
  ['postgresql://app:Tr0ub4dor@/shop', 'URL.NO_HOST', /socket/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev:5432', 'URL.NO_DATABASE', /app:\*\*\*@db\.acme\.dev/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev:5432/', 'URL.NO_DATABASE', /database/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev:5432/?schema=public', 'URL.NO_DATABASE', /database/],
  ['postgresql://db.acme.dev/shop', 'URL.NO_USER', /user/],
  ['postgresql://db.acme.dev/shop?user=app&password=Tr0ub4dor', 'URL.NO_USER', /in front of the host/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev:port5/shop', 'URL.MALFORMED', /port/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev:99999/shop', 'URL.MALFORMED', /99999/],
  ['postgresql://app:Tr0ub4dor@one.acme.dev:5432,two.acme.dev:5432/shop', 'URL.MALFORMED', /several hosts/],
  ['postgresql://app:Tr0ub4dor@db;acme/shop', 'URL.MALFORMED', /host/],
  ['postgresql:/app:Tr0ub4dor@db.acme.dev/shop', 'URL.MALFORMED', /two slashes/],
  ["psql 'postgresql://app:Tr0ub4dor@db.acme.dev/shop?sslmode=require'", 'URL.MALFORMED', /command/],
  ['DATABASE_URL=postgresql://app:Tr0ub4dor@db.acme.dev/shop', 'URL.MALFORMED', /line of an env file/],
  ['export DATABASE_URL="postgresql://app:Tr0ub4dor@db.acme.dev/shop"', 'URL.MALFORMED', /line of an env file/],
  ['host=db.acme.dev dbname=shop password=Tr0ub4dor', 'URL.MALFORMED', /keyword/],
  ['Server=db.acme.dev;Database=shop;Password=Tr0ub4dor', 'URL.MALFORMED', /ADO\.NET/],
  [
    'postgresql://app:Tr0ub4dor@a.acme.dev/shop,postgresql://app:Tr0ub4dor@b.acme.dev/shop',
    'URL.MALFORMED',
    /2 connection URLs/,
  ],
  [
    'postgresql://app:Tr0ub4dor@a.acme.dev/shop\npostgresql://app:Tr0ub4dor@b.acme.dev/shop',
    'URL.MALFORMED',
    /2 connection URLs/,
  ],
  ['postgresql://app:Tr0ub4dor@db.acme.dev/shop?sslmode=required', 'URL.MALFORMED', /sslmode=required/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev/shop?sslmode=disable', 'URL.NO_TLS', /db\.acme\.dev/],
  ['postgresql://app:Tr0ub4dor@8.8.8.8/shop?sslmode=disable', 'URL.NO_TLS', /8\.8\.8\.8/],
  ['postgresql://app:Tr0ub4dor@db.acme.dev/shop?ssl=false', 'URL.NO_TLS', /TLS/],
]

describe('a bad URL', () => {
  test.each(bad)('%j is %s', (raw, code, says) => {
    const failure = failureOf(raw)
    const said = [failure.what, failure.why, ...failure.next].join('\n')
    expect(failure.code).toBe(code)
    expect(said).toMatch(says)
    expect(failure.what).toContain('`DATABASE_URL`')
    expect(failure.next.length).toBeGreaterThan(0)
  })

  test.each(bad)('%j never has its password repeated', (raw) => {
    expect(JSON.stringify(failureOf(raw))).not.toContain(secret)
  })

  test('is named the way its author knows it', () => {
    expect(failureOf('', 'direct-url').what).toBe('`direct-url` is set but empty.')
    expect(failureOf(undefined, 'PG_URL').next.join('\n')).toContain('PG_URL: ${{ secrets.PG_URL }}')
  })
})

describe('a password with characters that a URL cannot carry', () => {
  test.each([
    ['@', '%40'],
    [':', '%3A'],
    ['/', '%2F'],
    ['#', '%23'],
    ['?', '%3F'],
    ['%', '%25'],
    ['[', '%5B'],
    [']', '%5D'],
    [' ', '%20'],
    ['|', '%7C'],
    ['^', '%5E'],
    ['\\', '%5C'],
  ])('%s is named with its encoding %s, wherever it stands', (character, encoding) => {
    for (const password of [
      `${secret}${character}zz`,
      `${character}${secret}`,
      `${secret}${character}`,
      `${secret}${character}1@zz`,
    ]) {
      const failure = failureOf(`postgresql://app:${password}@db.acme.dev:5432/shop?schema=public&sslmode=require`)
      expect(failure.code).toBe('URL.UNESCAPED')
      expect(failure.why).toContain(encoding)
      expect(JSON.stringify(failure)).not.toContain(secret)
    }
  })

  test('all of them are named at once', () => {
    const failure = failureOf(`postgresql://app:${secret}@a/b#c?d=1@db.acme.dev/shop`)
    expect(failure.what).toBe('The password in `DATABASE_URL` contains `@`, `/`, `#`, `?` unescaped.')
  })

  test('brackets left over from an instruction are recognised', () => {
    const failure = failureOf(`postgresql://app:[${secret}]@db.acme.dev/shop`)
    expect(failure.code).toBe('URL.UNESCAPED')
    expect(failure.next[0]).toContain('remove them')
  })

  test('a percent-encoding of another character set is named', () => {
    expect(failureOf('postgresql://app:caf%E9@db.acme.dev/shop')).toMatchObject({
      code: 'URL.UNESCAPED',
      what: expect.stringContaining('not UTF-8'),
    })
  })

  test('user name, database and parameters are checked as well', () => {
    expect(failureOf('postgresql://a/b:pw@db.acme.dev/shop').what).toContain('user name')
    expect(failureOf('postgresql://app:pw@db.acme.dev/my#shop').what).toContain('database name')
    expect(failureOf('postgresql://app:pw@db.acme.dev/shop?schema=a#b').what).toContain('parameters')
  })

  test('what follows an `@` without a host behind it is not repeated as if it were one', () => {
    expect(JSON.stringify(failureOf(`postgresql://app:pa@${secret}`))).not.toContain(secret)
    expect(JSON.stringify(failureOf(`postgresql://app:${secret}`))).not.toContain(secret)
  })
})
