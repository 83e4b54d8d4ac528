/** How a file is cut for an upload. Pure. Limits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */

export interface Part {
  /** From 1. */
  readonly number: number
  readonly start: number
  readonly bytes: number
}

const mebibyte = 1_048_576
const smallestPartBytes = 16 * mebibyte
const mostParts = 10_000

/** Parts of one size but the last, as some servers ask for; one part goes as a plain PUT. */
export function partsOf(bytes: number): readonly Part[] {
  const size = Math.max(smallestPartBytes, Math.ceil(bytes / mostParts / mebibyte) * mebibyte)
  const count = Math.max(1, Math.ceil(bytes / size))
  return Array.from({ length: count }, (_, index) => {
    const start = index * size
    return { number: index + 1, start, bytes: Math.min(size, bytes - start) }
  })
}
