import { quoteIdentifier as q } from '../../../postgres/quoting.ts'

/**
 * The order in which a schema is taken back: what hangs on something goes before it, and comes after it. Statements of one phase
 * stand in the order of their oids, which is the one in which things were made.
 */
export const phases = [
  'drop-triggers',
  'drop-functions-of-views',
  'drop-views',
  'drop-foreign-keys',
  'drop-constraints',
  'drop-indexes',
  'drop-tables',
  'drop-functions-in-the-way',
  'create-extensions',
  'create-types',
  'create-sequences',
  'create-tables',
  'drop-defaults',
  'change-columns',
  'set-defaults',
  'own-sequences',
  'add-constraints',
  'create-indexes',
  'add-foreign-keys',
  'table-properties',
  'create-views',
  'create-functions-of-views',
  'create-triggers',
  'drop-functions',
  'drop-sequences',
  'drop-types',
  'drop-extensions',
  'drop-schemas',
] as const
export type Phase = (typeof phases)[number]

export interface Step {
  readonly phase: Phase
  readonly oid: string
  readonly sql: string
}

export function inOrder(steps: readonly Step[]): readonly string[] {
  const place = new Map(phases.map((phase, index) => [phase, index]))
  const sorted = steps.toSorted(
    (a, b) => (place.get(a.phase) ?? 0) - (place.get(b.phase) ?? 0) || Number(a.oid) - Number(b.oid),
  )
  return sorted.map(({ sql }) => sql)
}

export function pathOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${q(schema)}.${q(name)}`
}

/** As messages and results name it. */
export function plainName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}
