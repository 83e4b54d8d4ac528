import { type Permission, permissionsIn, type UnusableComment } from '../permissions.ts'
import type { Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'airlock-comment',
  title: 'A comment that should allow something does not',
  group: 'unknown',
  documentation: {
    summary:
      '`-- airlock: allow RULE because REASON` above a statement, inside it or at the end of its line silences that rule for ' +
      'that statement; several rules are separated by commas. What was silenced stays in every report as allowed, with the ' +
      'reason. It never takes away a risk: what needs approval is decided by what the statement does, not by what is said ' +
      'about it. A comment without a reason or with a rule that does not exist allows nothing, and one that silences nothing ' +
      'is left over from something else.',
    bad: '-- airlock: allow ban-drop-column\nALTER TABLE "User" DROP COLUMN "email";',
    good: '-- airlock: allow ban-drop-column because the field left the application with release 41\nALTER TABLE "User" DROP COLUMN "email";',
  },
  check: (context) =>
    permissionsIn(context, context.ruleIds).unusable.flatMap((comment) => ofUnusable(comment, context)),
}

const form = '-- airlock: allow'

function ofUnusable(comment: UnusableComment, context: RuleContext): readonly Remark[] {
  const { problem, rule: wanted, at } = comment
  const statement = comment.statement ?? context.statements.at(-1)
  if (statement === undefined) return []
  const said = {
    'not-understood': {
      message: 'A comment addresses Airlock and is not understood, so it allows nothing.',
      instead: `${form} RULE because REASON`,
    },
    'no-reason': {
      message: `A comment wants to allow ${wanted} without a reason, so it allows nothing.`,
      instead: `${form} ${wanted} because … (what makes it safe here)`,
    },
    'unknown-rule': {
      message: `A comment wants to allow \`${wanted}\`, which is no rule that can be allowed, so it allows nothing.`,
      instead: `${form} RULE because REASON, where RULE is the name in brackets in front of a finding`,
    },
  }[problem]
  return [
    {
      statement,
      at,
      severity: 'error',
      ...said,
      why: 'Whoever wrote it believes that somebody decided about this statement; the reason is what a reviewer and the report need.',
    },
  ]
}

/** Of a permission whose rule had nothing to say: it would silence the next thing that somebody writes there. */
export function idle(permission: Permission, context: RuleContext): readonly Remark[] {
  const statement = permission.statement ?? context.statements.at(-1)
  if (statement === undefined) return []
  const where =
    permission.statement === undefined
      ? 'no statement follows it'
      : `${permission.rule} says nothing about line ${permission.statement.range.line}`
  return [
    {
      statement,
      at: permission.at,
      severity: 'notice',
      message: `A comment allows ${permission.rule} where there is nothing to allow: ${where}.`,
      why: 'A permission belongs to one statement. One that stays behind looks like a decision and would silence what is written there later.',
      instead: 'Remove the comment, or move it to the line above the statement that it is about.',
    },
  ]
}
