import type { CatalogDifference } from '../../../postgres/catalog.ts'
import { plural } from '../../../report/words.ts'
import type { DataCheck } from './data-check.ts'
import { nameOf, type Written } from './written.ts'

/** What a second deploy came to, right after the first. */
export type SecondDeploy =
  | { readonly kind: 'history'; readonly pending: readonly string[]; readonly applied: number }
  | {
      readonly kind: 'engine'
      readonly engine: string
      readonly said: string | undefined
      readonly applied: { readonly before: number; readonly after: number }
      readonly failed: readonly string[]
      readonly difference: CatalogDifference
      /** undefined where the server does not say. */
      readonly written: readonly Pick<Written, 'schema' | 'name'>[] | undefined
    }

const mostLines = 3

export function decideSecondDeploy(second: SecondDeploy): DataCheck {
  const problems = second.kind === 'history' ? pendingAgain(second.pending) : changes(second)
  return {
    kind: 'second-deploy',
    name: 'a second deploy',
    outcome: problems.length === 0 ? 'pass' : 'fail',
    text: problems.length === 0 ? nothingToDo(second) : problems.join('; '),
  }
}

function nothingToDo(second: SecondDeploy): string {
  if (second.kind === 'history') return `nothing is pending, ${plural(second.applied, 'migration')} applied`
  const rows = second.written === undefined ? '; whether it wrote rows is not known' : ' and no row'
  return `${second.engine} finds nothing pending and changes neither the schema nor the history${rows}`
}

function pendingAgain(pending: readonly string[]): readonly string[] {
  return pending.length === 0 ? [] : [`pending again, although it was applied: ${pending.join(', ')}`]
}

function changes(second: Extract<SecondDeploy, { readonly kind: 'engine' }>): readonly string[] {
  const { engine, said, applied, failed, difference, written = [] } = second
  const lines = [...difference.added, ...difference.removed]
  return [
    ...(said === undefined ? [] : [`${engine} fails: ${said.split('\n').join(' ')}`]),
    ...failed.map((name) => `${name} is recorded as failed`),
    ...(applied.before === applied.after
      ? []
      : [`the history has ${applied.after} applied, and had ${applied.before}`]),
    ...(lines.length === 0 ? [] : [`it changes the schema: ${first(lines)}`]),
    ...(written.length === 0 ? [] : [`it writes rows: ${first(written.map(nameOf))}`]),
  ]
}

function first(lines: readonly string[]): string {
  const left = lines.length - mostLines
  return [...lines.slice(0, mostLines), ...(left > 0 ? [`and ${left} more`] : [])].join(', ')
}
