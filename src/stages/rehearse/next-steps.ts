import { shellWord } from '../../postgres/quoting.ts'
import type { Rehearsal } from './rehearsal.ts'

type Failed = Extract<Rehearsal, { readonly kind: 'failed' }>

/** The same data is tried again without the database: the backup has it. */
export function tryAgain({ find, approvable }: Failed, manifestPath: string | undefined): readonly string[] {
  if (approvable)
    return [
      'Read what it did. If that may happen, approve the plan by its digest: `--approve`, or the input `approve`.',
    ]
  const rows = find === undefined ? [] : ['The rows that stand in its way:', find]
  if (manifestPath === undefined)
    return [...rows, 'Correct the migration, or the data that stands in its way, then start again.']
  return [
    ...rows,
    'Correct the migration, and try it on the same data; the database is not needed for that:',
    `airlock rehearse --from ${shellWord(manifestPath)}`,
    'Or correct the data that stands in its way, then deploy again.',
  ]
}
