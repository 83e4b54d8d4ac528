/** What the stages need from the outside, as small as it can be. */

/** One connection to the database. Its queries throw FailureErrors and nothing else. */
export interface Session {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
}

export type Sha256 = (text: string) => string
