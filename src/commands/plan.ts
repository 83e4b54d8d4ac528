import type { Context } from '../context.ts'
import { type Ended, nothingPending, ofPlan, reasonOf } from '../ended.ts'
import { plural } from '../report/words.ts'
import { gate } from '../stages/gate/stage.ts'
import { recordCompatibility } from '../stages/plan/compatibility.ts'
import { planStage } from '../stages/plan/perform.ts'
import { readBase } from '../stages/plan/running-release.ts'
import { openTarget, preflight } from '../stages/preflight/perform.ts'

/** What a deploy would do now, and the digest that approves exactly that. Reads only. */
export async function plan(context: Context): Promise<Ended> {
  await using target = await openTarget(context, 'read')
  const facts = await preflight(context, target)
  if (facts.history.pending.length === 0) return nothingPending(facts)
  const { source } = target
  const base = await readBase(context, {
    schemaPath: async () => (source.kind === 'prisma' ? source.project.schemaPath : undefined),
    migrationsPath: source.migrationsPath,
    schema: target.url.schema,
  })
  const planned = await planStage(context, target, facts, base.kind === 'read' ? base.running : undefined)
  await recordCompatibility(context.run, base, planned.findings)
  context.run.learn(ofPlan(facts, planned))
  const verdict = await gate(context, planned)
  if (verdict.kind === 'clear') {
    return {
      ...ofPlan(facts, planned),
      outcome: 'clear',
      reasonCode: 'clear',
      reason: `${plural(planned.migrations.length, 'migration')} may be applied: ${verdict.clearance.because}.`,
      next: ['airlock deploy'],
    }
  }
  return {
    ...ofPlan(facts, planned),
    outcome: verdict.kind,
    reasonCode: verdict.code,
    reason: reasonOf(verdict),
    next: verdict.next,
  }
}
