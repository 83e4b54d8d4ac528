import { cancellation, isCancellation } from '../../cancellation.ts'
import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { differenceOf } from '../../postgres/catalog.ts'
import { connect } from '../../postgres/connection.ts'
import { withoutRowValues } from '../../postgres/row-values.ts'
import { endSessions, resolveRolledBack } from '../apply/perform.ts'
import type { PrismaExit } from '../apply/prisma-cli.ts'
import { observe } from '../preflight/observe.ts'
import type { Target } from '../preflight/perform.ts'
import { type Done, type EndedPart, verify } from '../verify/perform.ts'
import { decideRecovery, type Recovery, type StoppedState } from './decide.ts'
import { backupOf, stepsBack } from './steps-back.ts'

/** Prisma stopped. Look at what is there, do what is provably safe, and say the rest. */
export async function recover(context: Context, target: Target, stopped: Stopped): Promise<EndedPart> {
  const backup = backupOf(stopped.wayBack)
  const said = context.run.signal.aborted
    ? 'The run was cancelled while Prisma was applying.'
    : withoutRowValues(context.redactor.text(causeIn(stopped.exit.output)))
  try {
    return { backup, ...(await lookAndRecover(context, target, stopped, said)) }
  } catch (error) {
    if (!(error instanceof FailureError) || isCancellation(error)) throw error
    return {
      outcome: 'needs-human',
      reasonCode: 'state_unknown',
      reason: `Prisma stopped, and the state of the database could not be read: ${error.failure.what} ${error.failure.why}\n${said}`,
      applied: [],
      next: [
        'When the database answers again, look at what was applied:',
        'airlock plan',
        ...stepsBack(stopped.wayBack, target.url),
      ],
      backup,
    }
  }
}

type Stopped = Done & { readonly exit: PrismaExit }

async function lookAndRecover(
  context: Context,
  target: Target,
  stopped: Stopped,
  said: string,
): Promise<Omit<EndedPart, 'backup'>> {
  const { state, recovery } = await context.run.stage(
    'recover',
    async () => {
      if (context.run.signal.aborted || stopped.exit.code === null) await endStatements(context, target)
      const state = await stoppedState(target, stopped)
      const recovery = decideRecovery(state)
      if (recovery.kind === 'clean-history') await cleanHistory(context, target, stopped, recovery.migration)
      return { state, recovery }
    },
    ({ recovery }) => describeRecovery(recovery),
    'to-its-end',
  )
  const cancelled = context.run.signal.aborted
  const next = cancelled ? ['airlock deploy'] : ['Correct the migration or the data, then deploy again.']
  switch (recovery.kind) {
    case 'all-applied':
      return await verify(context, target, stopped)
    case 'clean-history':
      return {
        outcome: 'recovered',
        reasonCode: 'rolled_back_by_postgresql',
        reason: `${recovery.migration} ${cancelled ? 'was stopped' : 'failed'} and left nothing behind: it ran as one transaction, and the schema is the same as before. It is marked as rolled back, so that the next deploy is not blocked.\n${said}`,
        applied: [],
        next,
      }
    case 'nothing-to-do':
      if (cancelled) throw cancellation()
      return {
        outcome: 'failed',
        reasonCode: 'PRISMA.FAILED',
        reason: '',
        applied: [],
        next: ['Run the same command by hand to see what it needs:', 'npx prisma migrate deploy'],
        failure: {
          code: 'PRISMA.FAILED',
          what: 'Prisma stopped before it applied anything; history and schema are the same as before.',
          why: said,
          next: ['npx prisma migrate deploy'],
        },
      }
    case 'needs-human':
      return {
        outcome: 'needs-human',
        reasonCode: state.failed === undefined ? 'stopped_between_migrations' : 'migration_failed',
        reason: [...recovery.state, 'What Prisma said:', said].join('\n'),
        applied: state.applied,
        next: [...nextFor(state), ...stepsBack(stopped.wayBack, target.url)],
      }
  }
}

/** On a connection of its own: that of the run is given up the moment it is cancelled. */
async function endStatements(context: Context, target: Target): Promise<void> {
  await using session = await connect(target.url)
  await endSessions(context, session)
}

async function stoppedState(target: Target, { plan, before }: Done): Promise<StoppedState> {
  const seen = await observe(target)
  const finished = new Set(seen.history.applied.map((migration) => migration.name as string))
  const failedNames = new Set(seen.history.failed.map((row) => row.name as string))
  const failed = plan.migrations.find((migration) => failedNames.has(migration.name))
  return {
    applied: plan.migrations.filter((migration) => finished.has(migration.name)).map((migration) => migration.name),
    failed: failed === undefined ? undefined : { name: failed.name, atomic: failed.execution.atomic },
    notReached: plan.migrations
      .filter((migration) => !finished.has(migration.name) && !failedNames.has(migration.name))
      .map((migration) => migration.name),
    difference: differenceOf(before, seen.catalog),
  }
}

/** Prisma marks it; the history then has to say so, whatever Prisma's exit code was. */
async function cleanHistory(context: Context, target: Target, stopped: Done, migration: string): Promise<void> {
  await resolveRolledBack(context, target, migration)
  const after = await stoppedState(target, stopped)
  if (after.failed === undefined) return
  throw new FailureError({
    code: 'PRISMA.FAILED',
    what: `${migration} could not be marked as rolled back.`,
    why: 'It is still recorded as failed in _prisma_migrations, which blocks the next deploy.',
    next: [`npx prisma migrate resolve --rolled-back ${migration}`],
  })
}

function describeRecovery(recovery: Recovery) {
  switch (recovery.kind) {
    case 'clean-history':
      return { outcome: 'pass', summary: 'nothing took effect; the history is clean again' } as const
    case 'nothing-to-do':
      return { outcome: 'pass', summary: 'nothing took effect' } as const
    case 'all-applied':
      return { outcome: 'pass', summary: 'everything was applied before Prisma stopped' } as const
    case 'needs-human':
      return { outcome: 'fail', summary: 'a person has to decide', detail: { state: recovery.state } } as const
  }
}

function nextFor(state: StoppedState): readonly string[] {
  if (state.failed === undefined) return ['Deploy again to apply what was not reached.']
  if (state.failed.atomic) {
    return [
      'To keep what was applied: correct the migration or the data, then',
      `npx prisma migrate resolve --rolled-back ${state.failed.name}`,
      'and deploy again.',
    ]
  }
  return [
    'To keep what was applied, finish the rest of the failed file by hand, then',
    `npx prisma migrate resolve --applied ${state.failed.name}`,
    'or undo its first half by hand, then',
    `npx prisma migrate resolve --rolled-back ${state.failed.name}`,
  ]
}

const mostLines = 12

/** The part of Prisma's output that names the cause: from its error code on, without the banner before it. */
function causeIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trimEnd())
  const start = lines.findIndex((line) => /^Error: |\bP\d{4}\b/.test(line))
  return lines
    .slice(Math.max(0, start))
    .filter((line) => line !== '')
    .slice(0, mostLines)
    .join('\n')
}
