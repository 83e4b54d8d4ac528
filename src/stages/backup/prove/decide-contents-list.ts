/** What `pg_restore --list` prints of an archive: `232; 1259 16390 TABLE public User app_owner`. */

export interface ArchiveEntry {
  readonly line: string
  readonly type: string
  /** Schema, name and owner as printed; names with blanks cannot be told apart and are not needed apart. */
  readonly rest: string
}

/** The longest first, because `TABLE` begins `TABLE DATA`. Only those that something is decided by. */
const types = [
  'MATERIALIZED VIEW DATA',
  'MATERIALIZED VIEW',
  'FOREIGN TABLE',
  'BLOB METADATA',
  'SUBSCRIPTION',
  'TABLE DATA',
  'EXTENSION',
  'BLOBS',
  'BLOB',
]

export function parseContentsList(listed: string): readonly ArchiveEntry[] {
  return listed.split('\n').flatMap((line) => {
    const [, entry] = /^\d+; \d+ \d+ (.*)$/.exec(line) ?? []
    if (entry === undefined) return []
    const type = types.find((known) => entry.startsWith(`${known} `)) ?? ''
    return [{ line, type, rest: entry.slice(type.length).trim() }]
  })
}

/** `EXTENSION - citext`; the owner column is empty. */
export function extensionsIn(entries: readonly ArchiveEntry[]): readonly string[] {
  return entries.filter(({ type }) => type === 'EXTENSION').map(({ rest }) => rest.replace(/^- /, '').trim())
}

export function isLargeObject({ type, line }: ArchiveEntry): boolean {
  return type === 'BLOB' || type === 'BLOB METADATA' || / ACL - LARGE OBJECTS? /.test(line)
}

/**
 * What the proof leaves out. A materialized view over foreign tables would be filled through connections to other
 * servers, and pg_restore cannot say which ones those are; so none is filled where there are foreign tables.
 */
export function leftOut(entries: readonly ArchiveEntry[]): {
  readonly types: ReadonlySet<string>
  readonly said: readonly string[]
} {
  const has = (type: string) => entries.some((entry) => entry.type === type)
  const said: string[] = []
  const left = new Set<string>()
  if (has('FOREIGN TABLE') && has('MATERIALIZED VIEW DATA')) {
    left.add('MATERIALIZED VIEW DATA')
    said.push('materialized views: not filled in the copy, because there are foreign tables that they may read')
  }
  if (has('SUBSCRIPTION')) said.push('subscriptions: not made in the copy, which must not connect to other servers')
  return { types: left, said }
}
