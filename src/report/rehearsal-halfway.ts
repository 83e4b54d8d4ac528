/** What a report says of deploys that end in the middle of a migration. */

import type { Ending, Halfway, HalfwayState } from '../stages/rehearse/halfway/halfway.ts'

export interface HalfwayRow {
  readonly migration: string
  readonly inForce: string
  readonly next: string
}

export function halfwayRows(halfway: readonly Halfway[]): readonly HalfwayRow[] {
  return halfway.flatMap(({ migration, states, notTried }) => [
    ...states.map((state) => ({ migration, inForce: inForceText(state), next: nextText(state) })),
    ...notTried.map((because) => ({ migration, inForce: 'not tried', next: because })),
  ])
}

function inForceText({ inForce, of, line }: HalfwayState): string {
  if (inForce === 0) return 'nothing of it'
  if (inForce === of) return 'all of it, and its end is not recorded'
  return `${inForce} of ${of} statements, up to line ${line}`
}

function nextText({ killed, refused }: HalfwayState): string {
  const [one, other] = [endingText(killed), refused === undefined ? undefined : endingText(refused)]
  return other === undefined || one === other ? one : `when it was killed: ${one} When the server refused it: ${other}`
}

function endingText({ next, says, wrong }: Ending): string {
  return `${wrong ? 'WRONG, not what is in force: ' : ''}${doing(next, says)}`
}

function doing(next: Ending['next'], says: string): string {
  switch (next) {
    case 'again':
      return 'applies it from its start.'
    case 'recorded':
      return 'records it as applied.'
    case 'person':
      return `asks a person. ${says}`.trim()
  }
}
