import type { Assertion } from '../../../config/assertions.ts'
import { plural } from '../../../report/words.ts'
import type { DataCheck } from './data-check.ts'

/** What the server answered. Of its content only a hash leaves the server, and the one value that somebody expects is compared there. */
export type Answer =
  | { readonly kind: 'answered'; readonly rows: number; readonly hash: string; readonly isValue: boolean }
  | { readonly kind: 'failed'; readonly because: string }

export interface Answers {
  readonly before: Answer | undefined
  readonly after: Answer | undefined
}

export const moments = ['before', 'after'] as const
export type Moment = (typeof moments)[number]

export function isAskedFor({ expect, when = 'after' }: Assertion, moment: Moment): boolean {
  return expect === 'same' || when === 'both' || when === moment
}

export function decideAssertion(assertion: Assertion, answers: Answers): DataCheck {
  const asked = moments.filter((moment) => isAskedFor(assertion, moment))
  const problems = asked.flatMap((moment) => {
    const answer = answers[moment]
    if (answer === undefined) return [`it was not asked ${moment} the migrations`]
    const problem = problemOf(assertion, answer)
    return problem === undefined ? [] : [`${moment} the migrations ${problem}`]
  })
  const all = problems.length > 0 ? problems : differing(assertion, answers)
  return {
    kind: 'assertion',
    name: assertion.name,
    outcome: all.length === 0 ? 'pass' : 'fail',
    text: all.length === 0 ? `holds ${asked.join(' and ')} the migrations` : all.join('; '),
  }
}

function problemOf({ expect }: Assertion, answer: Answer): string | undefined {
  if (answer.kind === 'failed') return `its query fails: ${answer.because}`
  const { rows, isValue } = answer
  if (expect === 'none') return rows === 0 ? undefined : `it finds ${plural(rows, 'row')}, and should find none`
  if (expect === 'rows') return rows > 0 ? undefined : 'it finds no row, and should find some'
  if (expect === 'same' || isValue) return undefined
  return rows === 1
    ? 'it answers with another value'
    : `it answers with ${plural(rows, 'row')}, and should with one value`
}

function differing({ expect }: Assertion, { before, after }: Answers): readonly string[] {
  if (expect !== 'same' || before?.kind !== 'answered' || after?.kind !== 'answered') return []
  if (before.rows !== after.rows)
    return [`it answers with ${plural(before.rows, 'row')} before the migrations and ${after.rows} after them`]
  return before.hash === after.hash
    ? []
    : [`its answer after the migrations is another one than before (${plural(after.rows, 'row')} both times)`]
}
