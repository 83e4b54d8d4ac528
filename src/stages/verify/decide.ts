import type { CatalogDifference } from '../../postgres/catalog.ts'

export type Verification =
  | { readonly kind: 'verified'; readonly checked: readonly string[]; readonly notChecked: readonly string[] }
  | {
      readonly kind: 'broken'
      readonly problems: readonly string[]
      /** What this run did apply, planned or not. */
      readonly applied: readonly string[]
      readonly failed: readonly string[]
      /** Everything that was planned is finished, and nothing else was begun. */
      readonly finished: boolean
    }

/** What this release looks at. The rest is named, so that nobody takes its absence for a pass. */
const notChecked = [
  'drift between the schema in the project and the database',
  'row counts',
  'application health',
] as const

export function decideVerification(seen: {
  /** As messages name it. */
  readonly history: string
  readonly planned: readonly { readonly name: string; readonly checksum: string }[]
  /** Finished before Prisma was started. */
  readonly finishedBefore: ReadonlySet<string>
  /** Finished now, with the checksum that Prisma recorded: what was run, whatever the file says by now. */
  readonly finished: ReadonlyMap<string, string>
  readonly failed: readonly string[]
  readonly stillPending: readonly string[]
  readonly difference: CatalogDifference
}): Verification {
  const planned = new Set(seen.planned.map(({ name }) => name))
  const applied = [...seen.finished.keys()].filter((name) => planned.has(name) || !seen.finishedBefore.has(name))
  const unplanned = applied.filter((name) => !planned.has(name))
  const problems = [
    ...seen.planned.flatMap(({ name, checksum }) => {
      const recorded = seen.finished.get(name)
      if (recorded === undefined) return [`${name} is not recorded as finished in ${seen.history}`]
      return recorded === checksum ? [] : [`${name} was recorded with another checksum than the file that was planned`]
    }),
    ...unplanned.map((name) => `${name} was applied during this run and was in no plan`),
    ...seen.failed.map((name) => `${name} is recorded as failed`),
    ...seen.stillPending.map((name) => `${name} is still pending`),
    ...seen.difference.added
      .filter((line) => line.startsWith('index ') && line.endsWith(' invalid'))
      .map((line) => `invalid ${line}`),
  ]
  if (problems.length > 0) {
    const finished = seen.failed.length === 0 && seen.planned.every(({ name }) => seen.finished.has(name))
    return { kind: 'broken', problems, applied, failed: seen.failed, finished }
  }
  return {
    kind: 'verified',
    checked: ['history', 'checksums', 'pending migrations', 'nothing beside the plan', 'new invalid indexes'],
    notChecked,
  }
}
