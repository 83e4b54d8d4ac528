/** What a report tells of a rehearsal, and its first sentence. */

import type { RunResult } from '../result.ts'
import { quotedRelation } from '../sql/identifiers.ts'
import { type DataCheck, failedAmong, sentenceOf } from '../stages/rehearse/data/data-check.ts'
import {
  blockings,
  type DeployEstimate,
  type LockEstimate,
  type RehearsalMode,
  type StatementEstimate,
} from '../stages/rehearse/estimate/estimate.ts'
import type { Halfway } from '../stages/rehearse/halfway/halfway.ts'
import type { Trace } from '../stages/rehearse/trace/trace.ts'
import type { RehearsedUndo } from '../stages/rehearse/undo/undo.ts'
import { rangeText, totalText, unnoticedMs } from './rehearsal-words.ts'
import { formatMs, plural } from './words.ts'

export interface RehearsalSection {
  readonly mode: RehearsalMode
  /** The one whose names need no prefix. */
  readonly schema: string
  readonly plan: readonly ShownFile[]
  readonly trace: Trace
  readonly estimate: DeployEstimate
  /** Where the copy did something else than the text of a statement says. */
  readonly disagreements: readonly Disagreement[]
  readonly checks: readonly DataCheck[]
  /** Empty where the policy leaves it out. */
  readonly undo: readonly RehearsedUndo[]
  readonly halfway: readonly Halfway[]
  readonly notChecked: readonly string[]
}

export interface ShownFile {
  readonly name: string
  readonly statements: readonly { readonly index: number; readonly sql: string }[]
}

export interface Disagreement {
  readonly migration: string
  readonly line: number
  readonly text: string
}

export function sectionOf({
  rehearsal,
  migrations,
}: Pick<RunResult, 'rehearsal' | 'migrations'>): RehearsalSection | undefined {
  if (rehearsal === undefined) return undefined
  const { trace } = rehearsal
  return {
    ...rehearsal,
    trace: {
      ...trace,
      stopped: trace.stopped === undefined ? undefined : { sqlState: undefined, find: undefined, ...trace.stopped },
    },
    undo: rehearsal.undo ?? [],
    halfway: (rehearsal.halfway ?? []).map((one) => ({
      ...one,
      states: one.states.map((state) => ({ refused: undefined, ...state })),
    })),
    plan: migrations,
  }
}

/** Above everything else: did it work, who waits longest, and how long is it going to take? */
export function verdictOf(section: RehearsalSection): readonly string[] {
  const { trace, estimate, plan, mode } = section
  const { stopped, files } = trace
  const copy = mode === 'data' ? 'a copy of production’s data' : 'an empty copy of production’s schema'
  if (stopped !== undefined) {
    const whole = files.filter(({ migration }) => migration !== stopped.migration).length
    const before = whole === 0 ? '' : `, after ${plural(whole, 'migration')} of ${plan.length} had run`
    return [
      `The migrations did not run on ${copy}: ${stopped.migration} stopped at line ${stopped.line}${before}. ${ended(stopped.cause)}`,
    ]
  }
  if (files.length < plan.length)
    return [`Only ${files.length} of ${plural(plan.length, 'migration')} ran on ${copy}, and nothing says why.`]
  const all =
    plan.length === 1 ? 'The migration' : plan.length === 2 ? 'Both migrations' : `All ${plan.length} migrations`
  const copyMs = files.reduce((sum, { ms }) => sum + ms, 0)
  return [
    `${all} ran on ${copy} in ${formatMs(copyMs)}. ${longestLock(section)}`,
    `In production ${plan.length === 1 ? 'it takes' : 'they take'} ${totalText(estimate.total)}; waiting for locks that somebody holds comes on top.`,
    ...whatDoesNotHold(section),
  ]
}

function whatDoesNotHold({ checks }: RehearsalSection): readonly string[] {
  const names = failedAmong(checks).map(({ name }) => name)
  return names.length === 0 ? [] : [`What the data says does not hold: ${names.join(', ')}.`]
}

function longestLock({ estimate, schema }: RehearsalSection): string {
  const locks = statementsOf(estimate).flatMap((statement) =>
    statement.locks.filter(({ blocks }) => blocks !== 'nothing'),
  )
  const unknown = locks.find(({ held, blocks }) => held.kind === 'unknown' && blocks !== 'same-rows')
  const longest = locks.toSorted((a, b) => likelyHeld(b) - likelyHeld(a) || severity(b) - severity(a))
  const [table] = longest.filter(({ blocks }) => blocks !== 'same-rows')
  const first = table !== undefined && isNoticed(table) ? table : longest.find(isNoticed)
  const known =
    first === undefined || first.held.kind === 'unknown'
      ? undefined
      : `Longest lock: ${whoWaits(first, schema)} ${rangeText(first.held.ms)}.`
  if (unknown !== undefined) {
    const open = `For how long ${whoWaits(unknown, schema)} is not known.`
    return known === undefined ? open : `${known} ${open}`
  }
  return known ?? `Nobody waits for a lock for ${unnoticedMs} ms or longer.`
}

function whoWaits({ relation, blocks }: LockEstimate, schema: string): string {
  const name = quotedRelation(relation, schema)
  switch (blocks) {
    case 'reads-and-writes':
      return `reads of and writes to ${name} wait`
    case 'same-rows':
      return `writes to the same rows of ${name} wait`
    case 'writes-and-row-locks':
      return `writes to ${name} and SELECT … FOR UPDATE wait`
    default:
      return `writes to ${name} wait`
  }
}

export function statementsOf(estimate: DeployEstimate): readonly StatementEstimate[] {
  return estimate.files.flatMap(({ statements }) => statements)
}

/** At most so many, the longest; those of unknown length before all others. In the order in which they run. */
export function heaviestOf(statements: readonly StatementEstimate[], most: number): readonly StatementEstimate[] {
  const kept = new Set(statements.toSorted((a, b) => weight(b) - weight(a)).slice(0, most))
  return statements.filter((statement) => kept.has(statement))
}

/** What was asked of the data, that which did not hold first. */
export function dataChecksIn({ checks }: RehearsalSection): readonly string[] {
  const order = ['fail', 'not-checked', 'pass'] as const
  const words = { fail: 'does not hold: ', 'not-checked': 'not checked: ', pass: '' } as const
  return checks
    .toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
    .map((check) => `${words[check.outcome]}${sentenceOf(check)}`)
}

export function isNoticed({ held }: LockEstimate): boolean {
  return held.kind === 'unknown' || held.ms.high > unnoticedMs
}

/** What could not be looked at while the statements ran; what is so for several is said once. */
export function notObservedIn({ trace }: RehearsalSection): readonly string[] {
  const places = new Map<string, string[]>()
  for (const { migration, statements } of trace.files)
    for (const { line, notObserved } of statements)
      for (const what of notObserved) places.set(what, [...(places.get(what) ?? []), `${migration}:${line}`])
  return [...places].map(([what, at]) => (at.length === 1 ? `${at[0]} ${what}` : `${what} (${at.length} statements)`))
}

function weight({ duration, locks }: StatementEstimate): number {
  const longest = Math.max(0, ...locks.filter(({ blocks }) => blocks !== 'nothing').map(likelyHeld))
  return Math.max(longest, duration.kind === 'range' ? duration.ms.likely : Number.POSITIVE_INFINITY)
}

function likelyHeld({ held }: LockEstimate): number {
  return held.kind === 'range' ? held.ms.likely : 0
}

function severity({ blocks }: LockEstimate): number {
  return blockings.indexOf(blocks)
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
