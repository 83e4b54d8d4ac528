import { describe, expect, it } from 'vitest'
import { lastOf } from './history.ts'

/** `from > to`, changed in a table that is there: what is said about it. */
function said(from: string, to: string, using = '') {
  const analysis = lastOf([
    "CREATE TYPE role AS ENUM ('a', 'b'); CREATE DOMAIN positive AS INT CHECK (VALUE > 0); CREATE DOMAIN plain AS TEXT;",
    `CREATE TABLE t (id INT PRIMARY KEY, c ${from});`,
    `ALTER TABLE t ALTER COLUMN c TYPE ${to} ${using};`,
  ])
  const { effects } = analysis.statements[0] ?? {}
  const finding = analysis.findings.find((one) => one.rule === 'change-column-type')
  return [
    effects?.rewrites.length === 1 ? 'rewrites' : 'keeps',
    ...(effects?.loses.some((loss) => loss.kind === 'precision') ? ['loses'] : []),
    ...(finding?.message.includes('does not fit') ? ['may fail'] : []),
    ...(effects?.unknown ? ['unknown'] : []),
  ].join(', ')
}

describe('a change of type', () => {
  it.each([
    ['VARCHAR(50)', 'VARCHAR(100)', 'keeps'],
    ['VARCHAR(50)', 'VARCHAR', 'keeps'],
    ['VARCHAR(50)', 'TEXT', 'keeps'],
    ['TEXT', 'VARCHAR', 'keeps'],
    ['TEXT', 'TEXT', 'keeps'],
    ['plain', 'TEXT', 'keeps'],
    ['positive', 'INT', 'keeps'],
    ['NUMERIC(10,2)', 'NUMERIC(12,2)', 'keeps'],
    ['NUMERIC(10,2)', 'NUMERIC', 'keeps'],
    ['TIMESTAMP(3)', 'TIMESTAMP', 'keeps'],
    ['TIMESTAMP(3)', 'TIMESTAMP(6)', 'keeps'],
    ['CIDR', 'INET', 'keeps'],
  ])('from %s to %s keeps the bytes', (from, to, expected) => {
    expect(said(from, to)).toBe(expected)
  })

  it.each([
    ['INT', 'BIGINT', 'rewrites'],
    ['INT', 'NUMERIC(65,30)', 'rewrites'],
    ['BIGINT', 'NUMERIC(10,2)', 'rewrites, may fail'],
    ['BIGINT', 'INT', 'rewrites, may fail'],
    ['INT', 'TEXT', 'rewrites'],
    ['role', 'TEXT', 'rewrites'],
    ['TEXT', 'VARCHAR(10)', 'rewrites, may fail'],
    ['VARCHAR(50)', 'VARCHAR(10)', 'rewrites, may fail'],
    ['NUMERIC(10,2)', 'NUMERIC(8,2)', 'rewrites, may fail'],
    ['INT', 'positive', 'rewrites, may fail'],
    ['JSON', 'JSONB', 'rewrites, loses'],
  ])('from %s to %s writes the table anew: %s', (from, to, expected) => {
    expect(said(from, to)).toBe(expected)
  })

  it.each([
    ['NUMERIC(10,4)', 'NUMERIC(10,2)', 'rewrites, loses'],
    ['DOUBLE PRECISION', 'REAL', 'rewrites, loses'],
    ['DOUBLE PRECISION', 'INT', 'rewrites, loses, may fail'],
    ['BIGINT', 'DOUBLE PRECISION', 'rewrites, loses'],
    ['TIMESTAMP(6)', 'TIMESTAMP(0)', 'rewrites, loses'],
    ['TIMESTAMP', 'DATE', 'rewrites, loses'],
  ])('from %s to %s changes values for good: %s', (from, to, expected) => {
    expect(said(from, to)).toBe(expected)
  })

  it('depends on the time zone of the session between the two timestamps', () => {
    expect(said('TIMESTAMP(3)', 'TIMESTAMPTZ(3)')).toBe('rewrites, unknown')
  })

  it('is open for types nobody knows', () => {
    expect(said('geometry', 'weird_type')).toBe('rewrites, may fail, unknown')
  })

  it('cuts where the cast is explicit and refuses where it is not', () => {
    expect(said('TEXT', 'VARCHAR(10)', 'USING c::VARCHAR(10)')).toBe('rewrites, loses')
  })

  it('changes nothing where USING only names the column', () => {
    expect(said('VARCHAR(50)', 'TEXT', 'USING c')).toBe('keeps')
    expect(said('VARCHAR(50)', 'TEXT', 'USING c::TEXT')).toBe('keeps')
  })

  it('loses what a type in between does not hold', () => {
    expect(said('TEXT', 'TEXT', 'USING c::INTEGER::TEXT')).toBe('rewrites, loses')
    expect(said('TEXT', 'TEXT', 'USING c::VARCHAR(3)::TEXT')).toContain('loses')
  })

  it('replaces the values where USING computes new ones', () => {
    expect(said('TEXT', 'TEXT', 'USING lower(c)')).toBe('rewrites, loses, may fail')
  })
})
