import type { MigrationsFolder } from '../../migrations/folder.ts'
import type { History } from '../../migrations/history.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'
import type { ServerFacts } from './server.ts'

/** Folder and history table held against each other. */
export interface HistoryFacts {
  readonly folder: MigrationsFolder
  readonly history: History
}

/** What is known before a single statement was parsed. */
export interface Facts extends HistoryFacts {
  readonly url: DatabaseUrl
  readonly server: ServerFacts
  /** Pending, and not asked for: they stay pending. */
  readonly leftOut: readonly string[]
}
