import { networkOf } from './network.ts'
import { decode, type UrlStructure } from './structure.ts'

/** Which part of a URL was copied from an instruction and never filled in. `shown` is left out where it could be a password. */
export interface Placeholder {
  readonly part: 'user' | 'password' | 'host' | 'port' | 'database'
  readonly shown: string | undefined
  readonly hint: string
}

/** A word between brackets that belongs to an instruction: `<password>`, `[YOUR-PASSWORD]`, `{host}`. */
const bracketed = /^(?:<[^>]*>|\[[^\]]*\]|\{[^}]*\})$/
const instructionWord = /your|pass|pwd|secret|user|name|host|server|port|database|project|ref|endpoint|region|key|here/i

const filler = /^(?:x{3,}|\*{3,}|\.{3}|…|_{3,}|-{3,}|•+)$/i

const passwordWords =
  /^(?:change_?(?:me|this|it|now|in_production)(?:_.*)?|(?:your|insert|enter|replace|paste)_.*|your(?:super)?(?:strong)?(?:secret|secure|db|database|postgres)?(?:password|pass|passwd|pwd|secret)|.*(?:password|passwd|pwd|secret)_?(?:goes_)?here|replace_?me|fill_?me(?:_in)?|to_?do|tbd|fix_?me|place_?holder|redacted|random_?password)$/

/** Real enough for a database on the developer's own machine, never for another one. */
const passwordWordsElsewhere = /^(?:dummy|example|sample|foo|bar|foobar)$/

/** In capitals these are the words of an instruction; in small letters they can be names. */
const capitals: Readonly<Record<Placeholder['part'], RegExp>> = {
  user: /^(?:DB_?|DATABASE_|POSTGRES_|PG)?USER(?:NAME|_NAME)?$/,
  password: /^(?:DB_?|DATABASE_|POSTGRES_|PG|MY_?)?(?:PASSWORD|PASS|PASSWD|PWD|SECRET)$/,
  host: /^(?:DB_?|DATABASE_|POSTGRES_|PG)?(?:HOST|HOSTNAME|SERVER|ENDPOINT)$/,
  port: /^(?:DB_?|PG)?PORT$/i,
  database: /^(?:DB|DATABASE|DB_?NAME|DATABASE_NAME|POSTGRES_DB|PGDATABASE)$/,
}

const hostWords =
  /^(?:host|hostname|(?:your|insert|enter)[-_.].*|.*[-_.]?your[-_]?(?:db|database|project|host|server|endpoint|instance)[-_.]?.*|change_?me.*)$/i
const nameWords = /^(?:(?:your|insert|enter|replace)_.*|your(?:user|username|db|database|dbname)|change_?me)$/

/** RFC 2606 and RFC 6761 keep these names for documentation; nothing can ever listen there. */
const documentationHost = /(?:^|\.)example\.(?:com|net|org|edu)$|\.(?:example|invalid)$|^example$/i

export function placeholderIn(structure: UrlStructure): Placeholder | undefined {
  const { user, password, host, port, path } = structure
  return (
    passwordPlaceholder(user, password, host) ??
    namePlaceholder('user', user, nameWords) ??
    namePlaceholder('host', host, hostWords) ??
    namePlaceholder('port', port, undefined) ??
    namePlaceholder('database', path?.replace(/\/$/, ''), nameWords)
  )
}

/** Asked last: every other problem of such a URL is worth more to its author. */
export function documentationHostIn(host: string): Placeholder | undefined {
  if (!documentationHost.test(host)) return undefined
  return {
    part: 'host',
    shown: host,
    hint: 'Names under `example` are reserved for documentation (RFC 2606): no server has one.',
  }
}

function passwordPlaceholder(user: string | undefined, raw: string | undefined, host: string): Placeholder | undefined {
  if (raw === undefined || raw === '') return undefined
  const password = decode(raw) ?? raw
  const word = wordOf(password)
  const here = networkOf(host) === 'local'
  const found =
    (bracketed.test(password) && instructionWord.test(password)) ||
    filler.test(password) ||
    capitals.password.test(password) ||
    passwordWords.test(word) ||
    (!here && passwordWordsElsewhere.test(word)) ||
    // What `prisma init` writes into a new .env (Prisma 2 to 6).
    (user === 'johndoe' && /^(?:randompassword|mypassword)$/.test(word))
  if (!found) return undefined
  return {
    part: 'password',
    shown: undefined,
    hint: 'It is a word from an instruction or a template, so nobody has put the real one in yet.',
  }
}

function namePlaceholder(
  part: 'user' | 'host' | 'port' | 'database',
  raw: string | undefined,
  words: RegExp | undefined,
): Placeholder | undefined {
  if (raw === undefined || raw === '') return undefined
  const text = decode(raw) ?? raw
  const isAddress = part === 'host' && /^\[[0-9a-f:.%]*\]$/i.test(text)
  const found =
    (bracketed.test(text) && !isAddress) ||
    (/[<>[\]]/.test(text) && !isAddress && instructionWord.test(text)) ||
    filler.test(text) ||
    capitals[part].test(text) ||
    (words?.test(part === 'host' ? text : wordOf(text)) ?? false) ||
    (part === 'host' && /(?:^|\.)x{4,}\./i.test(text))
  return found ? { part, shown: text, hint: 'It is a word from an instruction or a template.' } : undefined
}

function wordOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[<[{(*"']+|[>\]})*"']+$/g, '')
    .replace(/[\s-]+/g, '_')
}
