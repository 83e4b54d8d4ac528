/**
 * The text of a file with its coordinates: UTF-8 bytes (what the parser's locations count), code points (what its error
 * positions count), UTF-16 units (what JavaScript slices) and lines with columns (what people read).
 */

/** Lines and columns count from 1, columns in code points; `offset` is the UTF-16 index into the text. */
export interface Position {
  readonly byte: number
  readonly offset: number
  readonly line: number
  readonly column: number
}

export interface SourceText {
  readonly text: string
  readonly byteLength: number
  readonly atByte: (byte: number) => Position
  readonly atCodePoint: (codePoint: number) => Position
  readonly atOffset: (offset: number) => Position
  /** A line without its line break; empty for a line that does not exist. */
  readonly lineText: (line: number) => string
}

/** So that a position inside one very long line costs no more than any other. */
const checkpointEvery = 512

type Axis = 'byte' | 'codePoint' | 'offset'
type Checkpoints = { readonly [axis in Axis | 'line' | 'column']: number[] }

export function sourceText(text: string): SourceText {
  return /[\u0080-\uffff]/.test(text) ? textOfManySizes(text) : textOfBytes(text)
}

/** Nearly all files: byte, code point and UTF-16 unit are one and the same. */
function textOfBytes(text: string): SourceText {
  const lineOffsets = [0]
  lineEnd.lastIndex = 0
  while (lineEnd.test(text)) lineOffsets.push(lineEnd.lastIndex)
  const locate = (target: number): Position => {
    const offset = Math.max(0, Math.min(target, text.length))
    const line = lastAtOrBefore(lineOffsets, offset)
    return { byte: offset, offset, line: line + 1, column: offset - (lineOffsets[line] ?? 0) + 1 }
  }
  return {
    text,
    byteLength: text.length,
    atByte: locate,
    atCodePoint: locate,
    atOffset: locate,
    lineText: (wanted) => lineOf(text, lineOffsets, wanted),
  }
}

// A carriage return alone ends a line for editors and for the server, which ends its comments there.
const lineEnd = /\r\n?|\n/g

function lineOf(text: string, lineOffsets: readonly number[], wanted: number): string {
  const from = lineOffsets[wanted - 1]
  if (from === undefined) return ''
  return text.slice(from, lineOffsets[wanted] ?? text.length).replace(/\r?\n$|\r$/, '')
}

function textOfManySizes(text: string): SourceText {
  const points: Checkpoints = { byte: [0], codePoint: [0], offset: [0], line: [1], column: [1] }
  const lineOffsets = [0]
  let byte = 0
  let codePoint = 0
  let line = 1
  let column = 1
  let sinceCheckpoint = 0
  for (let offset = 0; offset < text.length; ) {
    const unit = text.charCodeAt(offset)
    const size = unitsAt(text, offset, unit)
    byte += bytesOf(unit, size)
    codePoint += 1
    column += 1
    offset += size
    sinceCheckpoint += 1
    const newLine = unit === 10 || (unit === 13 && text.charCodeAt(offset) !== 10)
    if (newLine) {
      line += 1
      column = 1
      lineOffsets.push(offset)
    }
    if (newLine || sinceCheckpoint === checkpointEvery) {
      sinceCheckpoint = 0
      points.byte.push(byte)
      points.codePoint.push(codePoint)
      points.offset.push(offset)
      points.line.push(line)
      points.column.push(column)
    }
  }

  const locate = (axis: Axis, target: number): Position => {
    const start = lastAtOrBefore(points[axis], target)
    const at = {
      byte: points.byte[start] ?? 0,
      codePoint: points.codePoint[start] ?? 0,
      offset: points.offset[start] ?? 0,
      column: points.column[start] ?? 1,
    }
    while (at[axis] < target && at.offset < text.length) {
      const unit = text.charCodeAt(at.offset)
      const size = unitsAt(text, at.offset, unit)
      at.byte += bytesOf(unit, size)
      at.offset += size
      at.codePoint += 1
      at.column += 1
    }
    return { byte: at.byte, offset: at.offset, line: points.line[start] ?? 1, column: at.column }
  }

  return {
    text,
    byteLength: byte,
    atByte: (target) => locate('byte', target),
    atCodePoint: (target) => locate('codePoint', target),
    atOffset: (target) => locate('offset', target),
    lineText: (wanted) => lineOf(text, lineOffsets, wanted),
  }
}

function unitsAt(text: string, offset: number, unit: number): 1 | 2 {
  if (unit < 0xd800 || unit > 0xdbff) return 1
  const next = text.charCodeAt(offset + 1)
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1
}

function bytesOf(unit: number, units: 1 | 2): number {
  if (units === 2) return 4
  if (unit < 0x80) return 1
  return unit < 0x800 ? 2 : 3
}

function lastAtOrBefore(sorted: readonly number[], target: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((sorted[middle] ?? 0) <= target) low = middle
    else high = middle - 1
  }
  return low
}
