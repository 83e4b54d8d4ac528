/** The length, the precision and the like of a type, as the grammar has them; from the one number in which the server keeps them. */

import type { TypeUse } from './rows.ts'

/** Counted in with the length of a value: the four bytes in front of it. */
const header = 4
const lengths = new Set(['varchar', 'bpchar'])
const wholeInterval = 0x7fff
const fullPrecision = 0xffff

export function modifiersOf(name: string, { typmod, written }: TypeUse): readonly number[] {
  if (typmod < 0) return []
  if (written !== null) return numbersIn(written)
  if (lengths.has(name)) return [typmod - header]
  if (name === 'numeric') return [(typmod - header) >>> 16, scaleOf((typmod - header) & 0x7ff)]
  if (name === 'interval') return intervalModifiers((typmod >>> 16) & wholeInterval, typmod & 0xffff)
  return [typmod]
}

/** Eleven bits with a sign. */
function scaleOf(bits: number): number {
  return (bits ^ 1024) - 1024
}

/** Which fields, as a set of bits, and how many digits of a second. */
function intervalModifiers(fields: number, precision: number): readonly number[] {
  return precision === fullPrecision ? [fields] : [fields, precision]
}

/** The numbers in `extensions.geometry(Point,4326)`; the grammar keeps those too, and no words. */
function numbersIn(written: string): readonly number[] {
  const inside = /\(([^()]*)\)(?:\[\])*$/.exec(written)?.[1] ?? ''
  return inside.split(',').flatMap((part) => (/^\s*-?\d+\s*$/.test(part) ? [Number(part)] : []))
}
