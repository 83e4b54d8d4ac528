import { oneLine } from '../../../report/markdown-text.ts'
import type { Undo } from './undo.ts'

export interface HeaderFacts {
  readonly migration: string
  /** `PostgreSQL 17.10` */
  readonly server: string
  readonly airlock: string
  /** How the history forgets the migration when the undo was run. */
  readonly forget: string
}

type Written = Extract<Undo, { readonly kind: 'proven' | 'lossy' }>

/** The file as it is written beside the migration: what was proven stands above what is to be run. */
export function fileWithHeader(undo: Written, { migration, server, airlock, forget }: HeaderFacts): string {
  const lines = [
    `Takes back ${migration}. Airlock ${airlock} wrote it and ran it on ${server}: up, down, up again.`,
    ...undo.checked.map((what) => `checked: ${what}`),
    ...undo.notChecked.map((what) => `not checked: ${what}`),
    ...(undo.kind === 'proven' ? ['Nothing that was there before the migration is lost.'] : []),
    ...undo.loses.map(({ text }) => `LOST: ${text}`),
    ...(undo.writtenSince.length === 0 ? [] : ['Count first what was written since and is lost with it:']),
    ...undo.writtenSince.flatMap(({ what, sql }) => [what, `  ${sql};`]),
    'Afterwards the history has to forget the migration:',
    `  ${forget}`,
  ]
  return `${lines.map((line) => `-- ${line.startsWith('  ') ? `  ${oneLine(line.trim())}` : oneLine(line)}`).join('\n')}\n\n${undo.sql}`
}
