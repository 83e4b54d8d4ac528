/** The text of pg_dump, in the pieces that its own comments mark. */

export interface SchemaEntry {
  /** `TABLE public."User"`: type, schema and name as pg_dump writes them. */
  readonly key: string
  readonly type: string
  readonly text: string
}

export interface SchemaText {
  /** Settings that stand before the first entry, such as client_encoding. */
  readonly settings: ReadonlyMap<string, string>
  readonly entries: readonly SchemaEntry[]
}

const header = /^--\n-- (?:Data for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: (.*)\n--$/gm

/** pg_dump writes them only where they change, so they belong to whatever follows and not to where they stand. */
const carriedSetting = /^SET default_table_access_method = (.*);\n?/gm
const withAccessMethod: ReadonlySet<string> = new Set(['TABLE', 'MATERIALIZED VIEW'])

/** Newer minors put a random key there (since the fix of CVE-2025-8714). */
const restrictLine = /^\\(?:un)?restrict \S+\n?/gm
const endOfDump = /^--\n-- PostgreSQL database dump complete\n--$/gm

/** A body that contains such a comment is cut there too, on both sides in the same way. */
export function splitEntries(dumped: string): SchemaText {
  const text = dumped.replaceAll('\r\n', '\n').replaceAll(restrictLine, '').replaceAll(endOfDump, '')
  const headers = [...text.matchAll(header)]
  const preamble = text.slice(0, headers[0]?.index ?? text.length)
  let accessMethod = carriedIn(preamble, 'heap')
  const entries = headers.map((match, index): SchemaEntry => {
    const [whole, name = '', type = '', schema = '', owner = ''] = match
    const body = text.slice(match.index + whole.length, headers[index + 1]?.index ?? text.length)
    const kept = body.replaceAll(carriedSetting, '').trim()
    const using = withAccessMethod.has(type) && accessMethod !== 'heap' ? [`-- access method ${accessMethod}`] : []
    accessMethod = carriedIn(body, accessMethod)
    return {
      key: `${type} ${schema === '-' ? '' : `${schema}.`}${name}`,
      type,
      text: [`-- owner ${owner}`, ...using, type.endsWith('ACL') ? sortedLines(kept) : kept].join('\n'),
    }
  })
  const settings = new Map(
    [...preamble.matchAll(/^SET (\w+) = '?(.*?)'?;$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
  return { settings, entries }
}

function carriedIn(text: string, before: string): string {
  return [...text.matchAll(carriedSetting)].at(-1)?.[1] ?? before
}

/** Privileges are a set; their order in the catalog is that in which they were granted. */
function sortedLines(text: string): string {
  return text.split('\n').toSorted().join('\n')
}
