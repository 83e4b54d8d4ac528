import { describe, expect, test } from 'vitest'
import { firstInvalidByte, readText } from '../../src/migrations/file-text.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))

describe('the bytes of a file', () => {
  test.each([
    ['SQL', 'SELECT 1;', 'statements'],
    ['SQL in another script', "INSERT INTO t VALUES ('žluťoučký 🐎');", 'statements'],
    ['SQL after comments', '-- a\n/* b */ SELECT 1', 'statements'],
    ['a statement that only looks like a comment', "SELECT '--'", 'statements'],
    ['a division', '/ 2', 'statements'],
    ['what Prisma writes for an empty migration', '-- This is an empty migration.', 'comments-only'],
    ['nested comments', '/* a /* b */ c */\n-- d', 'comments-only'],
    ['a comment without an end', '/* DROP TABLE "User";', 'comments-only'],
    ['a comment and space', '\n\n-- a\n\n', 'comments-only'],
  ])('are text: %s', (_what, text, emptiness) => {
    expect(readText(utf8(text))).toEqual({ kind: 'text', sql: text, emptiness })
  })

  test.each(['', ' ', '\n\r\n\t'])('are empty: %j', (text) => {
    expect(readText(utf8(text))).toEqual({ kind: 'empty', sql: text })
  })

  test.each([
    ['UTF-16 with a mark', new Uint8Array([0xff, 0xfe, ...utf16('SELECT 1')]), 'utf-16', 'UTF-16 (little endian)'],
    ['UTF-16 without a mark', utf16('SELECT 1'), 'utf-16', 'UTF-16 (little endian)'],
    ['UTF-16 the other way round', new Uint8Array([0xfe, 0xff, 0, 0x53]), 'utf-16', 'UTF-16 (big endian)'],
    ['UTF-8 with a mark', utf8('\uFEFFSELECT 1'), 'byte-order-mark', 'UTF-8 with a byte order mark'],
  ])('are named: %s', (_what, bytes, kind, encoding) => {
    expect(readText(bytes)).toMatchObject({ kind: 'not-text', problem: { kind, encoding, byte: 0, line: 1 } })
  })

  test('that are not UTF-8 are located', () => {
    const bytes = new Uint8Array([...utf8('-- é\n-- '), 0xe9, ...utf8(' x')])
    expect(readText(bytes)).toMatchObject({ kind: 'not-text', problem: { kind: 'not-utf-8', byte: 9, line: 2 } })
  })

  test('with a NUL in them are located', () => {
    expect(readText(utf8('SELECT 1;\n\0'))).toMatchObject({ problem: { kind: 'nul', byte: 10, line: 2 } })
  })

  test('that are no text still give what Prisma makes of them', () => {
    const bytes = new Uint8Array([...utf8('\uFEFFa'), 0xe9])
    expect(readText(bytes).sql).toBe(Buffer.from(bytes).toString('utf8'))
    expect(readText(bytes).sql).toBe('\uFEFFa\uFFFD')
  })
})

describe('the first byte that is not UTF-8', () => {
  test('is found where the decoder of the platform finds one, in all sequences of up to two bytes', () => {
    const strict = new TextDecoder('utf-8', { fatal: true })
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        const bytes = new Uint8Array([first, second])
        expect(firstInvalidByte(bytes) === undefined, `${first} ${second}`).toBe(decodes(strict, bytes))
      }
    }
  })

  test('is found where the decoder of the platform finds one, at the borders of longer sequences', () => {
    const strict = new TextDecoder('utf-8', { fatal: true })
    const borders = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
    for (const first of [0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5]) {
      for (const second of borders) {
        for (const third of borders) {
          for (const fourth of borders) {
            const bytes = new Uint8Array([first, second, third, fourth])
            expect(firstInvalidByte(bytes) === undefined, String(bytes)).toBe(decodes(strict, bytes))
          }
        }
      }
    }
  })

  test.each([
    [[0x41, 0xc3], 1],
    [[0x41, 0x42, 0xed, 0xa0, 0x80], 2],
    [[0xf0, 0x9f, 0x90, 0x8e, 0x80], 4],
  ])('%j is at %s', (bytes, at) => {
    expect(firstInvalidByte(new Uint8Array(bytes))).toBe(at)
  })
})

function decodes(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes)
    return true
  } catch {
    return false
  }
}
