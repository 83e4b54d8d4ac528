import { plural } from '../../report/words.ts'
import { type FailedMigration, type Fate, fateOf, type StoppedState } from './stopped-state.ts'

const mostLines = 20

export const wasTakenBack =
  'its row of the history is committed together with what it does, and there is none: nothing of it is in force'

/** One line per fact, for a person who has to decide. */
export function describeStopped(stopped: StoppedState): readonly string[] {
  const { applied, notAsPlanned, failed, notReached, difference, atWork, historyInDoubt, takenBack } = stopped
  const changes = [...difference.removed.map((line) => `- ${line}`), ...difference.added.map((line) => `+ ${line}`)]
  return [
    ...(atWork === undefined ? [] : [`still at work, so that this is not the end of it: ${atWork}`]),
    ...(historyInDoubt === undefined ? [] : [historyInDoubt]),
    ...applied.map((name) => `applied, and it stands: ${name}`),
    ...notAsPlanned,
    ...failed.map((one) => `failed: ${one.name}; ${describeFailed(one, stopped)}`),
    ...(takenBack === undefined ? [] : [`failed: ${takenBack.name}; ${wasTakenBack}`]),
    ...notReached.map((name) => `not reached: ${name}`),
    changes.length === 0
      ? 'The schema is the same as before. Rows were not compared.'
      : 'What changed in the schema since before this run:',
    ...changes.slice(0, mostLines),
    ...(changes.length > mostLines ? [`and ${changes.length - mostLines} more, in the JSON report`] : []),
  ]
}

/** What is recorded was committed. The statement behind it may have been as well, unless the server says that it refused it. */
function goesOn({ statements, of }: Extract<Fate, { readonly kind: 'goes-on' }>, refused: boolean): string {
  const verb = statements === 1 ? 'is' : 'are'
  const count = `${statements} of its ${plural(of, 'statement')} ${verb}`
  if (refused || statements === of) return `${count} in force, and the next deploy goes on behind them`
  return `${count} recorded as in force, whether the one behind is as well was not seen, and the next deploy finds out and goes on`
}

function describeFailed(failed: FailedMigration, stopped: StoppedState): string {
  const fate = fateOf(failed, stopped)
  switch (fate.kind) {
    case 'taken-back':
      return fate.because
    case 'goes-on':
      return goesOn(fate, failed.refusedWith !== undefined)
    case 'committed':
      return 'all of it is in force, and only Prisma’s record that it is finished is missing'
    case 'in-parts':
      return failed.refusedWith === undefined
        ? 'it runs statement by statement, and which of them were committed is not known, changed rows included'
        : 'it runs statement by statement, so what came before the failing statement stayed, changed rows included'
    case 'not-known':
      return `whether its changes are in force is not known: ${fate.because}`
  }
}
