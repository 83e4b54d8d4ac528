/**
 * `-- airlock: allow RULE because REASON` above a statement, inside it or at the end of its line: what that rule says about
 * that statement is moved from the findings to what was allowed, with the reason. It takes away no risk.
 */

import { type Comment, commentsOf } from '../sql/comments.ts'
import type { AnalysedStatement, RuleContext } from './rule.ts'

export interface Place {
  readonly line: number
  readonly column: number
}

export interface Permission {
  readonly rule: string
  readonly reason: string
  readonly at: Place
  /** The statement it stands at; `undefined` where none follows. */
  readonly statement: AnalysedStatement | undefined
}

export type CommentProblem = 'not-understood' | 'no-reason' | 'unknown-rule'

export interface UnusableComment {
  readonly problem: CommentProblem
  readonly text: string
  /** What it wanted to allow, as it stands there. */
  readonly rule: string
  readonly at: Place
  readonly statement: AnalysedStatement | undefined
}

export interface Permissions {
  readonly given: readonly Permission[]
  readonly unusable: readonly UnusableComment[]
}

/** Its findings are about comments, so that no comment can speak for them. */
export const ruleOfComments = 'airlock-comment'

export function permissionsIn(
  context: Pick<RuleContext, 'source' | 'statements'>,
  ruleIds: readonly string[],
): Permissions {
  const given: Permission[] = []
  const unusable: UnusableComment[] = []
  if (!/airlock/i.test(context.source.text)) return { given, unusable }
  const allowable = new Set(ruleIds.filter((id) => id !== ruleOfComments))
  const find = statementFinder(context)
  for (const comment of commentsOf(context.source.text)) {
    const request = requestIn(comment.text)
    if (request === undefined) continue
    const { line, column } = context.source.atOffset(comment.start)
    const where = { at: { line, column }, statement: find(comment) }
    if (request.kind === 'not-understood') {
      unusable.push({ ...where, problem: 'not-understood', rule: '', text: comment.text })
      continue
    }
    for (const rule of request.rules) {
      if (!allowable.has(rule)) unusable.push({ ...where, problem: 'unknown-rule', rule, text: comment.text })
      else if (request.reason === '') unusable.push({ ...where, problem: 'no-reason', rule, text: comment.text })
      else given.push({ ...where, rule, reason: request.reason })
    }
  }
  return { given, unusable }
}

type Request =
  | { readonly kind: 'allow'; readonly rules: readonly string[]; readonly reason: string }
  | { readonly kind: 'not-understood' }

/** A comment that addresses Airlock and is not understood is no remark in passing: somebody relies on it. */
function requestIn(text: string): Request | undefined {
  if (!/^airlock\s*(?::|[-\s]\s*(?:allow|ignore|disable|skip)\b)/i.test(text)) return undefined
  const wanted = /^airlock\s*:\s*allow\s+([\w-]+(?:\s*(?:,|\band\b)\s*[\w-]+)*)\s*(.*)$/i.exec(text)
  if (wanted === null) return { kind: 'not-understood' }
  const rules = (wanted[1] ?? '').split(/\s*,\s*|\s+and\s+/i)
  const reason = /^because\b\s*:?\s*(.*)$/i.exec(wanted[2] ?? '')?.[1] ?? ''
  return { kind: 'allow', rules, reason: /\p{L}/u.test(reason) ? reason.trim() : '' }
}

function statementFinder({ source, statements }: Pick<RuleContext, 'source' | 'statements'>) {
  const placed = statements.map((statement) => ({
    statement,
    start: source.atByte(statement.range.startByte).offset,
    end: source.atByte(statement.range.endByte).offset,
  }))
  const lineBreakBetween = (from: number, to: number) => source.text.slice(from, to).includes('\n')
  return ({ start, end }: Comment): AnalysedStatement | undefined => {
    const inside = placed.find((one) => one.start <= start && start < one.end)
    if (inside !== undefined) return inside.statement
    const before = placed.findLast((one) => one.end <= start)
    const after = placed.find((one) => one.start >= end)
    const leads = after !== undefined && !lineBreakBetween(end, after.start)
    const trails = before !== undefined && !lineBreakBetween(before.end, start)
    return trails && !leads ? before.statement : after?.statement
  }
}
