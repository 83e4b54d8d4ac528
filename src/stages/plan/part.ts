import type { MigrationStage } from '../../sql/model.ts'

/** Only the first of what is pending: what was asked for on the command line or in the step. */
export interface Part {
  /** The last migration that is applied. */
  readonly through: string | undefined
  /** Only migrations of this stage, up to the first of another. */
  readonly stages: 'expand' | undefined
}

export interface Parted<Migration> {
  readonly pending: readonly Migration[]
  readonly leftOut: readonly string[]
}

export type PartDecision<Migration> =
  | ({ readonly kind: 'part' } & Parted<Migration>)
  | { readonly kind: 'not-there'; readonly through: string }

/** Migrations are applied in order, so that a part is always a beginning. */
export function decidePart<Migration extends { readonly name: string }>(
  part: Part,
  pending: readonly Migration[],
  applied: readonly string[],
  stageOf: (name: string) => MigrationStage | undefined,
): PartDecision<Migration> {
  const { through, stages } = part
  const last = through === undefined ? pending.length - 1 : pending.findIndex(({ name }) => name === through)
  if (through !== undefined && last === -1 && !applied.includes(through)) return { kind: 'not-there', through }
  const other = stages === undefined ? -1 : pending.findIndex(({ name }) => stageOf(name) !== stages)
  const count = Math.min(last + 1, other === -1 ? pending.length : other)
  return {
    kind: 'part',
    pending: pending.slice(0, count),
    leftOut: pending.slice(count).map(({ name }) => name),
  }
}
