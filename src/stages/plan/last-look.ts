import { createHash } from 'node:crypto'
import type { Migration } from '../../migrations/migration.ts'
import type { Session } from '../../ports.ts'
import { type CatalogVersion, readCatalogVersion } from '../../postgres/catalog-version.ts'
import { type PackedCatalog, packCatalog } from '../../postgres/packed-catalog.ts'
import type { Analysis } from './analyse.ts'
import { analyseLive, type LiveOptions } from './analyse-live.ts'

/** What a plan is made of as far as it depends on the schema. */
export interface Looked {
  readonly analysis: Analysis
  readonly catalog: PackedCatalog
}

/**
 * A deploy makes its plan three times. What is read of the schema depends on nothing but the catalogs of the server, and the
 * analysis on nothing but that, the pending files and the options; so both are what they would be again wherever those are
 * the same. The version is read before anything else: if it is the same a second time, nothing was committed since the
 * first, and therefore not while the rest was read either. Nothing is kept that could age, and where no version can be told,
 * or the options hold anything that cannot be compared, all is done anew.
 */
export class LastLook {
  #last: (Looked & { readonly version: CatalogVersion; readonly inputs: string | undefined }) | undefined

  async look(session: Session, pending: readonly Migration[], options: LiveOptions): Promise<Looked> {
    // Large questions that are asked once: the planner's estimate would have them compiled, which takes longer than running them.
    await session.query('SET jit = off')
    const version = await readCatalogVersion(session)
    const inputs = fingerprintOf([pending, options])
    const last = version !== undefined && version === this.#last?.version ? this.#last : undefined
    // Not to be in the way of what is read in its place.
    this.#last = undefined
    const analysis =
      last?.inputs !== undefined && last.inputs === inputs
        ? last.analysis
        : await analyseLive(session, pending, options)
    const catalog = last?.catalog ?? (await packCatalog(session))
    if (version !== undefined) this.#last = { version, inputs, analysis, catalog }
    return { analysis, catalog }
  }
}

/** Of plain data, whole texts included; `undefined` where there is something whose content does not show. */
function fingerprintOf(value: unknown): string | undefined {
  let plain = true
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Set) return [...part]
    const isPlain =
      part === null ||
      typeof part !== 'object' ||
      Array.isArray(part) ||
      Object.getPrototypeOf(part) === Object.prototype
    if (!isPlain || typeof part === 'function' || typeof part === 'bigint') plain = false
    return typeof part === 'bigint' ? String(part) : part
  })
  return plain ? createHash('sha256').update(text).digest('hex') : undefined
}
