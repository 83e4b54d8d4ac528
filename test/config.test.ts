import { describe, expect, test } from 'vitest'
import { defaultConfig, parseConfig, policyFor } from '../src/config.ts'
import { FailureError } from '../src/errors.ts'

const rules = ['ban-drop-column']
const parse = (text: string) => parseConfig(text, 'airlock.yml', rules)

function problemsOf(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof FailureError) return `${error.failure.code}\n${error.failure.why}`
    throw error
  }
  throw new Error('airlock.yml was accepted')
}

describe('defaults', () => {
  test('back up and ask for approval of everything that can lose data, block for long or cannot be told', () => {
    expect(policyFor(defaultConfig, 'production')).toEqual({
      apply: 'prisma',
      'lock-timeout': 2_000,
      'lock-wait': 60_000,
      'statement-timeout': undefined,
      retry: { attempts: 10, budget: 600_000 },
      hooks: { 'before-deploy': [], 'after-deploy': [], seed: [], 'time-limit': 600_000 },
      assertions: [],
      undo: 'prove',
      analyze: false,
      blockers: 'wait',
      'blocker-wait': 300_000,
      'replica-lag': 30_000,
      queue: { longest: undefined, 'while-holding': 'unless-approved' },
      backup: {
        strategy: 'pg_dump',
        'trust-provider': false,
        tier: 'compared',
        scratch: 'auto',
        format: 'auto',
        compression: 'auto',
        'content-budget': 3_600_000,
        'encrypt-to': [],
        keep: { daily: 7, weekly: 4, monthly: 12, 'min-age': 30 * 86_400_000, 'min-count': 3 },
      },
      'require-approval': ['destructive', 'irreversible', 'long-lock', 'unknown', 'finding'],
      rules: {},
      thresholds: { 'large-table': 100 * 1024 * 1024 },
    })
  })

  test.each([
    ['an empty file', ''],
    ['a file of comments', '# nothing yet\n'],
    ['a file with its version alone', 'version: 1\n'],
  ])('%s is the defaults', (_what, text) => {
    expect(parse(text)).toEqual(defaultConfig)
  })

  test('a file may leave out its version', () => {
    expect(parse('prisma: { engine: wasm }\n').prisma.engine).toBe('wasm')
  })

  test('an empty environment has them too', () => {
    const config = parse('version: 1\nenvironments:\n  staging: {}\n')
    expect(policyFor(config, 'staging')).toEqual(policyFor(defaultConfig, 'production'))
  })
})

test('durations are read in ms, s, m and h', () => {
  const config = parse(
    'version: 1\nenvironments:\n  a: { lock-timeout: 500ms, lock-wait: 2m }\n  b: { lock-timeout: 1.5s, lock-wait: 0s }\n',
  )
  expect(policyFor(config, 'a')).toMatchObject({ 'lock-timeout': 500, 'lock-wait': 120_000 })
  expect(policyFor(config, 'b')).toMatchObject({ 'lock-timeout': 1_500, 'lock-wait': 0 })
})

test('what is said about backups is read into bytes and milliseconds', () => {
  const config = parse(
    `environments:
  p:
    backup:
      above: { size: 50GB, tier: decoded }
      compression: zstd:3
      store: s3://bucket/prefix
      keep: { daily: 3 }
`,
  )
  expect(policyFor(config, 'p').backup).toMatchObject({
    tier: 'compared',
    above: { size: 50 * 1024 ** 3, tier: 'decoded' },
    compression: 'zstd:3',
    store: 's3://bucket/prefix',
    keep: { daily: 3, weekly: 4, monthly: 12, 'min-age': 30 * 86_400_000, 'min-count': 3 },
  })
})

describe('every problem is reported at once, with its line', () => {
  test('wrong types, unknown keys and unknown rules', () => {
    const problems = problemsOf(
      [
        'version: 1',
        'environments:',
        '  production:',
        '    lock-timeout: soon',
        '    apply: magic',
        '    surprise: true',
        'colour: blue',
      ].join('\n'),
    )
    expect(problems).toContain('CONFIG.INVALID')
    expect(problems).toMatch(/line 4: `environments.production.lock-timeout`/)
    expect(problems).toMatch(/line 5: `environments.production.apply`/)
    expect(problems).toMatch(/line 6: `environments.production.surprise` is not a setting/)
    expect(problems).toMatch(/line 7: `colour` is not a setting/)
  })

  test.each([
    [
      'a rule that does not exist',
      'version: 1\nrules:\n  ban-everything: off\n',
      /line 3: there is no rule `ban-everything`/,
    ],
    ['a version that is not 1', 'version: 2\n', /line 1: `version`/],
    ['YAML that does not parse', 'version: 1\nenvironments: [', /line \d/],
    ['a key that stands twice', 'version: 1\nversion: 1\n', /line 2/],
    ['a list', '- 1\n', /the file/],
    [
      'lock-timeout 0, which PostgreSQL reads as no limit',
      'version: 1\nenvironments: { p: { lock-timeout: 0s } }\n',
      /no limit/,
    ],
    [
      'a setting of a later release',
      'version: 1\nenvironments:\n  p:\n    freeze: read-only\n',
      /line 4: .*not in this release/,
    ],
  ])('%s', (_what, text, expected) => {
    expect(problemsOf(text)).toMatch(expected)
  })
})

describe('the environment', () => {
  test('gets the defaults where airlock.yml names none', () => {
    expect(policyFor(parse('version: 1\n'), 'anything')).toEqual(policyFor(defaultConfig, 'production'))
  })

  test('must be one of those that airlock.yml names', () => {
    const config = parse('version: 1\nenvironments:\n  production: {}\n')
    for (const name of ['prodution', 'constructor', 'toString', '__proto__']) {
      expect(() => policyFor(config, name)).toThrow(/CONFIG.UNKNOWN_ENVIRONMENT/)
    }
  })
})

test('a name that every object has is an environment like any other', () => {
  for (const name of ['constructor', 'toString', '__proto__']) {
    expect(policyFor(defaultConfig, name)).toEqual(policyFor(defaultConfig, 'production'))
  }
})

test('aliases that stand for gigabytes are refused as a problem of the file', () => {
  const lines = Array.from({ length: 10 }, (_, level) => {
    const inside =
      level === 0
        ? 'l,l,l,l,l,l,l,l,l'
        : Array(9)
            .fill(`*a${level - 1}`)
            .join(',')
    return `x${level}: &a${level} [${inside}]`
  })
  expect(problemsOf(lines.join('\n'))).toMatch(/^CONFIG.INVALID\n.*alias/)
})
