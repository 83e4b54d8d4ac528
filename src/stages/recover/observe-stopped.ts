import { createHash } from 'node:crypto'
import { type Resumption, resumptionOf } from '../../migrations/atomic-progress.ts'
import { type HistoryRow, sqlStateIn } from '../../migrations/history.ts'
import type { Migration } from '../../migrations/migration.ts'
import { connect } from '../../postgres/connection.ts'
import { keepPrismaOut } from '../../postgres/deploy-lock.ts'
import type { Statement } from '../../sql/model.ts'
import { loadParser } from '../../sql/parse.ts'
import type { ApplyExit } from '../apply/exit.ts'
import type { Plan, PlannedMigration } from '../plan/plan.ts'
import { observeSince } from '../preflight/observe.ts'
import type { Target } from '../preflight/perform.ts'
import { type Done, recordedIn } from '../verify/perform.ts'
import { beyondTransactions } from './beyond-transactions.ts'
import { firstBuilt } from './half-index.ts'
import { mustShow } from './must-show.ts'
import type { FailedMigration, StoppedState } from './stopped-state.ts'

/** Looked at when the sessions of this run are ended, and while nobody else's Prisma can begin. */
export async function observeStopped(
  target: Target,
  done: Done,
  { stoppedIn }: Pick<ApplyExit, 'stoppedIn'>,
  rolledBack: boolean,
): Promise<StoppedState> {
  await using guard = await connect(target.url)
  const atWork = await keepPrismaOut(guard)
  const { history, folder, difference } = await observeSince(done.before, target)
  const { plan, finishedBefore } = done
  const recorded = recordedIn(history)
  const planned = new Map(plan.migrations.map((migration) => [migration.name, migration]))
  const begun = new Set(history.failed.map(({ name }) => name))
  const withoutRow =
    stoppedIn === undefined || recorded.has(stoppedIn.name) || begun.has(stoppedIn.name) ? undefined : stoppedIn
  const takenBack = withoutRow && {
    ...withoutRow,
    beyond: beyondTransactions(planned.get(withoutRow.name)?.statements ?? []),
  }
  const applied = [...recorded].filter(([name]) => planned.has(name) || !finishedBefore.has(name))
  return {
    applied: applied.map(([name]) => name),
    notAsPlanned: applied.flatMap(([name, checksum]) => {
      const migration = planned.get(name)
      if (migration === undefined) return [`${name} was applied during this run and was in no plan`]
      return checksum === migration.checksum ? [] : [`what was applied as ${name} is not the file that was planned`]
    }),
    failed: await Promise.all(
      history.failed.map(async (row) => ({
        ...(await failedMigration(row, planned.get(row.name), rolledBack)),
        resumption: target.apply === 'atomic' ? resumptionIn(row, folder.migrations) : undefined,
      })),
    ),
    takenBack,
    notReached: plan.migrations
      .map(({ name }) => name)
      .filter((name) => !recorded.has(name) && !begun.has(name) && name !== takenBack?.name),
    difference,
    atWork,
    historyInDoubt: doubtIn(
      plan,
      target.source.historyIn(target.url.schema).words.name,
      [...finishedBefore].filter((name) => !recorded.has(name)),
    ),
  }
}

async function failedMigration(
  row: HistoryRow,
  planned: PlannedMigration | undefined,
  rolledBack: boolean,
): Promise<Omit<FailedMigration, 'resumption'>> {
  const known = planned?.checksum === row.checksum ? planned : undefined
  const parser = await loadParser()
  return {
    name: row.name,
    planned: known && {
      atomic: known.execution.atomic,
      mustShow: mustShow(parser, known),
      firstMustShow: mustShow(parser, { statements: firstChange(known.statements) }),
      firstBuilt: firstBuilt(parser, firstChange(known.statements)),
      beyond: beyondTransactions(known.statements),
    },
    refusedWith: sqlStateIn(row.logs),
    succeeded: row.appliedSteps > 0,
    rolledBack,
  }
}

/** A setting changes nothing that stays, and neither does the beginning of a transaction. */
function firstChange(statements: readonly Statement[]): readonly Statement[] {
  const first = statements.find(({ kind }) => kind !== 'VariableSetStmt' && kind !== 'TransactionStmt')
  return first === undefined ? [] : [first]
}

function resumptionIn(row: HistoryRow, migrations: readonly Migration[]): Resumption | undefined {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  return resumptionOf(
    row,
    migrations.find(({ name }) => name === row.name),
    sha256,
  )
}

function doubtIn(plan: Plan, table: string, vanished: readonly string[]): string | undefined {
  const [gone] = vanished
  if (gone !== undefined) return `${gone} was recorded as applied before this run and no longer is`
  const named = table.toLowerCase()
  const writer = plan.migrations.find(({ statements }) =>
    statements.some(({ sql }) => sql.toLowerCase().includes(named)),
  )
  return writer && `${writer.name} names ${table} itself, so what that table says proves nothing`
}
