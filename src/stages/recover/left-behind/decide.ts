/**
 * An earlier run ended in the middle of a migration and could not look at what became of it: it was killed, or the server
 * was gone. What the file makes is there or is not, and that says what of it is in force.
 */

export type Trace =
  /** Made after the migration began. */
  | { readonly kind: 'there' }
  /** An index that CONCURRENTLY did not finish, made after the migration began. */
  | { readonly kind: 'half'; readonly index: string }
  | { readonly kind: 'absent' }
  /** It makes nothing that could be looked for, or something of that name is older, or there is more than one. */
  | { readonly kind: 'not known' }

export interface LeftBehind {
  readonly atomic: boolean
  /** Prisma got as far as to record that the script had succeeded. */
  readonly succeeded: boolean
  /** SQLSTATE with which the server refused the script, where Prisma could write it down. */
  readonly refusedWith: string | undefined
  /** Of each statement that changes anything, in the order of the file. */
  readonly statements: readonly { readonly line: number; readonly trace: Trace }[]
  /** What may stay though PostgreSQL took the file back, in sentences: it would happen twice. */
  readonly beyond: readonly string[]
}

export type Settlement =
  /** `drop`: an index that is in the way of the next attempt and serves nobody. */
  | { readonly kind: 'nothing-in-force'; readonly because: string; readonly drop: string | undefined }
  | { readonly kind: 'all-in-force'; readonly because: string }
  /** What can be said, as sentences. */
  | { readonly kind: 'for-a-person'; readonly known: readonly string[] }

export function decideLeftBehind(left: LeftBehind): Settlement {
  const { atomic, succeeded, refusedWith, statements, beyond } = left
  const traces = statements.map(({ trace }) => trace.kind)
  const [first] = statements
  if (succeeded) return { kind: 'all-in-force', because: 'Prisma recorded that its script had succeeded' }
  if (first?.trace.kind === 'half' && statements.length === 1)
    return once(beyond, 'the index that it builds was not finished', `DROP INDEX CONCURRENTLY ${first.trace.index}`)
  if (contradict(left)) return { kind: 'for-a-person', known: describe(left) }
  if (atomic ? traces.includes('absent') : traces[0] === 'absent') return once(beyond, whyNothing(left))
  if (atomic && refusedWith !== undefined && !traces.includes('there'))
    return once(beyond, `it ran as one transaction, and the server refused it (SQLSTATE ${refusedWith})`)
  if (refusedWith === undefined && (atomic ? traces.includes('there') : traces.at(-1) === 'there'))
    return { kind: 'all-in-force', because: whyAll(left) }
  return { kind: 'for-a-person', known: describe(left) }
}

/** What is in force ends at one place of the file; of one transaction it is all or nothing. */
function contradict({ atomic, statements, refusedWith }: LeftBehind): boolean {
  const traces = statements.map(({ trace }) => trace.kind)
  if (atomic) return traces.includes('there') && (traces.includes('absent') || refusedWith !== undefined)
  const firstAbsent = traces.indexOf('absent')
  return firstAbsent >= 0 && traces.lastIndexOf('there') > firstAbsent
}

function once(beyond: readonly string[], because: string, drop?: string): Settlement {
  return beyond.length === 0 ? { kind: 'nothing-in-force', because, drop } : { kind: 'for-a-person', known: beyond }
}

function whyNothing({ atomic, statements }: LeftBehind): string {
  const line = statements.find(({ trace }) => trace.kind === 'absent')?.line ?? 1
  return atomic
    ? `it ran as one transaction, and what its statement in line ${line} makes is not there`
    : 'what its first statement makes is not there'
}

function whyAll({ atomic, statements }: LeftBehind): string {
  const line = statements.findLast(({ trace }) => trace.kind === 'there')?.line ?? 1
  return atomic
    ? `it ran as one transaction, and what its statement in line ${line} makes is there since`
    : 'what its last statement makes is there since, and Prisma sends that only after all others succeeded'
}

function describe({ atomic, statements }: LeftBehind): readonly string[] {
  const lastThere = statements.findLastIndex(({ trace }) => trace.kind === 'there')
  const firstAbsent = statements.findIndex(({ trace }) => trace.kind === 'absent')
  if (atomic)
    return lastThere >= 0 && firstAbsent >= 0
      ? [
          'Some of what it makes is there and some is not, although it ran as one transaction: somebody changed it since.',
        ]
      : ['It ran as one transaction, so all of it is in force or nothing; it makes nothing that shows which.']
  // Prisma sends nothing more after the first statement that the server refuses.
  return [
    ...(lastThere < 0 ? [] : [`In force are its statements up to line ${statements[lastThere]?.line}.`]),
    ...(firstAbsent < 0 ? [] : [`Not in force are its statements from line ${statements[firstAbsent]?.line} on.`]),
    ...unsaid(statements.slice(lastThere + 1, firstAbsent < 0 ? undefined : firstAbsent)),
  ]
}

function unsaid(statements: LeftBehind['statements']): readonly string[] {
  const lines = statements.filter(({ trace }) => trace.kind === 'not known').map(({ line }) => line)
  return lines.length === 0
    ? []
    : [`Whether what stands in line ${lines.join(', ')} is in force cannot be seen in the schema.`]
}
