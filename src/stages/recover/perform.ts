import { cancellation, isCancellation } from '../../cancellation.ts'
import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import type { HistoryWords } from '../../migrations/source.ts'
import { withoutRowValues } from '../../postgres/row-values.ts'
import type { ApplyExit } from '../apply/exit.ts'
import { resolve as recordResolved } from '../apply/perform.ts'
import type { Target } from '../preflight/perform.ts'
import { type Done, type EndedPart, verify } from '../verify/perform.ts'
import { decideRecovery, type Recovery } from './decide.ts'
import { wasTakenBack } from './describe.ts'
import { afterTheWatchdog, airlock, beforeTheNext, nextFor } from './next-steps.ts'
import { nothingApplied } from './nothing-applied.ts'
import { observeStopped } from './observe-stopped.ts'
import { backupOf, stepsBack } from './steps-back.ts'
import type { StoppedState } from './stopped-state.ts'
import { endStatements } from './take-back.ts'

/** Applying stopped. Look at what is there, do what is provably safe, and say the rest. */
export async function recover(context: Context, target: Target, stopped: Stopped): Promise<EndedPart> {
  const backup = backupOf(stopped.wayBack)
  const { engine } = stopped.exit
  const said = context.run.signal.aborted
    ? `The run was cancelled while ${engine} was applying.`
    : [
        ...(stopped.exit.cancelled === undefined ? [] : [`Airlock cancelled it: ${stopped.exit.cancelled.because}.`]),
        withoutRowValues(context.redactor.text(causeIn(stopped.exit))),
      ].join('\n')
  try {
    return { backup, ...(await lookAndRecover(context, target, stopped, said)) }
  } catch (error) {
    if (!(error instanceof FailureError) || isCancellation(error)) throw error
    return {
      outcome: 'needs-human',
      reasonCode: 'state_unknown',
      reason: `${engine} stopped, and the state of the database could not be read: ${error.failure.what} ${error.failure.why}\n${said}`,
      applied: [],
      next: [
        ...error.failure.next,
        'When the database answers again, look at what was applied:',
        airlock('plan', context.invocation),
        ...stepsBack(stopped.wayBack, target.url),
      ],
      backup,
    }
  }
}

type Stopped = Done & { readonly exit: ApplyExit }

function wordsOf({ source, url }: Target): HistoryWords {
  return source.historyIn(url.schema).words
}

interface Looked {
  readonly state: StoppedState
  readonly recovery: Recovery
  /** The failed row is marked; without it the next deploy is blocked. */
  readonly cleaned: boolean
}

async function lookAndRecover(
  context: Context,
  target: Target,
  stopped: Stopped,
  said: string,
): Promise<Omit<EndedPart, 'backup'>> {
  const { state, recovery, cleaned } = await context.run.stage(
    'recover',
    () => lookAndClean(context, target, stopped),
    describeRecovery,
    'to-its-end',
  )
  const cancelled = context.run.signal.aborted
  switch (recovery.kind) {
    case 'all-applied':
      return await verify(context, target, stopped, {
        said: `${stopped.exit.engine} stopped after its last migration`,
        recover: undefined,
      })
    case 'clean-history':
      return takenBack(context, recovery, {
        cleaned,
        said,
        nextAfter: afterTheWatchdog(stopped.exit.cancelled),
        words: wordsOf(target),
      })
    case 'taken-back':
      return takenBackWithoutRow(context, recovery, said, afterTheWatchdog(stopped.exit.cancelled))
    case 'nothing-to-do': {
      if (cancelled) throw cancellation()
      if (stopped.exit.code === 0) return appliedElsewhere(target)
      const failure = nothingApplied(stopped.exit, said)
      return { outcome: 'failed', reasonCode: failure.code, reason: '', applied: [], next: failure.next, failure }
    }
    case 'needs-human':
      return {
        outcome: 'needs-human',
        reasonCode: reasonCodeOf(state),
        reason: [
          ...recovery.state,
          stopped.exit.engine === 'Prisma' ? 'What Prisma said:' : 'What the server said:',
          said,
        ].join('\n'),
        applied: state.applied,
        failed: state.failed.map(({ name }) => name),
        next: [
          ...nextFor(state, stopped.plan, context.invocation, wordsOf(target)),
          ...stepsBack(stopped.wayBack, target.url),
        ],
      }
  }
}

async function lookAndClean(context: Context, target: Target, stopped: Stopped): Promise<Looked> {
  // What an attempt saw when it ended the sessions cannot be seen a second time.
  const rolledBack = (await endStatements(context, target)) || stopped.exit.rolledBack === true
  const state = await observeStopped(target, stopped, stopped.exit, rolledBack)
  const recovery = decideRecovery(state)
  const cleaned =
    recovery.kind === 'clean-history' && (await cleanHistory(context, target, stopped, recovery.failed.name))
  return { state, recovery, cleaned }
}

/** Prisma marks it; the history then has to say so, whatever Prisma's exit code was. */
async function cleanHistory(context: Context, target: Target, stopped: Stopped, migration: string): Promise<boolean> {
  const { url, source } = target
  // The others write no row that says nothing about how far a file came.
  if (source.kind !== 'prisma') return false
  await recordResolved(context, { url, source }, '--rolled-back', migration)
  const after = await observeStopped(target, stopped, stopped.exit, false)
  return after.failed.length === 0
}

interface TakenBackWith {
  readonly cleaned: boolean
  readonly said: string
  /** In place of what the error of the server suggests. */
  readonly nextAfter: readonly string[] | undefined
  readonly words: HistoryWords
}

function takenBack(
  { run, invocation }: Context,
  { failed, because }: Extract<Recovery, { kind: 'clean-history' }>,
  { cleaned, said, nextAfter, words }: TakenBackWith,
): Omit<EndedPart, 'backup'> {
  const cancelled = run.signal.aborted
  const { name, refusedWith, planned } = failed
  const beyond = (planned?.beyond ?? []).map((sentence) => ` ${sentence}`)
  const what = `${name} ${cancelled ? 'was stopped' : 'failed'}, and PostgreSQL took it back: ${because}, and the schema is the same as before.${beyond.join('')}`
  if (cleaned) {
    return {
      outcome: 'recovered',
      reasonCode: 'rolled_back_by_postgresql',
      reason: `${what} It is marked as rolled back, so that the next deploy is not blocked.\n${said}`,
      applied: [],
      next: nextAfter ?? [cancelled ? airlock('deploy', invocation) : beforeTheNext(refusedWith)],
    }
  }
  return {
    outcome: 'needs-human',
    reasonCode: 'history_not_clean',
    reason: `${what} It could not be marked as rolled back in ${words.name}, and until it is, the next deploy is blocked.\n${said}`,
    applied: [],
    failed: [name],
    next: [`Mark it when nothing holds a lock on ${words.name} any more:`, words.setRolledBack(name)],
  }
}

function takenBackWithoutRow(
  { run, invocation }: Context,
  { stoppedIn: { name, refusedWith, beyond } }: Extract<Recovery, { kind: 'taken-back' }>,
  said: string,
  nextAfter: readonly string[] | undefined,
): Omit<EndedPart, 'backup'> {
  const cancelled = run.signal.aborted
  return {
    outcome: 'recovered',
    reasonCode: 'rolled_back_by_postgresql',
    reason: `${[`${name} ${cancelled ? 'was stopped' : 'failed'}, and ${wasTakenBack}. The schema is the same as before.`, ...beyond].join(' ')}\n${said}`,
    applied: [],
    next: nextAfter ?? [cancelled ? airlock('deploy', invocation) : beforeTheNext(refusedWith)],
  }
}

/** Success without a trace: nobody here knows what Prisma was connected to. */
function appliedElsewhere({ url }: Target): Omit<EndedPart, 'backup'> {
  return {
    outcome: 'needs-human',
    reasonCode: 'verification_failed',
    reason: `Prisma reported success, and history and schema of \`${url.database}\` are the same as before: it applied nothing, or it applied to another database.`,
    applied: [],
    next: ['See which database Prisma is connected to, and what it says of it:', 'npx prisma migrate status'],
  }
}

function reasonCodeOf({ atWork, historyInDoubt, failed, takenBack }: StoppedState): string {
  if (atWork !== undefined) return 'still_at_work'
  if (failed.length > 0 || (takenBack !== undefined && historyInDoubt === undefined)) return 'migration_failed'
  return historyInDoubt === undefined ? 'stopped_between_migrations' : 'history_in_doubt'
}

function describeRecovery({ state, recovery, cleaned }: Looked) {
  switch (recovery.kind) {
    case 'clean-history':
      return cleaned
        ? ({ outcome: 'pass', summary: 'PostgreSQL took it back; the history is clean again' } as const)
        : ({ outcome: 'fail', summary: 'PostgreSQL took it back; the history could not be cleaned' } as const)
    case 'taken-back':
      return { outcome: 'pass', summary: 'PostgreSQL took it back, and the history never had it' } as const
    case 'nothing-to-do':
      return { outcome: 'pass', summary: 'nothing took effect' } as const
    case 'all-applied':
      return { outcome: 'pass', summary: 'everything was applied before it stopped' } as const
    case 'needs-human':
      return { outcome: 'fail', summary: 'a person has to decide', detail: { ...state.difference } } as const
  }
}

const mostLines = 12

/** The part of Prisma's output that names the cause: from its error code on, without the banner before it. */
export function causeIn({ code, output }: ApplyExit): string {
  if (output === '') return code === null ? 'It was ended by a signal and said nothing.' : `Nothing: exit code ${code}.`
  const lines = output.split('\n').map((line) => line.trimEnd())
  const start = lines.findIndex((line) => /^Error: |\bP\d{4}\b/.test(line))
  return lines
    .slice(Math.max(0, start))
    .filter((line) => line !== '')
    .slice(0, mostLines)
    .join('\n')
}
