import { problem, setting, type UrlProblem } from './say.ts'
import { wrongScheme } from './scheme.ts'
import { unexpanded } from './unexpanded.ts'

/**
 * Whether a text can be one connection URL at all. What is wrong here is a mistake of copying or of configuration,
 * and each of them leaves its own marks.
 */
export function checkRawText(text: string, variable: string): UrlProblem | undefined {
  return (
    pastedLine(text, variable) ??
    quoted(text, variable) ??
    unexpanded(text, variable) ??
    severalUrls(text, variable) ??
    wrongScheme(text, variable)
  )
}

function pastedLine(text: string, variable: string): UrlProblem | undefined {
  if (/^(?:[$#]\s+)?(?:sudo\s+)?(?:psql|pg_dump|pgcli|npx|prisma)\s/i.test(text)) {
    return problem(
      'URL.MALFORMED',
      `\`${variable}\` holds a whole command, not a connection URL.`,
      'It starts with a program such as `psql`, as providers show it for copying.',
      ['Keep only the URL between the quotes of that command:', setting(variable)],
    )
  }
  const assignment = /^(?:export\s+|set\s+)?([A-Z][A-Z0-9_]*)\s*=\s*["']?[a-z][a-z+]*:\/\//i.exec(text)
  if (assignment !== null) {
    return problem(
      'URL.MALFORMED',
      `\`${variable}\` holds a whole line of an env file, not a connection URL.`,
      `The value itself starts with \`${assignment[1]}=\`.`,
      ['Keep only what stands after the `=`, without quotes:', setting(variable)],
    )
  }
  if (/^\s*(?:host|hostaddr|user|dbname|port|password)\s*=/i.test(text)) {
    return problem(
      'URL.MALFORMED',
      `\`${variable}\` holds a keyword/value connection string.`,
      'libpq reads `host=… dbname=…`; Prisma reads URLs only.',
      ['Write the same as a URL:', setting(variable)],
    )
  }
  if (/^\s*(?:Server|Data Source|User ID|Host)\s*=[^;]*;/i.test(text)) {
    return problem(
      'URL.MALFORMED',
      `\`${variable}\` holds an ADO.NET connection string.`,
      'It is a list of `Name=Value;` pairs; Prisma reads URLs only.',
      ['Write the same as a URL:', setting(variable)],
    )
  }
  return undefined
}

const quotePairs: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['‘', '’'],
  ['„', '“'],
  ['«', '»'],
])

function quoted(text: string, variable: string): UrlProblem | undefined {
  const first = text.at(0) ?? ''
  const last = text.at(-1) ?? ''
  const closing = new Set(quotePairs.values())
  if (!quotePairs.has(first) && !closing.has(last)) return undefined
  const both = quotePairs.has(first) && closing.has(last)
  const where = both
    ? `starts with ${first} and ends with ${last}`
    : quotePairs.has(first)
      ? `starts with ${first}`
      : `ends with ${last}`
  return problem(
    'URL.QUOTED',
    `\`${variable}\` has quotes around the connection URL.`,
    `The value ${where}. Quotes belong into an env file or a shell; in a secret or a variable of GitHub they become part of the value.`,
    ['Store it again without the quotes:', setting(variable)],
  )
}

function severalUrls(text: string, variable: string): UrlProblem | undefined {
  const starts = text.match(/(?:postgres(?:ql)?|mysql|prisma(?:\+postgres)?|mongodb(?:\+srv)?):\/\//gi) ?? []
  if (starts.length < 2) return undefined
  return problem(
    'URL.MALFORMED',
    `\`${variable}\` holds ${starts.length} connection URLs.`,
    'Airlock takes one database at a time, and which of them is meant cannot be told.',
    [
      'Keep the one of the primary server; put another into a variable of its own, such as DIRECT_URL:',
      setting(variable),
    ],
  )
}
