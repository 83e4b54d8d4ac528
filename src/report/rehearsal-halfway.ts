/** What a report says of deploys that end in the middle of a migration. */

import type { Ending, Halfway, HalfwayState } from '../stages/rehearse/halfway/halfway.ts'

const notTriedText = 'not tried'

export interface HalfwayRow {
  readonly migration: string
  readonly inForce: string
  readonly next: string
}

export function halfwayRows(halfway: readonly Halfway[]): readonly HalfwayRow[] {
  return halfway.flatMap(({ migration, states, notTried }) => [
    ...(isWhole(states)
      ? [{ migration, inForce: 'nothing or all of it', next: 'applies it from its start, or records it as applied.' }]
      : states.map((state) => ({ migration, inForce: inForceText(state), next: nextText(state) }))),
    ...notTried.map((because) => ({ migration, inForce: notTriedText, next: because })),
  ])
}

/** Of one transaction, and the next deploy can tell which of the two it was: the least interesting of all. */
function isWhole(states: readonly HalfwayState[]): boolean {
  const [first, last, ...others] = states.map(({ killed, refused }) => {
    return killed.wrong || refused?.wrong === true ? 'wrong' : `${killed.next} ${refused?.next ?? ''}`.trim()
  })
  return others.length === 0 && first === 'again again' && last === 'recorded'
}

/** As a sentence of its own. */
export function halfwaySentence({ migration, inForce, next }: HalfwayRow): string {
  return inForce === notTriedText
    ? `${migration}, not tried: ${next}`
    : `${migration}, in force ${inForce}: the next deploy ${next}`
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
