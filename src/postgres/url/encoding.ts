import { problem, type UrlProblem } from './say.ts'
import { decode, type Unescaped, type UrlStructure, unescapedIn } from './structure.ts'

/** Reads the text from its standard input: the password reaches neither the command line nor the shell's history. */
const encoder = 'node -e "process.stdin.once(\'data\', (text) => console.log(encodeURIComponent(String(text).trim())))"'

/** Characters that move the borders of a URL's parts are named, the text around them never is. */
export function checkEncoding(structure: UrlStructure, variable: string): UrlProblem | undefined {
  const { user, password, path, query } = structure
  const bad = password === undefined ? [] : unescapedIn(password)
  if (password !== undefined && bad.length > 0) return unescaped('password', bad, variable, bracketHint(password))
  if (password !== undefined && decode(password) === undefined) return undecodable('password', variable)
  if (user !== undefined && unescapedIn(user).length > 0) return unescaped('user name', unescapedIn(user), variable, [])
  if (user !== undefined && decode(user) === undefined) return undecodable('user name', variable)
  const database = path?.replace(/\/$/, '')
  if (database !== undefined && unescapedIn(database).length > 0) {
    return unescaped('database name', unescapedIn(database), variable, [])
  }
  if (database !== undefined && decode(database) === undefined) return undecodable('database name', variable)
  if (query?.includes('#') === true) return unescaped('parameters', [{ character: '#', encoding: '%23' }], variable, [])
  return undefined
}

function bracketHint(password: string): readonly string[] {
  return /^\[.*\]$/.test(password)
    ? ['If the brackets come from the provider’s `[YOUR-PASSWORD]`, they belong to the placeholder: remove them.']
    : []
}

const spelled: ReadonlyMap<string, string> = new Map([
  [' ', 'a space'],
  ['\t', 'a tab'],
  ['\n', 'a line break'],
  ['\r', 'a carriage return'],
])

function unescaped(part: string, found: readonly Unescaped[], variable: string, hints: readonly string[]): UrlProblem {
  const list = found.map(
    ({ character, encoding }) => `${spelled.get(character) ?? `\`${character}\``} is written \`${encoding}\``,
  )
  const what = found.map(({ character }) => spelled.get(character) ?? `\`${character}\``).join(', ')
  return problem(
    'URL.UNESCAPED',
    `The ${part} in \`${variable}\` contains ${what} unescaped.`,
    `In a URL such a character ends a part or has a meaning of its own, so the rest would be read as something else: ${list.join(', ')}.`,
    [
      ...hints,
      `Encode the ${part} and store the URL again. This prints the encoded form of what is typed into it, and leaves no trace in the shell's history:`,
      encoder,
    ],
  )
}

function undecodable(part: string, variable: string): UrlProblem {
  return problem(
    'URL.UNESCAPED',
    `The percent-encoding of the ${part} in \`${variable}\` is not UTF-8.`,
    'It was encoded in another character set, as `%E9` for `é`, or a `%` of the text itself was left unescaped (`%25`).',
    [`Encode the ${part} again as UTF-8 and store the URL:`, encoder],
  )
}
