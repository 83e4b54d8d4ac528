import type { Context } from '../../context.ts'
import { FailureError, fail } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { differenceSince } from '../../postgres/packed-catalog.ts'
import { formatMs, plural } from '../../report/words.ts'
import type { Backup, DatabaseCopy } from '../backup/backup.ts'
import { clearanceOnCopy } from '../gate/decide.ts'
import type { Plan } from '../plan/plan.ts'
import { readRelations } from '../preflight/relations.ts'
import { type CopiedTarget, onCopy, openCopy } from './copy-target.ts'
import { failedAmong, sentenceOf } from './data/data-check.ts'
import { watchData } from './data/perform.ts'
import { findOf, problemsOf, unsaid, untold } from './decide.ts'
import { notPossible, whyNotOnCopy } from './decide-possible.ts'
import type { DeployEstimate } from './estimate/estimate.ts'
import { estimateDeploy, relationsOf } from './estimate/estimate-deploy.ts'
import { machinesOf, nothingMeasured } from './estimate/machines.ts'
import { measureMachines } from './estimate/measure-machines.ts'
import { likeProduction, whyNoSpace } from './like-production.ts'
import { runForReal } from './real-run.ts'
import { type Rehearsal, reportedRehearsal } from './rehearsal.ts'
import { decideAgreement } from './trace/decide-agreement.ts'
import type { Trace } from './trace/trace.ts'
import { traceOnClone } from './trace-on-clone.ts'

/** Where the copy comes from: who it is compared with, as far as there is anybody. */
export interface Origin {
  readonly production: Session | undefined
  readonly backup: Backup | undefined
}

/** What is pending runs on the restored copy, before production sees it. */
export async function rehearse(
  context: Context,
  target: CopiedTarget,
  plan: Plan,
  copy: DatabaseCopy | undefined,
  origin: Origin,
): Promise<Rehearsal> {
  const { run, policy } = context
  if (policy.rehearse === 'off') return notMade(context, 'airlock.yml says `rehearse: off`')
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
  const rehearsal = await run.stage('rehearse', () => onTheCopy(onCopy(context), target, plan, copy, origin), describe)
  run.learn({ rehearsal: reportedRehearsal(rehearsal, target.url.schema) })
  return rehearsal
}

async function onTheCopy(
  context: Context,
  like: CopiedTarget,
  plan: Plan,
  copy: DatabaseCopy,
  origin: Origin,
): Promise<Rehearsal> {
  const { settle } = await likeProduction(origin.production, copy)
  await settle(copy.url.database)
  const { trace, after, writtenOver } = await traceOnClone(context, like, plan, { copy, settle })
  await using target = await openCopy(context, like, copy)
  const estimate = await estimateFor(target.session, trace, plan, origin)
  const watched = await watchData(context, target, plan, { database: copy, writtenOver })
  const real = await runForReal(context, target, clearanceOnCopy(plan, copy))
  const agreement = decideAgreement(plan.migrations, trace)
  const apart = await differenceSince(after, target.session)
  const stopped = problemsOf(plan, { real, trace, apart })
  const checks = stopped.length > 0 ? [] : await watched.check()
  const seen = { real, trace, estimate, agreement, checks, notChecked: [...notChecked, ...untold(agreement)] }
  const failed = failedAmong(checks)
  const problems = [...stopped, ...failed.filter(({ kind }) => kind !== 'table').map(sentenceOf)]
  if (problems.length > 0) return { kind: 'failed', ...seen, problems, find: findOf(trace, real), approvable: false }
  const more = context.invocation.approve === plan.digest ? [] : [...unsaid(agreement), ...failed.map(sentenceOf)]
  if (more.length > 0) return { kind: 'failed', ...seen, problems: more, find: undefined, approvable: true }
  return { kind: 'passed', ...seen }
}

/** The copy has not changed yet: its sizes are those of the moment of the backup. */
async function estimateFor(
  copy: Session,
  trace: Trace,
  plan: Plan,
  { production, backup }: Origin,
): Promise<DeployEstimate> {
  const names = [...relationsOf(trace, plan.migrations)]
  const sizesOn = async (session: Session) =>
    new Map((await readRelations(session, names)).map(({ name, bytes, rows }) => [name, { bytes, rows }]))
  const sizes = await sizesOn(copy)
  return estimateDeploy({
    mode: 'data',
    trace,
    plan: plan.migrations,
    sizes: { production: production === undefined ? sizes : await sizesOn(production), copy: sizes },
    machines: machinesOf(
      production === undefined
        ? nothingMeasured
        : await measureMachines({ production, copy, backup: readingOf(backup) }),
    ),
  })
}

function readingOf(backup: Backup | undefined): { readonly tableBytes: number; readonly ms: number } | undefined {
  const took = backup?.manifest.tookMs
  return backup === undefined || took === undefined
    ? undefined
    : { tableBytes: backup.manifest.source.bytes, ms: took.dump }
}

const notChecked = [
  'privileges and row-level security: the copy is used by a role that may do everything',
  'limits and load of the server',
] as const

function notMade({ run, policy }: Context, because: string): Rehearsal {
  if (policy.assertions.length > 0)
    run.notice(`${plural(policy.assertions.length, 'assertion')} of airlock.yml not checked: ${because}.`)
  run.skip('rehearse', because)
  return { kind: 'not-made', because }
}

function describe(rehearsal: Rehearsal) {
  switch (rehearsal.kind) {
    case 'passed':
      return {
        outcome: 'pass',
        summary: `${plural(rehearsal.real.finished.length, 'migration')} in ${formatMs(rehearsal.real.ms)} on the restored copy; not checked: ${rehearsal.notChecked.map((what) => what.split(':')[0]).join(', ')}`,
        detail: { ms: rehearsal.real.ms, notChecked: rehearsal.notChecked },
      } as const
    case 'failed':
      return {
        outcome: 'fail',
        summary: rehearsal.problems[0] ?? '',
        detail: { problems: rehearsal.problems },
      } as const
    case 'not-made':
      return { outcome: 'skipped', summary: rehearsal.because } as const
  }
}

function noCopy() {
  return fail('REHEARSAL.NO_COPY', {
    what: 'airlock.yml asks for a rehearsal on the data, and there is no copy of it.',
    why: 'Only a backup that was restored for its proof leaves one: not a snapshot of the provider, not `strategy: none`, and not one that is proven to a lesser tier.',
    next: [
      'Have the backup proven by a restore, in airlock.yml under the environment:',
      'backup: { strategy: pg_dump, tier: compared }',
      'Or say that nothing is rehearsed: `rehearse: off`.',
    ],
  })
}
