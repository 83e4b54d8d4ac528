/** What `pg_dump --verbose` tells while it works. Pure. */

export type DumpLine =
  | { readonly kind: 'started'; readonly table: string }
  | { readonly kind: 'chatter' }
  /** Errors, warnings, and whatever else somebody has to read. */
  | { readonly kind: 'said' }

/**
 * Errors carry a word after the program's name (`pg_dump: error: …`), news do not, and a server's message goes on in
 * lines without the name (src/common/logging.c; measured with 15.18, 17.11 and 18.6).
 */
export function readDumpLine(line: string): DumpLine {
  const said = /^\S+: (.*)$/.exec(line)?.[1]
  if (said === undefined || /^(error|warning|detail|hint|fatal):/.test(said)) return { kind: 'said' }
  const table = /^dumping contents of table "(.*)"$/.exec(said)?.[1]
  if (table !== undefined) return { kind: 'started', table }
  return { kind: 'chatter' }
}

/** What a compressed dump takes of the tables' size, until the run itself shows it (measured: 0.15 to 0.45). */
const usualShare = { zstd: 0.3, lz4: 0.45, gzip: 0.3, none: 0.9 } as const

export interface DumpProgress {
  readonly tables: number
  readonly tablesStarted: number
  readonly tableBytes: number
  readonly writtenBytes: number
  readonly method: keyof typeof usualShare
  readonly elapsedMs: number
}

/** An estimate is only ever shown as one, and never as finished. */
export function describeProgress(progress: DumpProgress): string {
  const { tables, tablesStarted, tableBytes, writtenBytes, method, elapsedMs } = progress
  const expected = Math.max(1, tableBytes * usualShare[method])
  const done = Math.min(0.99, writtenBytes / expected)
  const parts = [
    `pg_dump: table ${tablesStarted} of ${tables}`,
    `${inMebibytes(writtenBytes)} written of about ${inMebibytes(Math.max(expected, writtenBytes))}`,
  ]
  // Before that the start of the program weighs more than what it does.
  if (done > 0.02 && elapsedMs > 5_000 && writtenBytes < expected) {
    parts.push(`about ${inWords((elapsedMs / done) * (1 - done))} left`)
  }
  return parts.join(', ')
}

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`
}

function inWords(ms: number): string {
  return ms < 90_000 ? `${Math.max(1, Math.round(ms / 1_000))} s` : `${Math.round(ms / 60_000)} min`
}
