import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { defaultConfig, policyFor } from '../../src/config.ts'
import { type DigestInput, digestOf } from '../../src/stages/plan/digest.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const approved: DigestInput = {
  migrations: [{ name: '1_a', checksum: 'c1', execution: { kind: 'split', atomic: true, because: 'one statement' } }],
  historyHead: '0_init',
  schemaFingerprint: 'f',
  target: { systemIdentifier: '7', database: 'shop', schema: 'public' },
  risks: [{ reason: 'destructive', migration: '1_a', line: 1 }],
  policy: policyFor(defaultConfig, 'production'),
  rules: { a: 'off', b: 'error' },
}

describe('the digest changes with everything an approver relies on', () => {
  const migration = approved.migrations[0] ?? {
    name: '',
    checksum: '',
    execution: { kind: 'split', atomic: true, because: '' },
  }
  test.each<[string, Partial<DigestInput>]>([
    ['another migration', { migrations: [...approved.migrations, { ...migration, name: '2_b' }] }],
    ['an edited migration', { migrations: [{ ...migration, checksum: 'c2' }] }],
    [
      'another execution model',
      { migrations: [{ ...migration, execution: { ...migration.execution, kind: 'batch' } }] },
    ],
    [
      'a file that is no longer atomic',
      { migrations: [{ ...migration, execution: { ...migration.execution, atomic: false } }] },
    ],
    ['another history', { historyHead: '0_other' }],
    ['no history', { historyHead: undefined }],
    ['another schema', { schemaFingerprint: 'g' }],
    ['another server', { target: { ...approved.target, systemIdentifier: '8' } }],
    ['another database', { target: { ...approved.target, database: 'shop2' } }],
    ['the schema of another tenant', { target: { ...approved.target, schema: 'tenant2' } }],
    [
      'a table that has grown large',
      { risks: [...approved.risks, { reason: 'long-lock', migration: '1_a', line: 2 }] },
    ],
    ['another policy', { policy: { ...approved.policy, 'require-approval': [] } }],
    ['another rule setting', { rules: { a: 'off', b: 'off' } }],
  ])('%s', (_what, change) => {
    expect(digestOf({ ...approved, ...change }, sha256)).not.toBe(digestOf(approved, sha256))
  })
})

test('the order of keys and the wording of the explanation do not change it', () => {
  const [migration] = approved.migrations
  const same: DigestInput = {
    ...approved,
    rules: { b: 'error', a: 'off' },
    migrations:
      migration === undefined
        ? []
        : [{ ...migration, execution: { ...migration.execution, because: 'said otherwise' } }],
  }
  expect(digestOf(same, sha256)).toBe(digestOf(approved, sha256))
})

test('it is written as sha256:hex', () => {
  expect(digestOf(approved, sha256)).toMatch(/^sha256:[0-9a-f]{64}$/)
})
