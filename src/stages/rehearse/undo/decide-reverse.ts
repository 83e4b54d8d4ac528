import { functionSteps, viewSteps } from './decide-code.ts'
import { columnSteps } from './decide-columns.ts'
import { partSteps } from './decide-parts.ts'
import { sequenceSteps, tableSteps } from './decide-tables.ts'
import { typeSteps } from './decide-types.ts'
import type { Difference } from './reverse.ts'
import { inOrder, plainName } from './steps.ts'

export type Reverse =
  | { readonly kind: 'sql'; readonly statements: readonly string[] }
  /** What is missing cannot be written from the catalog. */
  | { readonly kind: 'impossible'; readonly because: string }

/** The statements that lead from the state now, with the old names, to the state before. */
export function decideReverse(difference: Difference): Reverse {
  const because = unwritable(difference)
  if (because !== undefined) return { kind: 'impossible', because }
  return {
    kind: 'sql',
    statements: inOrder([
      ...typeSteps(difference),
      ...sequenceSteps(difference),
      ...tableSteps(difference),
      ...columnSteps(difference),
      ...partSteps(difference),
      ...viewSteps(difference),
      ...functionSteps(difference),
    ]),
  }
}

function unwritable({ pairs, rebuiltTypes }: Difference): string | undefined {
  const aggregate = pairs.functions.gone.find(({ definition }) => definition === undefined)
  if (aggregate !== undefined)
    return `The server does not write the definition of the aggregate ${plainName(aggregate)}.`
  const type =
    pairs.types.gone.find(({ kind }) => kind === 'other') ??
    pairs.types.both.find(({ is }) => is.kind === 'other' && rebuiltTypes.has(is.oid))?.was
  if (type !== undefined) return `The range type ${plainName(type)} is not written again from the catalog.`
  const foreign = pairs.tables.gone.find(({ kind }) => kind === 'f')
  if (foreign !== undefined) return `The foreign table ${plainName(foreign)} is not written again from the catalog.`
  return undefined
}
