import { describe, expect, test } from 'vitest'
import { contentChecksum } from '../../src/migrations/numbered-folder.ts'
import { compareNumbers, judgeName, judgeSupabaseName } from '../../src/migrations/numbered-names.ts'
import { supabaseStatements } from '../../src/migrations/supabase-history.ts'

const fileOf = (name: string) => {
  const judged = judgeName(name)
  if (judged.kind !== 'migration') throw new Error(`${name} is no migration`)
  return judged.file
}

describe('the name of a plain SQL file', () => {
  test.each([
    [
      ['10_c.sql', '9_b.sql', '0001_a.sql'],
      ['0001_a', '9_b', '10_c'],
    ],
    [
      ['20240201120000_b.sql', '20240131120000_a.SQL'],
      ['20240131120000_a', '20240201120000_b'],
    ],
    [
      ['2024-02-01-b.sql', '2024-01-31-a.sql', '2024-01-31.1-between.sql'],
      ['2024-01-31-a', '2024-01-31.1-between', '2024-02-01-b'],
    ],
    [
      ['2.sql', '1.up.sql'],
      ['1.up', '2'],
    ],
    // A number that belongs to a word is part of the word.
    [
      ['002_a.sql', '001_2fa.sql'],
      ['001_2fa', '002_a'],
    ],
    [
      ['99999999999999999999_b.sql', '9_a.sql'],
      ['9_a', '99999999999999999999_b'],
    ],
  ])('puts %j in the order of its numbers', (names, sorted) => {
    expect(
      names
        .map(fileOf)
        .toSorted(compareNumbers)
        .map(({ name }) => name),
    ).toEqual(sorted)
  })

  test.each([
    ['01_a.sql', '1_b.sql'],
    ['2024-01-31-a.sql', '2024.01.31_b.sql'],
  ])('%s and %s have the same place', (a, b) => {
    expect(compareNumbers(fileOf(a), fileOf(b))).toBe(0)
  })

  test.each([
    ['0001_a.down.sql', 'left-out'],
    ['0001_a.undo.sql', 'left-out'],
    ['seed.sql', 'left-out'],
    ['0001_a.txt', 'other'],
    ['atlas.sum', 'other'],
  ])('leaves %s out', (name, kind) => {
    expect(judgeName(name).kind).toBe(kind)
  })
})

describe('the name of a file of Supabase', () => {
  test.each([
    ['20240101000000_init.sql', false, 'migration'],
    ['20210101000000_init.sql', true, 'left-out'],
    ['20210101000000_init.sql', false, 'migration'],
    ['20240101000000.sql', false, 'left-out'],
    ['seed.sql', false, 'left-out'],
    ['README.md', false, 'other'],
  ])('%s (first: %s) is read as the CLI reads it: %s', (name, isFirst, kind) => {
    expect(judgeSupabaseName(name, isFirst).kind).toBe(kind)
  })
})

test('the statements of a file are kept as supabase 3.1.0 keeps them', () => {
  // What `supabase db push` wrote for this very text.
  const text =
    '-- name\nALTER TABLE users ADD COLUMN name text;\n\n;\nCREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n-- end\n'
  const kept = [
    '-- name\nALTER TABLE users ADD COLUMN name text',
    'CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$',
    '-- end',
  ]
  expect(supabaseStatements(text)).toEqual(kept)
  expect(contentChecksum(kept.join(';\n'))).toBe(contentChecksum(text))
})

test('two texts have the same content only where the server reads the same', () => {
  const of = contentChecksum
  expect(of('SELECT 1;')).toBe(of('/* a */ SELECT\n1 -- b\n'))
  expect(of('SELECT 1 2')).not.toBe(of('SELECT 12'))
  expect(of("SELECT 'a -- b'")).not.toBe(of("SELECT 'a'"))
  expect(of('SELECT "A"')).not.toBe(of('SELECT A'))
})
