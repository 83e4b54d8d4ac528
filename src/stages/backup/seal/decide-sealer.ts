import { isClassic } from './recipients.ts'

export interface AgeProgram {
  readonly path: string
  /** As it prints it: `1.1.1`. */
  readonly version: string
}

export type Sealer = { readonly kind: 'package' } | { readonly kind: 'program'; readonly program: AgeProgram }

/** Measured: the package takes about 10 s of a processor for this much, the program less than one. */
const usualFromBytes = 1_073_741_824

/**
 * Up to a size the package does it: it opens what it sealed with the key that only this process knows, which proves the
 * sealed file. Above, that would take too long, and the program, ten times as fast, is used where there is one.
 */
export function decideSealer(facts: {
  readonly plainBytes: number
  readonly recipients: readonly string[]
  readonly program: AgeProgram | undefined
  readonly programFromBytes?: number | undefined
}): Sealer {
  const { plainBytes, recipients, program, programFromBytes = usualFromBytes } = facts
  if (program === undefined || plainBytes < programFromBytes || !recipients.every(isClassic)) return { kind: 'package' }
  return { kind: 'program', program }
}
