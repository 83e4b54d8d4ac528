import { formatMs, plural } from '../../report/words.ts'
import type { RehearsalMode } from './estimate/estimate.ts'
import type { Rehearsal } from './rehearsal.ts'

export const copyWords: Readonly<Record<RehearsalMode, string>> = {
  data: 'a copy of the data',
  schema: 'an empty copy of the schema',
}

const always = [
  'privileges and row-level security: the copy is used by a role that may do everything',
  'limits and load of the server',
]

/** What a rehearsal of that kind says nothing about. */
export const notChecked: Readonly<Record<RehearsalMode, readonly string[]>> = {
  data: always,
  schema: [
    'whether the rows allow it: the copy has none (duplicates, values that are missing or do not fit, orphans)',
    'how long it takes where it goes through rows, and how the planner would go through them: it counts the pages of a file, and those are empty',
    'rows and assertions: what the migrations do to values',
    ...always,
  ],
}

export function describeRehearsal(rehearsal: Rehearsal) {
  switch (rehearsal.kind) {
    case 'passed':
      return {
        outcome: 'pass',
        summary: `${plural(rehearsal.real.finished.length, 'migration')} in ${formatMs(rehearsal.real.ms)} on ${copyWords[rehearsal.estimate.mode]}; not checked: ${rehearsal.notChecked.map((what) => what.split(':')[0]).join(', ')}`,
        detail: { ms: rehearsal.real.ms, notChecked: rehearsal.notChecked },
      } as const
    case 'failed':
      return {
        outcome: 'fail',
        summary: rehearsal.problems[0] ?? '',
        detail: { problems: rehearsal.problems },
      } as const
    case 'not-made':
      return { outcome: 'skipped', summary: rehearsal.because } as const
  }
}
