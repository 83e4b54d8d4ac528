/** What a deploy leaves behind that ends in the middle of a migration, and what the next one makes of it. Data only. */

export const nextDeploys = ['again', 'recorded', 'person'] as const

export interface Ending {
  /**
   * `again`: the next deploy records that nothing of it is in force, and applies it from its start. `recorded`: it records that all of it is.
   * `person`: it changes nothing and asks.
   */
  readonly next: (typeof nextDeploys)[number]
  /** Why, or what the person is told. */
  readonly says: string
  /** Where that is not what is in force: Airlock is wrong here. */
  readonly wrong: boolean
}

export interface HalfwayState {
  /** The line of the last statement that is in force; null where none is. */
  readonly line: number | null
  readonly inForce: number
  readonly of: number
  /** Its process or its connection ended there, and nobody wrote down why. */
  readonly killed: Ending
  /** The server refused what comes next; not possible behind the last statement. */
  readonly refused: Ending | undefined
}

export interface Halfway {
  readonly migration: string
  readonly states: readonly HalfwayState[]
  /** Why some or all of them were not looked at. */
  readonly notTried: readonly string[]
}
