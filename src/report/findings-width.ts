/** How wide text is on a terminal, and text that cannot do anything to one. */

/** Two columns: East Asian wide and fullwidth forms, and emoji. https://www.unicode.org/reports/tr11/ */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

/** SOFT HYPHEN. Below it everything is one column wide, and most of what is measured here is. */
const firstOfOtherWidth = 0xad

export function charWidth(char: string): 0 | 1 | 2 {
  const code = char.codePointAt(0) ?? 0
  if (code < firstOfOtherWidth) return 1
  if (/^(\p{Mn}|\p{Me}|\p{Cf})$/u.test(char)) return 0
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}

export function textWidth(text: string): number {
  if (isNarrow(text)) return text.length
  let width = 0
  for (const char of text) width += charWidth(char)
  return width
}

function isNarrow(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= firstOfOtherWidth) return false
  return true
}

/** Control characters but tab and line feed; separators of lines; marks that turn the direction of writing. */
const unprintable = /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** A migration can contain escape sequences; shown as they are they would steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, '\ufffd')
}

/** Broken at blanks; a word that is wider than the line stands alone on it. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    let columns = 0
    for (const word of paragraph.split(/ +/)) {
      const more = textWidth(word)
      if (line !== '' && columns + 1 + more > width) {
        lines.push(line)
        line = word
        columns = more
      } else {
        columns = line === '' ? more : columns + 1 + more
        line = line === '' ? word : `${line} ${word}`
      }
    }
    lines.push(line)
  }
  return lines
}
