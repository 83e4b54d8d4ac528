import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { differenceSince } from '../../postgres/packed-catalog.ts'
import { plural } from '../../report/words.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import { clearanceOnCopy } from '../gate/decide.ts'
import type { Plan } from '../plan/plan.ts'
import { type CopiedTarget, onCopy, openCopy } from './copy-target.ts'
import { failedAmong, sentenceOf } from './data/data-check.ts'
import { watchData } from './data/perform.ts'
import { findOf, mayNeedRows, problemsOf, unsaid, untold } from './decide.ts'
import { noCopy, notPossible, whyNotOnCopy } from './decide-possible.ts'
import { describeRehearsal, notChecked } from './describe.ts'
import type { RehearsalMode } from './estimate/estimate.ts'
import { estimateOnCopy, type Origin } from './estimate-on-copy.ts'
import { likeProduction, whyNoSpace } from './like-production.ts'
import { maskCopy } from './mask.ts'
import { runForReal } from './real-run.ts'
import { type Rehearsal, reportedRehearsal } from './rehearsal.ts'
import { copySchema } from './schema-copy.ts'
import { decideAgreement } from './trace/decide-agreement.ts'
import { traceOnClone } from './trace-on-clone.ts'

/** What is pending runs on a copy, before production sees it. */
export async function rehearse(
  context: Context,
  target: CopiedTarget,
  plan: Plan,
  copy: DatabaseCopy | undefined,
  origin: Origin,
): Promise<Rehearsal> {
  const { run, policy } = context
  if (policy.rehearse === 'off') return notMade(context, 'airlock.yml says `rehearse: off`')
  if (policy.rehearse === 'schema')
    return await inStage(context, target, () => onTheSchema(context, target, plan, origin))
  if (copy === undefined) {
    if (policy.rehearse === 'data') throw noCopy()
    return notMade(context, 'the backup was not restored, so there is no copy to rehearse on')
  }
  const because = whyNotOnCopy(plan, copy.scratch) ?? (await whyNoSpace(copy))
  if (because !== undefined) {
    if (policy.rehearse === 'data') throw new FailureError(notPossible(because))
    run.notice(`Nothing was rehearsed: ${because}.`)
    return notMade(context, because)
  }
  return await inStage(context, target, () => onTheCopy(onCopy(context), target, plan, { mode: 'data', copy, origin }))
}

async function inStage(context: Context, { url }: CopiedTarget, work: () => Promise<Rehearsal>): Promise<Rehearsal> {
  const { run } = context
  const rehearsal = await run.stage('rehearse', work, describeRehearsal)
  if (rehearsal.kind === 'not-made') {
    run.notice(`Nothing was rehearsed to its end: ${rehearsal.because}.`)
    noticeSeed(context, rehearsal.because)
  }
  run.learn({ rehearsal: reportedRehearsal(rehearsal, url.schema) })
  return rehearsal
}

async function onTheSchema(context: Context, target: CopiedTarget, plan: Plan, origin: Origin): Promise<Rehearsal> {
  await using made = await copySchema(context, target)
  const because = whyNotOnCopy(plan, made.copy.scratch)
  if (because !== undefined) throw new FailureError(notPossible(because))
  if (context.policy.assertions.length > 0) context.run.notice(assertionsNotChecked(context, 'the copy has no rows'))
  // `await`, or the copy would be gone before it is used.
  return await onTheCopy(onCopy(context), target, plan, { mode: 'schema', copy: made.copy, origin })
}

interface Copied {
  readonly mode: RehearsalMode
  readonly copy: DatabaseCopy
  readonly origin: Origin
}

async function onTheCopy(
  context: Context,
  like: CopiedTarget,
  plan: Plan,
  { mode, copy, origin }: Copied,
): Promise<Rehearsal> {
  const approved = context.invocation.approve === plan.digest
  const { settle } = await likeProduction(origin.production, copy)
  await settle(copy.url.database)
  const masked = mode === 'data' ? await maskCopy(context, like, copy) : []
  const { trace, after, writtenOver, undo, halfway } = await traceOnClone(context, like, plan, { copy, settle })
  await using target = await openCopy(context, like, copy)
  const estimate = await estimateOnCopy(target.session, { mode, trace, plan }, origin)
  const watched = await watchData(context, target, plan, {
    mode,
    database: copy,
    writtenOver,
    production: like.url,
  })
  const real = await runForReal(context, target, clearanceOnCopy(plan, copy))
  const agreement = decideAgreement(plan.migrations, trace)
  const apart = await differenceSince(after, target.session)
  const stopped = problemsOf(plan, { real, trace, apart })
  const checks = stopped.length > 0 ? [] : await watched.check()
  const seen = {
    real,
    trace,
    estimate,
    agreement,
    checks,
    undo,
    halfway,
    notChecked: [
      ...notChecked[mode],
      ...masked,
      ...(context.policy.undo === 'off' ? ['the way back: airlock.yml says `undo: off`'] : []),
      ...untold(agreement),
    ],
  }
  const needsRows = mode === 'schema' && stopped.length > 0 ? mayNeedRows(trace) : undefined
  if (needsRows !== undefined && approved) return { kind: 'not-made', because: needsRows }
  const failed = failedAmong(checks)
  const problems = [
    ...stopped,
    ...(needsRows === undefined ? [] : [needsRows]),
    ...failed.filter(({ kind }) => kind !== 'table').map(sentenceOf),
  ]
  if (problems.length > 0)
    return { kind: 'failed', ...seen, problems, find: findOf(trace, real), approvable: needsRows !== undefined }
  const more = approved ? [] : [...unsaid(agreement), ...failed.map(sentenceOf)]
  if (more.length > 0) return { kind: 'failed', ...seen, problems: more, find: undefined, approvable: true }
  return { kind: 'passed', ...seen }
}

function notMade(context: Context, because: string): Rehearsal {
  if (context.policy.assertions.length > 0) context.run.notice(assertionsNotChecked(context, because))
  noticeSeed(context, because)
  context.run.skip('rehearse', because)
  return { kind: 'not-made', because }
}

function noticeSeed({ run, policy }: Context, because: string): void {
  if (policy.hooks.seed.length > 0) run.notice(`\`hooks.seed\` was not tried on a copy: ${because}.`)
}

function assertionsNotChecked({ policy }: Context, because: string): string {
  return `${plural(policy.assertions.length, 'assertion')} of airlock.yml not checked: ${because}.`
}
