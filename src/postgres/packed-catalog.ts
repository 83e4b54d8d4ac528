import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Session } from '../ports.ts'
import { type CatalogDifference, snapshotSql } from './catalog.ts'
import { inOneMoment } from './one-moment.ts'

/**
 * The lines of catalog.ts for a deploy, which keeps them until it has applied: tens of thousands where there are thousands of
 * tables, so they come in pieces, and are kept as a twentieth of their size.
 */
export interface PackedCatalog {
  /** The same as `fingerprintOf` the whole. */
  readonly fingerprint: string
  readonly pieces: readonly Buffer[]
}

const linesInPiece = 2_000
/** The definition of a view has lines of its own; this character no text of a database can have. */
const end = '\0'

export async function packCatalog(session: Session): Promise<PackedCatalog> {
  const hash = createHash('sha256')
  const pieces: Buffer[] = []
  await inOneMoment(session, async () => {
    for await (const lines of linesOf(session)) {
      hash.update(`${pieces.length === 0 ? '' : '\n'}${lines.join('\n')}`)
      // The fastest level: names and types that come again and again are found by any.
      pieces.push(deflateRawSync(lines.join(end), { level: 1 }))
    }
  })
  return { fingerprint: hash.digest('hex'), pieces }
}

/** What `differenceOf` says of the catalog as it was and as it is now. */
export async function differenceSince(before: PackedCatalog, session: Session): Promise<CatalogDifference> {
  const added = new Set<string>()
  const removed = new Set<string>()
  let last: { was?: string; is?: string } = {}
  const was = before.pieces.values()
  const seeBefore = () => {
    const piece = was.next().value
    for (const line of piece === undefined ? [] : inflateRawSync(piece).toString('utf8').split(end)) {
      if (line === last.was) continue
      last = { ...last, was: line }
      if (!added.delete(line)) removed.add(line)
    }
    return piece !== undefined
  }
  await inOneMoment(session, async () => {
    // Both come in the same order, whatever order that is: a line that is in both waits only until the other side is as far.
    for await (const lines of linesOf(session)) {
      seeBefore()
      for (const line of lines) {
        if (line === last.is) continue
        last = { ...last, is: line }
        if (!removed.delete(line)) added.add(line)
      }
    }
  })
  while (seeBefore());
  return { added: [...added], removed: [...removed] }
}

async function* linesOf(session: Session): AsyncGenerator<readonly string[]> {
  await session.query(`DECLARE airlock_lines NO SCROLL CURSOR FOR ${snapshotSql}`)
  for (;;) {
    const rows = await session.query<{ line: string }>(`FETCH ${linesInPiece} FROM airlock_lines`)
    if (rows.length > 0) yield rows.map((row) => row.line)
    if (rows.length < linesInPiece) return
  }
}
