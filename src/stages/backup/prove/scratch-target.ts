import type { DatabaseUrl } from '../../../postgres/url.ts'

/** What the proof needs of a scratch server: a server on which it may create databases and roles, and nobody else works. */
export interface ScratchTarget {
  readonly major: number
  /** Whose role creates the database and the roles; to the database postgres. */
  readonly url: DatabaseUrl
  databaseUrl(name: string): DatabaseUrl
  /** Those that can be created, with their default version. */
  readonly extensions: ReadonlyMap<string, string>
}
