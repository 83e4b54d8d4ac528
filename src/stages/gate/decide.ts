import type { ApprovalReason, Policy } from '../../config.ts'
import { fail } from '../../errors.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import type { Plan, Risk } from '../plan/plan.ts'

declare const cleared: unique symbol

/** A plan that may go on. Only this file makes one, and apply() takes nothing else. */
export interface Clearance {
  readonly [cleared]: true
  readonly plan: Plan
  readonly because: string
}

export type RefusalCode =
  | 'confirm_missing'
  | 'confirm_not_exact'
  | 'confirm_replayed'
  | 'approval_missing'
  | 'approval_of_another_plan'
  | 'will_fail'
  | 'plan_changed'

export interface Refusal {
  readonly kind: 'needs-approval' | 'blocked'
  readonly code: RefusalCode
  readonly reason: string
  readonly risks: readonly Risk[]
  readonly next: readonly string[]
}

export type Verdict = { readonly kind: 'clear'; readonly clearance: Clearance } | Refusal

/** What started the run. A manual run proves with CONFIRM that somebody meant it. */
export type Trigger = {
  /** GitHub counts re-runs of the same run from 1; a re-run keeps the inputs of the first attempt. */
  readonly attempt: number
} & (
  | { readonly kind: 'manual' | 'automatic' | 'terminal' }
  /** An event that people without the right to deploy can cause: good for a plan, never for a deploy. */
  | { readonly kind: 'outsider'; readonly eventName: string }
)

export interface Given {
  readonly confirm: string
  readonly approve: string
  readonly environment: string
  /** What an earlier job of the same run showed. It approves nothing. */
  readonly planned: string
}

/** For a copy that goes with the run: there nobody has to be asked. */
export function clearanceOnCopy(plan: Plan, _copy: DatabaseCopy): Clearance {
  return { plan, because: 'it runs on a copy' } as Clearance
}

/** The guards in order; each one leaves with its own reason. */
export function decideGate(plan: Plan, policy: Policy, trigger: Trigger, given: Given): Verdict {
  return (
    refuseConfirmation(trigger, given.confirm) ??
    refuseCertainFailure(plan) ??
    refuseOtherThanPlanned(plan, given.planned) ??
    refuseApproval(plan, policy, given) ?? {
      kind: 'clear',
      clearance: { plan, because: clearedBecause(plan, policy, given) } as Clearance,
    }
  )
}

function refuseConfirmation(trigger: Trigger, confirm: string): Refusal | undefined {
  if (trigger.kind === 'manual' && trigger.attempt > 1) {
    return blocked(
      'confirm_replayed',
      'This is a re-run: it repeats the CONFIRM that was typed for an earlier attempt.',
      ['Start a new run of the workflow and type CONFIRM there.'],
    )
  }
  if (confirm === 'CONFIRM' || (confirm === '' && trigger.kind !== 'manual')) return undefined
  if (confirm === '') {
    return blocked('confirm_missing', 'A manual run needs CONFIRM in the input `confirm`.', [
      'Start a new run of the workflow and type CONFIRM.',
    ])
  }
  return blocked(
    'confirm_not_exact',
    'The input `confirm` is not exactly CONFIRM: seven capital letters, nothing before or after.',
    ['Start again and type CONFIRM.'],
  )
}

function refuseCertainFailure({ obstacles }: Plan): Refusal | undefined {
  if (obstacles.length === 0) return undefined
  return blocked(
    'will_fail',
    obstacles.map(({ migration, text }) => `${migration}: ${text}`).join('\n'),
    obstacles.map(({ instead }) => instead),
  )
}

function refuseOtherThanPlanned(plan: Plan, planned: string): Refusal | undefined {
  const same = planned === plan.digest
  if (planned === '' || same) return undefined
  return blocked(
    'plan_changed',
    `The plan job showed ${planned}; this plan is ${plan.digest}. The migrations, the database, the history or the policy changed in between.`,
    ['Start the workflow again and read the new plan.'],
  )
}

function refuseApproval(plan: Plan, policy: Policy, { approve, environment }: Given): Refusal | undefined {
  const where = environment === 'production' ? '' : ` --environment ${environment}`
  const command = `airlock deploy${where} --approve ${plan.digest}`
  const approved = approve === plan.digest
  if (approve !== '' && !approved) {
    return blocked(
      'approval_of_another_plan',
      `The approved digest ${approve} is not the digest of this plan. The migrations, the database, the history or the policy are not what was approved.`,
      ['Read the plan again, then approve this one:', command],
    )
  }
  const risks = risksToApprove(plan, policy)
  if (risks.length === 0 || approved) return undefined
  return {
    kind: 'needs-approval',
    code: 'approval_missing',
    reason: `${countOf(risks.length)} in this plan ${risks.length === 1 ? 'needs' : 'need'} approval (${reasonsOf(risks).join(', ')}).`,
    risks,
    next: [
      'Read the plan. If this is what should happen to this database, approve exactly this plan; in a workflow the input is `approve`:',
      command,
    ],
  }
}

function risksToApprove(plan: Plan, policy: Policy): readonly Risk[] {
  return plan.risks.filter((risk) => policy['require-approval'].includes(risk.reason))
}

function clearedBecause(plan: Plan, policy: Policy, given: Given): string {
  const risks = risksToApprove(plan, policy)
  if (risks.length > 0) return `approved by digest (${reasonsOf(risks).join(', ')})`
  const waived = reasonsOf(plan.risks)
  const base = given.approve === '' ? 'nothing in it needs approval' : 'approved by digest'
  return waived.length === 0 ? base : `${base}; the policy waives approval for ${waived.join(', ')}`
}

function reasonsOf(risks: readonly Risk[]): readonly ApprovalReason[] {
  return [...new Set(risks.map((risk) => risk.reason))]
}

function countOf(count: number): string {
  return count === 1 ? 'One statement' : `${count} things`
}

function blocked(code: RefusalCode, reason: string, next: readonly string[]): Refusal {
  return { kind: 'blocked', code, reason, risks: [], next }
}

/** Asked before anything else is looked at. */
export function refuseOutsiders(trigger: Trigger): void {
  if (trigger.kind !== 'outsider') return
  throw fail('GITHUB.EVENT_REFUSED', {
    what: `A run of the event \`${trigger.eventName}\` does not deploy.`,
    why: 'People who may not deploy can cause it: with a pull request, a comment or an issue. With `pull_request_target` their code would even meet the secrets of this repository.',
    next: [
      'Deploy on `release`, `push`, `schedule`, or by hand with `workflow_dispatch` and CONFIRM.',
      'On pull requests use the commands `check` and `plan`.',
    ],
  })
}
