import type { Migration } from '../../migrations/migration.ts'
import type { Session } from '../../ports.ts'
import {
  type LiveNames,
  readLiveCatalog,
  readLiveNames,
  readPartOfCatalog,
  type Wanted,
} from '../../postgres/live-catalog.ts'
import { inOneMoment } from '../../postgres/one-moment.ts'
import type { Catalog } from '../../sql/catalog/model.ts'
import { withoutSchema } from '../../sql/catalog/names.ts'
import { type Analysis, type AnalysisOptions, analyse } from './analyse.ts'

/** Up to so many relations, indexes and sequences counted in, all are read at once: some 15 MB and half a second at most. */
const fewRelations = 2_000
/** A cascade leads from one table to the next, and each time a round further. */
const mostRounds = 4

export type LiveOptions = Omit<AnalysisOptions, 'start' | 'thread'>

/**
 * The pending migrations, judged on what is there. Of thousands of relations those are read that the files name, with all
 * that hangs on them. The analysis itself says whether that was enough: whatever it asks for and was not read is noted
 * (unread.ts), and read before it is made again, from its beginning. Only an analysis that missed nothing counts; one that
 * goes through all relations, or that is led on and on, is given all of them.
 */
export async function analyseLive(
  session: Session,
  pending: readonly Migration[],
  options: LiveOptions,
  few = fewRelations,
): Promise<Analysis> {
  const analyseOn = (start: Catalog) => analyse({ applied: [], pending }, { ...options, start })
  return await inOneMoment(session, async () => {
    const names = await readLiveNames(session)
    return (await onParts(session, names, pending, analyseOn, few)) ?? (await analyseOn(await readLiveCatalog(session)))
  })
}

/** `undefined` where it takes the whole. */
async function onParts(
  session: Session,
  names: LiveNames,
  pending: readonly Migration[],
  analyseOn: (start: Catalog) => Promise<Analysis>,
  few: number,
): Promise<Analysis | undefined> {
  if (names.relations.length <= few || names.dotted) return undefined
  let wanted: Wanted = { relations: namedIn(pending, names), constraints: new Set() }
  for (let round = 1; round <= mostRounds; round += 1) {
    const most = names.relations.length / 2
    if (wanted.relations.size > most || wanted.constraints.size > most) return undefined
    const { catalog, unread } = await readPartOfCatalog(session, names, wanted)
    const ended = await analyseOn(catalog).then(
      (analysis) => ({ analysis }),
      (thrown: unknown) => ({ thrown }),
    )
    const { missed } = unread
    if (missed.nothing) {
      if ('thrown' in ended) throw ended.thrown
      return ended.analysis
    }
    if (missed.everything) return undefined
    wanted = {
      relations: new Set([...wanted.relations, ...missed.relations]),
      constraints: new Set([...wanted.constraints, ...missed.constraints]),
    }
  }
  return undefined
}

/** Whatever is called like a word in the files, in any schema: a guess that most often is all there is to it. */
function namedIn(pending: readonly Migration[], names: LiveNames): Wanted['relations'] {
  const words = new Set<string>()
  for (const { sql } of pending)
    for (const [word] of sql.matchAll(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu))
      words.add(word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase())
  return new Set(names.relations.filter((name) => words.has(withoutSchema(name))))
}
