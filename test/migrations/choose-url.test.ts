import { describe, expect, test } from 'vitest'
import { chooseUrl, type UrlCandidates } from '../../src/migrations/choose-url.ts'

const url = (host: string, database = 'shop') => `postgresql://app:Tr0ub4dor@${host}/${database}`
const [a, b, c, d] = [url('a.acme.dev'), url('b.acme.dev'), url('c.acme.dev'), url('d.acme.dev')]

function choose(changes: Partial<UrlCandidates>) {
  return chooseUrl({
    urlVariables: ['DATABASE_URL'],
    directUrlVariable: undefined,
    environment: {},
    inputs: {},
    ...changes,
  })
}

describe('the connection to deploy through', () => {
  test.each([
    [
      'an input before the environment',
      { inputs: { databaseUrl: a }, environment: { DATABASE_URL: b, DIRECT_URL: c } },
      'database-url',
      a,
    ],
    ['the direct input before the other', { inputs: { databaseUrl: a, directUrl: b } }, 'direct-url', b],
    ['the direct variable before the other', { environment: { DATABASE_URL: a, DIRECT_URL: b } }, 'DIRECT_URL', b],
    [
      'the direct variable that the schema names',
      { directUrlVariable: 'PG_DIRECT', environment: { DATABASE_URL: a, DIRECT_URL: b, PG_DIRECT: c } },
      'PG_DIRECT',
      c,
    ],
    [
      'the variable that the project names',
      { urlVariables: ['PG_URL'], environment: { DATABASE_URL: a, PG_URL: b } },
      'PG_URL',
      b,
    ],
    [
      'the first of several that the project names',
      { urlVariables: ['ONE', 'TWO'], environment: { TWO: a } },
      'TWO',
      a,
    ],
    [
      'DATABASE_URL where nothing else is set',
      { urlVariables: ['PG_URL'], environment: { DATABASE_URL: a } },
      'DATABASE_URL',
      a,
    ],
    [
      'what is set, not what is empty',
      { inputs: { directUrl: '', databaseUrl: ' ' }, environment: { DIRECT_URL: '', DATABASE_URL: d } },
      'DATABASE_URL',
      d,
    ],
  ])('is %s', (_what, changes, variable, raw) => {
    expect(choose(changes)).toEqual({ kind: 'chosen', variable, raw })
  })

  test('is missing where nothing is set, and everything that was looked at is named', () => {
    const chosen = choose({ urlVariables: ['PG_URL'], directUrlVariable: 'PG_DIRECT' })
    expect(chosen).toMatchObject({ kind: 'none', failure: { code: 'URL.MISSING', what: '`PG_URL` is not set.' } })
    expect(chosen.kind === 'none' && chosen.failure.why).toContain(
      '`PG_DIRECT`, `DIRECT_URL`, `PG_URL`, `DATABASE_URL`',
    )
  })

  test('is empty where something is set to nothing', () => {
    expect(choose({ environment: { DATABASE_URL: '' } })).toMatchObject({
      kind: 'none',
      failure: { code: 'URL.EMPTY', what: '`DATABASE_URL` is set but empty.' },
    })
  })
})

describe('two URLs', () => {
  test('that name different databases are refused', () => {
    const chosen = choose({
      environment: { DATABASE_URL: url('db.acme.dev', 'production'), DIRECT_URL: url('db.acme.dev', 'staging') },
    })
    expect(chosen).toMatchObject({ kind: 'none', failure: { code: 'URL.CONFLICT' } })
    expect(JSON.stringify(chosen)).toContain('staging')
    expect(JSON.stringify(chosen)).not.toContain('Tr0ub4dor')
  })

  test('may reach the same database by different ways', () => {
    expect(choose({ environment: { DATABASE_URL: a, DIRECT_URL: b } }).kind).toBe('chosen')
  })

  test('are not compared where one goes through a pool, which can have a name of its own', () => {
    const pooled = url('pgbouncer.acme.dev', 'shop_pool')
    expect(choose({ environment: { DATABASE_URL: pooled, DIRECT_URL: a } })).toMatchObject({
      kind: 'chosen',
      variable: 'DIRECT_URL',
    })
  })

  test('of inputs are compared with each other, not with the environment', () => {
    const other = url('z.acme.dev', 'other')
    expect(choose({ inputs: { databaseUrl: a, directUrl: other } })).toMatchObject({ kind: 'none' })
    expect(choose({ inputs: { databaseUrl: a }, environment: { DATABASE_URL: other } }).kind).toBe('chosen')
  })
})
