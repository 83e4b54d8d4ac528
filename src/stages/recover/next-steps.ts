import type { Invocation } from '../../invocation.ts'
import type { HistoryWords } from '../../migrations/source.ts'
import { shellWord } from '../../postgres/quoting.ts'
import { oneLine } from '../../report/markdown-text.ts'
import type { Cancelled } from '../apply/watch/decide.ts'
import type { Plan } from '../plan/plan.ts'
import { halfIndexes } from './half-index.ts'
import { type FailedMigration, fateOf, type StoppedState } from './stopped-state.ts'

/** What a person can do now, as sentences and as commands to paste. */
export function nextFor(
  state: StoppedState,
  plan: Plan,
  invocation: Invocation,
  words: HistoryWords,
): readonly string[] {
  if (state.atWork !== undefined) {
    return ['When that has ended, look at what was applied:', airlock('plan', invocation)]
  }
  const { takenBack } = state
  if (takenBack !== undefined && state.historyInDoubt === undefined)
    return ['What was applied stands, and the next deploy goes on behind it.', beforeTheNext(takenBack.refusedWith)]
  if (state.failed.length > 0)
    return [
      ...withoutHalfIndexes(state),
      ...state.failed.flatMap((failed) => waysOutOf(failed, state, plan, invocation, words)),
    ]
  if (state.historyInDoubt === undefined && state.notAsPlanned.length === 0)
    return ['Deploy again to apply what was not reached.']
  return ['Compare the database with the migrations before anything else is applied:', airlock('verify', invocation)]
}

/** CONCURRENTLY that did not come to its end leaves an index that serves nobody and costs every write; built again it needs its name. */
function withoutHalfIndexes(state: Pick<StoppedState, 'difference'>): readonly string[] {
  const drops = halfIndexes(state).map(({ drop }) => drop)
  return drops.length === 0 ? [] : ['Drop what is left of an index that was not finished:', ...drops]
}

/** After a failure that left nothing to decide. */
export function beforeTheNext(refusedWith: string | undefined): string {
  switch (refusedWith) {
    case undefined:
      return 'See in the server’s log what ended it, then deploy again.'
    case '55P03':
      return 'A lock was not free in time. Deploy again when fewer transactions are open, or allow more with `lock-timeout` in airlock.yml.'
    case '40P01':
      return 'It and another session waited for each other. Deploy again.'
    case '57014':
      return 'It was cancelled: by `statement_timeout` (`statement-timeout` in airlock.yml, or that of the role), or by somebody. Find out which, then deploy again.'
    default:
      return 'Correct the migration or the data, then deploy again.'
  }
}

/** A statement that was cancelled for the sake of the application is not wrong; it takes too long, or came at a bad time. */
export function afterTheWatchdog(cancelled: Cancelled | undefined): readonly string[] | undefined {
  switch (cancelled?.while) {
    case undefined:
      return undefined
    case 'waiting':
      return ['Deploy again when fewer transactions are open.']
    case 'holding':
      return [
        'See the findings of the plan for a way that holds no lock while it works:',
        'airlock check',
        'Or deploy when nobody uses the table, or let the application wait for it, in airlock.yml under the environment:',
        'queue: { while-holding: allow }',
      ]
  }
}

export function airlock(command: 'plan' | 'deploy' | 'verify', { environment }: Invocation): string {
  return environment === 'production'
    ? `airlock ${command}`
    : `airlock ${command} --environment ${shellWord(environment)}`
}

function waysOutOf(
  failed: FailedMigration,
  state: StoppedState,
  plan: Plan,
  invocation: Invocation,
  words: HistoryWords,
): readonly string[] {
  const { name } = failed
  const fate = fateOf(failed, state).kind
  // A part is in force, and which is recorded: marked as rolled back, all of it would run again.
  switch (fate === 'not-known' && failed.resumption !== undefined ? 'in-parts' : fate) {
    case 'taken-back':
      return [
        'To keep what was applied: correct the migration or the data, then',
        words.setRolledBack(name),
        'and deploy again.',
      ]
    case 'goes-on':
      return [
        ...(failed.refusedWith === undefined
          ? []
          : [
              'Correct the data, or the statements of the file that are not in force yet. Those that are must stay as they are.',
            ]),
        'The next deploy goes on behind what is in force:',
        airlock('deploy', invocation),
      ]
    case 'committed':
      return [
        `${name} must not run again. Tell ${words.recorder} that it is finished, then deploy what is left:`,
        words.setApplied(name),
      ]
    case 'in-parts':
      return [
        'To keep what was applied, finish the rest of the failed file by hand, then',
        words.setApplied(name),
        'or undo its first half by hand, then',
        words.setRolledBack(name),
      ]
    case 'not-known':
      return [
        `Find out whether ${name} is in force before anything else: what is applied twice may be wrong twice. Look for what its statements do:`,
        ...statementsOf(failed, plan, words),
        'If they are in force:',
        words.setApplied(name),
        'If none of them is:',
        words.setRolledBack(name),
        'and deploy again.',
      ]
  }
}

const mostStatements = 5
const mostCharacters = 160

/** Named with their place, so that nobody takes them for something to paste: they are what must not run twice. */
function statementsOf(
  { name, planned }: FailedMigration,
  { migrations }: Plan,
  words: HistoryWords,
): readonly string[] {
  if (planned === undefined) return [`- the checksum in ${words.name} is that of the text that was run`]
  const migration = migrations.find((one) => one.name === name)
  if (migration === undefined) return []
  const lines = migration.statements
    .filter(({ kind }) => kind !== 'TransactionStmt' && kind !== 'VariableSetStmt')
    .map(({ sql, range }) => `- line ${range.line}: ${cut(oneLine(sql))}`)
  const left = lines.length - mostStatements
  return [...lines.slice(0, mostStatements), ...(left > 0 ? [`- and ${left} more in ${migration.file}`] : [])]
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
}
