import type { Context } from './context.ts'
import { type Ended, nothingPending, ofPlan, planChanged, refused, rehearsalFailed, targetOf } from './ended.ts'
import { takeDeployLock } from './postgres/deploy-lock.ts'
import { apply } from './stages/apply/attempts.ts'
import { makeWayBack } from './stages/backup/stage.ts'
import { clearTheWay } from './stages/blockers/perform.ts'
import { refuseOutsiders } from './stages/gate/decide.ts'
import { gate } from './stages/gate/stage.ts'
import { afterDeploy, beforeDeploy } from './stages/hooks/perform.ts'
import { planStage, replan } from './stages/plan/perform.ts'
import type { Plan } from './stages/plan/plan.ts'
import { openTarget, preflight, type Target } from './stages/preflight/perform.ts'
import { leftForAPerson } from './stages/recover/left-behind/for-a-person.ts'
import { settleLeftBehind } from './stages/recover/left-behind/perform.ts'
import { recover } from './stages/recover/perform.ts'
import { backupOf } from './stages/recover/steps-back.ts'
import { tryAgain } from './stages/rehearse/next-steps.ts'
import { finishedNames, verify } from './stages/verify/perform.ts'

/** The whole way, in order. Each step takes what the one before gave; a wrong order does not compile. */
export async function deploy(context: Context): Promise<Ended> {
  refuseOutsiders(context.invocation.trigger)
  await using target = await openTarget(context, 'write')
  const facts = await preflight(context, target, settleLeftBehind).catch(leftForAPerson)
  if ('outcome' in facts) return facts
  if (facts.history.pending.length === 0) return nothingPending(facts)

  const plan = await planStage(context, target, facts)
  context.run.learn(ofPlan(facts, plan))
  const verdict = await gate(context, plan)
  if (verdict.kind !== 'clear') return refused(facts, plan, verdict)

  await takeDeployLock(target.session, {
    waitMs: context.policy['lock-wait'],
    onWait: (holder) => context.run.progress(`another deploy is running: ${holder}`),
    signal: context.run.signal,
  })
  const locked = await replan(context, target)
  if (locked.kind === 'nothing-pending') return nothingPending(locked.facts)
  if (locked.plan.digest !== plan.digest) return planChanged(facts, plan, locked.plan)

  context.announce({ target: targetOf(facts), pending: plan.migrations.map((migration) => migration.name) })
  const { wayBack, rehearsal } = await backUpAndRehearse(context, target, plan)
  const backup = backupOf(wayBack)
  if (rehearsal.kind === 'failed')
    return { ...rehearsalFailed(facts, plan, rehearsal, tryAgain(rehearsal, backup?.manifest)), backup }

  await beforeDeploy(context, target)
  await clearTheWay(context, target, plan)
  // The backup took its time, and not everybody who changes this database asks for our lock.
  const current = await replan(context, target)
  if (current.kind === 'nothing-pending') return { ...nothingPending(current.facts), backup }
  if (current.plan.digest !== plan.digest) return { ...planChanged(facts, plan, current.plan), backup }

  const finishedBefore = finishedNames(current.facts.history)
  const done = { plan, before: current.catalog, finishedBefore, wayBack }
  const applied = await apply(context, target, verdict.clearance, current.facts.history, done)
  const recovered = () => recover(context, target, { ...done, exit: applied })
  const ended =
    applied.code === 0
      ? await verify(context, target, done, { said: `${applied.engine} reported success`, recover: recovered })
      : await recovered()
  if (ended.outcome === 'applied') await afterDeploy(context, target, plan)
  return { ...ofPlan(facts, plan), ...ended }
}

/** The copy on which the backup was proven is gone again before production is touched. */
async function backUpAndRehearse(context: Context, target: Target, plan: Plan) {
  await using made = await makeWayBack(context, target.url)
  context.run.learn({ backup: backupOf(made.wayBack) })
  const { wayBack, copy } = made
  // Loaded when there is something to do with it, as the backup’s own parts are.
  const { rehearse } = await import('./stages/rehearse/perform.ts')
  const origin = { production: target.session, backup: wayBack.kind === 'backup' ? wayBack : undefined }
  return { wayBack, rehearsal: await rehearse(context, target, plan, copy, origin) }
}
