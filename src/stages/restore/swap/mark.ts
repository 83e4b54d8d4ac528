/**
 * What a run leaves in the comment of a database, so that the next one knows what an interrupted one had done. A comment is
 * transactional, belongs to the database whatever its name is, and can be read by everybody who looks.
 */

export type RestoreState = 'filling' | 'whole'

export interface RestoreMark {
  readonly backup: string
  readonly sha256: string
  readonly state: RestoreState
}

export interface SwapMark {
  /** The name that the database had until then. */
  readonly name: string
  readonly at: string
  /** Of the database that has the name since then. */
  readonly successorOid: number
  readonly backup: string
  readonly sha256: string
}

const states: Readonly<Record<RestoreState, string>> = {
  filling: 'not whole, to be dropped unless a restore is running',
  whole: 'whole, and compared with the backup',
}

export function restoreMark({ backup, sha256, state }: RestoreMark): string {
  return `airlock restore of ${backup} sha256:${sha256}: ${states[state]}`
}

export function parseRestoreMark(comment: string | null): RestoreMark | undefined {
  const found = /^airlock restore of (\S+) sha256:([0-9a-f]{64}): (.*)$/.exec(comment ?? '')
  const state = found?.[3] === states.whole ? 'whole' : found?.[3] === states.filling ? 'filling' : undefined
  if (found === null || state === undefined) return undefined
  return { backup: found[1] ?? '', sha256: found[2] ?? '', state }
}

/** The comment that the database had stays in it, below. */
export function swapMark({ name, at, successorOid, backup, sha256 }: SwapMark, comment: string | null): string {
  const first = `airlock swap: ${JSON.stringify(name)} until ${at}, then replaced by database ${successorOid} from ${backup} sha256:${sha256}`
  return comment === null ? first : `${first}\n${comment}`
}

export function parseSwapMark(comment: string | null): SwapMark | undefined {
  const found =
    /^airlock swap: ("(?:[^"\\]|\\.)*") until (\S+), then replaced by database (\d+) from (\S+) sha256:([0-9a-f]{64})$/m.exec(
      (comment ?? '').split('\n')[0] ?? '',
    )
  if (found === null) return undefined
  const [, name = '""', at = '', oid, backup = '', sha256 = ''] = found
  return { name: String(JSON.parse(name)), at, successorOid: Number(oid), backup, sha256 }
}

/** The comment that somebody wrote. */
export function withoutMark(comment: string | null): string | null {
  if (parseRestoreMark(comment) !== undefined) return null
  if (parseSwapMark(comment) === undefined) return comment
  const [, ...own] = (comment ?? '').split('\n')
  return own.length === 0 ? null : own.join('\n')
}
