/** What was asked of the data on the copy, besides whether the migrations go through. No text of it carries a value of a row. */

export const dataCheckKinds = ['table', 'assertion', 'second-deploy', 'seed'] as const
export const dataCheckOutcomes = ['pass', 'fail', 'not-checked'] as const

export interface DataCheck {
  readonly kind: (typeof dataCheckKinds)[number]
  /** What it is about, as people call it. */
  readonly name: string
  readonly outcome: (typeof dataCheckOutcomes)[number]
  readonly text: string
  /** Where rows were counted more than once. */
  readonly rows?: readonly CountedRows[] | undefined
}

/** In the order in which they were counted; null where nobody can tell. */
export interface CountedRows {
  readonly table: string
  readonly counts: readonly (number | null)[]
}

export function sentenceOf({ name, text }: Pick<DataCheck, 'name' | 'text'>): string {
  return `${name}: ${text}`
}

export function failedAmong(checks: readonly DataCheck[]): readonly DataCheck[] {
  return checks.filter(({ outcome }) => outcome === 'fail')
}
