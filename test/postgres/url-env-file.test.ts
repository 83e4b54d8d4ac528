// biome-ignore-all lint/suspicious/noTemplateCurlyInString: unexpanded text is what is tested
import { describe, expect, test } from 'vitest'
import { checkEnvFile } from '../../src/postgres/url/env-file.ts'
import { isUrlVariable } from '../../src/postgres/url/variables.ts'

function problemsOf(text: string) {
  return checkEnvFile(text, '.env.production').map(
    ({ line, variable, failure }) => `${line} ${variable} ${failure.code}`,
  )
}

describe('an env file', () => {
  test('has every URL in it checked, with the line it stands on', () => {
    const text = [
      '# production',
      'NODE_ENV=production',
      'DATABASE_URL="${DATABASE_URL:-postgres://app:pw@db/shop}"',
      'export DIRECT_URL=postgresql://app:change_this_password@db.acme.dev/shop',
      '',
      'SHADOW_DATABASE_URL=',
      "DATABASE_REPLICA_URL='mysql://app:pw@db.acme.dev/shop'",
      'DATABASE_URL_POOLED=postgresql://app:pw@db.acme.dev:6543/shop',
      'REDIS_URL=redis://localhost',
      'NEXTAUTH_URL=https://acme.dev',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      '3 DATABASE_URL URL.UNEXPANDED',
      '4 DIRECT_URL URL.PLACEHOLDER',
      '6 SHADOW_DATABASE_URL URL.EMPTY',
      '7 DATABASE_REPLICA_URL URL.WRONG_SCHEME',
    ])
  })

  test('with nothing wrong has no problems', () => {
    expect(problemsOf('DATABASE_URL="postgresql://app:pw@localhost:5432/shop"')).toEqual([])
  })

  test('may give the application a pooled URL as long as another leads past the pooler', () => {
    const pooled = 'DATABASE_URL=postgresql://app:pw@db.acme.dev:6543/shop'
    expect(problemsOf(pooled)).toEqual(['1 DATABASE_URL URL.POOLED'])
    expect(problemsOf(`${pooled}\nDIRECT_URL=postgresql://app:pw@db.acme.dev/shop`)).toEqual([])
    expect(problemsOf(`${pooled}\nDIRECT_URL=postgresql://app:pw@db.acme.dev:6543/shop`)).toEqual([
      '2 DIRECT_URL URL.POOLED',
    ])
  })

  test('that cuts a URL off at an unquoted # is understood', () => {
    const [problem] = checkEnvFile('DATABASE_URL=postgresql://app:Tr0ub#4dor@db.acme.dev/shop', '.env')
    expect(problem?.failure.what).toBe('The value of `DATABASE_URL` is cut off at a `#`.')
    expect(JSON.stringify(problem)).not.toMatch(/Tr0ub|4dor/)
  })

  test('that sets a variable twice is judged by the last one', () => {
    expect(problemsOf('DATABASE_URL=\nDATABASE_URL=postgresql://app:pw@localhost/shop')).toEqual([])
    expect(problemsOf('DATABASE_URL=postgresql://app:pw@localhost/shop\nDATABASE_URL=')).toEqual([
      '2 DATABASE_URL URL.EMPTY',
    ])
  })
})

describe('a variable', () => {
  test.each([
    ['POSTGRES_PRISMA_URL', '', true],
    ['POSTGRES_URL_NON_POOLING', '', true],
    ['DATABASE_URL_UNPOOLED', '', true],
    ['PG_URI', '', true],
    ['STORAGE', 'postgres://a@b/c', true],
    ['MONGODB_URL', 'mongodb://x', false],
    ['NEXT_PUBLIC_URL', '', false],
    ['DATABASE_NAME', 'shop', false],
  ])('%s=%s holds a connection URL: %s', (name, value, expected) => {
    expect(isUrlVariable(name, value)).toBe(expected)
  })
})
