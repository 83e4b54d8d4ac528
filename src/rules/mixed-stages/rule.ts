import { listed } from '../../sql/identifiers.ts'
import { firstWorkUnderLock } from '../lock-held-during-work/rule.ts'
import { firstFailure } from '../non-atomic-migration/rule.ts'
import type { AnalysedStatement, Rule, RuleContext } from '../rule.ts'
import { type Step, splitOf, splitText } from '../steps.ts'
import { transactionsOf } from '../transactions.ts'

export const rule: Rule = {
  id: 'mixed-stages',
  title: 'One file adds, moves rows and takes away, and there is no right moment for all of it',
  group: 'application-compatibility',
  documentation: {
    summary:
      'What the next release needs has to be there before it starts; what the running release needs has to stay until the last ' +
      'instance of it has ended; and rows are best moved in between, when nothing waits for it. A file that does more than ' +
      'one of these comes at the wrong time for one of the two releases. Split into files, each is applied when it is due. ' +
      'Where lock-held-during-work or non-atomic-migration speaks about the file, the split is told there.',
    bad: 'ALTER TABLE "User" ADD COLUMN "nickname" TEXT;\nALTER TABLE "Order" DROP COLUMN total;',
    good: 'ALTER TABLE "User" ADD COLUMN "nickname" TEXT;\nALTER TABLE "Order" ADD COLUMN "sum" INT;',
  },
  check: (context) => {
    const split = splitOf(context)
    const second = split?.steps[1]
    const statement = second?.statements[0]
    if (split === undefined || statement === undefined || toldElsewhere(context)) return []
    const has = (step: Step) => split.steps.some((one) => one.step === step)
    return [
      {
        statement,
        clause: second?.clause,
        severity: 'notice',
        message: `${sentenceStart(listed(split.steps.map(({ step, statements }) => `${does[step]} (${lines(statements)})`)))}, all in one file.`,
        why: !has('expand')
          ? 'What the running release writes meanwhile is not among the rows that were moved: what relies on them waits until that release has ended.'
          : has('contract')
            ? 'What is added has to be there before the next release starts, and what the running one relies on has to stay until it has ended: no moment suits both.'
            : 'Moving rows takes as long as the table is large and can fail on one of them. In a file of its own it neither delays nor takes back what the next release needs.',
        instead: splitText(split),
      },
    ]
  },
}

const does: Readonly<Record<Step, string>> = {
  expand: 'adds what the next release needs',
  data: 'moves rows',
  contract: 'changes what the running one relies on',
}

function sentenceStart(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function lines(statements: readonly AnalysedStatement[]): string {
  const numbers = [...new Set(statements.map(({ range }) => String(range.line)))]
  return numbers.length > 5
    ? `${numbers.length} statements from line ${numbers[0]} on`
    : `line${numbers.length > 1 ? 's' : ''} ${listed(numbers)}`
}

/** Another rule that is about the file as a whole speaks about it, and its remedy is the same split. */
function toldElsewhere(context: RuleContext): boolean {
  const { settings } = context
  if (settings['mixed-stages'] !== undefined) return false
  const underLock = () => transactionsOf(context).some((one) => firstWorkUnderLock(one, context) !== undefined)
  return (
    (settings['lock-held-during-work'] !== 'off' && underLock()) ||
    (settings['non-atomic-migration'] !== 'off' && firstFailure(context) !== undefined)
  )
}
