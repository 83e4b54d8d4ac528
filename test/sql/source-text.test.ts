import { describe, expect, it } from 'vitest'
import { sourceText } from '../../src/sql/source-text.ts'

const encoder = new TextEncoder()

/** The same answer, found the slow way. */
function slowly(text: string, offset: number) {
  const before = text.slice(0, offset)
  const ends = [...text.matchAll(/\r\n|\n|\r/g)].map((found) => found.index + found[0].length)
  const passed = ends.filter((end) => end <= offset)
  return {
    byte: encoder.encode(before).length,
    offset,
    line: passed.length + 1,
    column: [...text.slice(passed.at(-1) ?? 0, offset)].length + 1,
  }
}

const texts = {
  'plain lines': 'a\nbb\n\nccc',
  'CRLF lines': 'a\r\nbb\r\n\r\nccc\r\n',
  'two-, three- and four-byte characters': 'é\n€uro 😀😀\n\u{1F600}x\n日本語;',
  'a byte-order mark': '\uFEFFSELECT 1;\nSELECT 2;',
  'lines of every kind': 'a\rb\r\nc\n\r\n\r\re',
  'one very long line': `${'é😀x'.repeat(3000)}\nend`,
  nothing: '',
}

describe.each(Object.entries(texts))('%s', (_title, text) => {
  const source = sourceText(text)
  const offsets = [...text].reduce<number[]>(
    (found, char) => [...found.slice(-8000), (found.at(-1) ?? 0) + char.length],
    [0],
  )

  it('is located by UTF-16 offset, byte and code point alike', () => {
    for (const offset of offsets.filter((_, index) => index % 7 === 0 || index < 20)) {
      const expected = slowly(text, offset)
      expect(source.atOffset(offset)).toEqual(expected)
      expect(source.atByte(expected.byte)).toEqual(expected)
      expect(source.atCodePoint([...text.slice(0, offset)].length)).toEqual(expected)
    }
  })

  it('has the byte length of its UTF-8', () => {
    expect(source.byteLength).toBe(encoder.encode(text).length)
  })
})

describe('a line', () => {
  it('comes without its line break, whichever it is', () => {
    const source = sourceText('one\r\ntwo\nthree')
    expect([1, 2, 3, 4, 0].map((line) => source.lineText(line))).toEqual(['one', 'two', 'three', '', ''])
  })
})

describe('positions beyond the text', () => {
  it('are its end', () => {
    expect(sourceText('ab\nc').atByte(99)).toEqual({ byte: 4, offset: 4, line: 2, column: 2 })
  })
})

describe('a file of two million characters', () => {
  it('is located in time that does not depend on where', () => {
    const source = sourceText('x'.repeat(2_000_000))
    const started = performance.now()
    for (let at = 0; at < 20_000; at += 1) source.atByte(1_999_999 - at)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
