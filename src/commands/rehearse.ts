import { tmpdir } from 'node:os'
import type { Context } from '../context.ts'
import { type Ended, nothingPending, ofPlan, rehearsalFailed } from '../ended.ts'
import { startJanitor } from '../janitor/janitor.ts'
import { openSource } from '../migrations/open-source.ts'
import { formatMs, plural } from '../report/words.ts'
import type { DatabaseCopy } from '../stages/backup/backup.ts'
import { copyDatabase } from '../stages/backup/stage.ts'
import { planStage } from '../stages/plan/perform.ts'
import type { Plan } from '../stages/plan/plan.ts'
import { urlIfGiven } from '../stages/preflight/database.ts'
import type { Facts } from '../stages/preflight/facts.ts'
import { openTarget, preflight } from '../stages/preflight/perform.ts'
import { type CopiedTarget, openCopy } from '../stages/rehearse/copy-target.ts'
import { copyWords } from '../stages/rehearse/describe.ts'
import type { Origin } from '../stages/rehearse/estimate-on-copy.ts'
import { tryAgain } from '../stages/rehearse/next-steps.ts'
import { rehearse as rehearseOn } from '../stages/rehearse/perform.ts'
import { openBackup } from '../stages/restore/check.ts'
import { backupRequest } from '../stages/restore/request.ts'

/** What is pending, on a copy: of the database as it is now, or of the moment of a backup. Nothing else is touched. */
export async function rehearse(context: Context): Promise<Ended> {
  const { from } = context.invocation
  return await (from === undefined ? ofTheDatabase(context) : ofABackup(context, from))
}

async function ofTheDatabase(context: Context): Promise<Ended> {
  await using target = await openTarget(context, 'read')
  const facts = await preflight(context, target)
  if (facts.history.pending.length === 0) return nothingPending(facts)
  const plan = await planStage(context, target, facts)
  context.run.learn(ofPlan(facts, plan))
  const planned = { facts, plan, origin: { production: target.session, backup: undefined }, manifestPath: undefined }
  if (context.policy.rehearse === 'schema') return await onTheCopy(context, target, planned, undefined)
  await using janitor = await startJanitor()
  await using folder = await janitor.folder(context.invocation.env.RUNNER_TEMP ?? tmpdir(), 'airlock-rehearsal-')
  await using made = await copyDatabase(context, target.url, { folder: folder.path, janitor })
  return await onTheCopy(
    context,
    target,
    { ...planned, origin: { production: target.session, backup: made.backup } },
    made.copy,
  )
}

/** The plan is made on the copy as well: what is pending is what was pending then. */
async function ofABackup(context: Context, from: string): Promise<Ended> {
  const source = await openSource(context.invocation, context.config)
  await using janitor = await startJanitor()
  const request = await backupRequest(context, janitor, from, context.policy.backup.scratch)
  const { manifestPath } = request
  await using opened = await context.run.stage(
    'restore',
    () => openBackup({ ...request, tier: 'restored' }),
    ({ checked }) => ({
      outcome: 'pass',
      summary: `the backup of ${checked.manifest.startedAt}`,
      detail: { manifest: manifestPath },
    }),
  )
  const { copy } = opened
  if (copy === undefined) throw new Error('a backup that was restored leaves a copy')
  const apply = source.kind === 'prisma' ? context.policy.apply : 'atomic'
  // It says which schema is meant; a backup can be rehearsed on without the database, and then it is `public`.
  const like: CopiedTarget = { url: (await urlIfGiven(context, source.urls)) ?? copy.url, source, apply }
  const planned = await planOn(context, like, copy)
  if (planned.plan === undefined) return { ...nothingPending(planned.facts), target: undefined }
  const origin = { production: undefined, backup: undefined }
  const ended = await onTheCopy(context, like, { ...planned, plan: planned.plan, origin, manifestPath }, copy)
  // Neither the database nor the digest of a plan for it: this was the copy.
  return { ...ended, target: undefined, digest: undefined }
}

async function planOn(
  context: Context,
  like: CopiedTarget,
  copy: DatabaseCopy,
): Promise<{ readonly facts: Facts; readonly plan: Plan | undefined }> {
  await using target = await openCopy(context, like, copy)
  const facts = await preflight(context, target)
  if (facts.history.pending.length === 0) return { facts, plan: undefined }
  return { facts, plan: await planStage(context, target, facts) }
}

interface Planned {
  readonly facts: Facts
  readonly plan: Plan
  readonly origin: Origin
  readonly manifestPath: string | undefined
}

async function onTheCopy(
  context: Context,
  like: CopiedTarget,
  { facts, plan, origin, manifestPath }: Planned,
  copy: DatabaseCopy | undefined,
): Promise<Ended> {
  // The policy of a deploy does not matter to somebody who asks for a rehearsal.
  const rehearsal = await rehearseOn(
    { ...context, policy: { ...context.policy, rehearse: copy === undefined ? 'schema' : 'data' } },
    like,
    plan,
    copy,
    origin,
  )
  if (rehearsal.kind === 'not-made')
    return { ...ofPlan(facts, plan), outcome: 'refused', reasonCode: 'rehearsal_failed', reason: rehearsal.because }
  if (rehearsal.kind === 'failed') return rehearsalFailed(facts, plan, rehearsal, tryAgain(rehearsal, manifestPath))
  return {
    ...ofPlan(facts, plan),
    outcome: 'done',
    reasonCode: 'rehearsed',
    reason: [
      `${plural(rehearsal.real.finished.length, 'migration')} went through on ${copyWords[rehearsal.estimate.mode]} in ${formatMs(rehearsal.real.ms)}. The database itself was not changed.`,
      ...rehearsal.notChecked.map((what) => `not checked: ${what}`),
    ].join('\n'),
  }
}
