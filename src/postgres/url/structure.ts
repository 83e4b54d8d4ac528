/**
 * Takes a URL apart the way its author meant it, which is not always the way a URL parser reads it: a password with an
 * unescaped `/`, `?`, `#` or `@` moves the end of the authority. The last `@` before the parameters is taken as the one
 * in front of the host, so that whatever is wrong with the password can be named.
 */
export interface UrlStructure {
  /** `undefined`: there is no `@`, hence neither user nor password. */
  readonly user: string | undefined
  readonly password: string | undefined
  readonly host: string
  readonly port: string | undefined
  /** What follows the slash after the host; `undefined` without a slash. */
  readonly path: string | undefined
  readonly query: string | undefined
}

export function takeApart(text: string): UrlStructure {
  const rest = text.slice(text.indexOf('://') + 3)
  const { head, query } = splitQuery(rest)
  const at = head.lastIndexOf('@')
  const credentials = at < 0 ? undefined : head.slice(0, at)
  const location = head.slice(at + 1)
  const slash = location.indexOf('/')
  const authority = slash < 0 ? location : location.slice(0, slash)
  return {
    ...splitCredentials(credentials),
    ...splitAuthority(authority),
    path: slash < 0 ? undefined : location.slice(slash + 1),
    query,
  }
}

/** The parameters begin at the first `?` after which nothing but `name=value` pairs follows. */
function splitQuery(rest: string): { readonly head: string; readonly query: string | undefined } {
  for (let mark = rest.indexOf('?'); mark >= 0; mark = rest.indexOf('?', mark + 1)) {
    const query = rest.slice(mark + 1)
    const before = rest.slice(0, mark)
    if (!isParameterList(query)) continue
    // `pa?x=1@host/db`: what looks like parameters is the rest of a password, the host comes only after it.
    if (query.includes('@') && (/@[^&]*\//.test(query) || !/@[^@]*\/[^@]*$/.test(before))) continue
    return { head: before, query }
  }
  return { head: rest, query: undefined }
}

function isParameterList(query: string): boolean {
  return query === '' || query.split('&').every((pair) => pair === '' || /^[A-Za-z_][\w.-]*(?:=|$)/.test(pair))
}

function splitCredentials(credentials: string | undefined): Pick<UrlStructure, 'user' | 'password'> {
  if (credentials === undefined) return { user: undefined, password: undefined }
  const colon = credentials.indexOf(':')
  if (colon < 0) return { user: credentials, password: undefined }
  return { user: credentials.slice(0, colon), password: credentials.slice(colon + 1) }
}

function splitAuthority(authority: string): Pick<UrlStructure, 'host' | 'port'> {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(authority)
  if (bracketed !== null) return { host: `[${bracketed[1] ?? ''}]`, port: bracketed[2] }
  const colon = authority.indexOf(':')
  if (colon < 0) return { host: authority, port: undefined }
  return { host: authority.slice(0, colon), port: authority.slice(colon + 1) }
}

export interface Unescaped {
  readonly character: string
  readonly encoding: string
}

/** RFC 3986 allows a `:` in a password; it is listed because nothing tells whether it still belongs to the user name. */
const mustBeEncoded: ReadonlyMap<string, string> = new Map([
  ['@', '%40'],
  [':', '%3A'],
  ['/', '%2F'],
  ['#', '%23'],
  ['?', '%3F'],
  ['[', '%5B'],
  [']', '%5D'],
  ['\\', '%5C'],
  ['"', '%22'],
  ['<', '%3C'],
  ['>', '%3E'],
  ['^', '%5E'],
  ['`', '%60'],
  ['{', '%7B'],
  ['}', '%7D'],
  ['|', '%7C'],
  [' ', '%20'],
  ['\t', '%09'],
  ['\n', '%0A'],
  ['\r', '%0D'],
])

/** The characters of one component that a URL cannot carry as they are, in the order of their first appearance. */
export function unescapedIn(component: string): readonly Unescaped[] {
  const found = new Map<string, string>()
  for (const character of component) {
    const encoding = mustBeEncoded.get(character)
    if (encoding !== undefined) found.set(character, encoding)
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(component)) found.set('%', '%25')
  return [...found].map(([character, encoding]) => ({ character, encoding }))
}

/** `undefined` where the percent-encoding does not spell UTF-8, such as `%E9` for é in Latin-1. */
export function decode(component: string): string | undefined {
  try {
    return decodeURIComponent(component)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
