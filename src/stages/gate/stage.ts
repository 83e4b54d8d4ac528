import type { Context } from '../../context.ts'
import type { Plan } from '../plan/plan.ts'
import { decideGate, type Verdict } from './decide.ts'

export async function gate({ run, policy, invocation }: Context, plan: Plan): Promise<Verdict> {
  return run.stage(
    'gate',
    async () => decideGate(plan, policy, invocation.trigger, invocation),
    (verdict) =>
      verdict.kind === 'clear'
        ? { outcome: 'pass', summary: verdict.clearance.because, detail: { risks: plan.risks } }
        : {
            outcome: 'fail',
            summary: verdict.reason.split('\n')[0] ?? '',
            detail: { code: verdict.code, risks: plan.risks },
          },
  )
}
