import type { Failure } from '../errors.ts'
import { parseDatabaseUrl, poolerOf } from '../postgres/url.ts'

export interface UrlCandidates {
  /** What the project names for the connection, in the order in which Prisma reads it. */
  readonly urlVariables: readonly string[]
  /** `directUrl` of the schema: what Prisma 6 migrates through where it is set. */
  readonly directUrlVariable: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly inputs: { readonly databaseUrl?: string | undefined; readonly directUrl?: string | undefined }
}

export type ChosenUrl =
  | { readonly kind: 'chosen'; readonly variable: string; readonly raw: string }
  | { readonly kind: 'none'; readonly failure: Failure }

interface Candidate {
  readonly variable: string
  readonly raw: string | undefined
}

/**
 * The connection to deploy through: inputs before variables, direct before pooled, the project's own names before the
 * usual ones. An empty text counts as not given, because that is what GitHub makes of a secret that does not exist.
 */
export function chooseUrl({ urlVariables, directUrlVariable, environment, inputs }: UrlCandidates): ChosenUrl {
  const named = (variable: string): Candidate => ({ variable, raw: environment[variable] })
  const given: readonly Candidate[] = [
    { variable: 'direct-url', raw: inputs.directUrl },
    { variable: 'database-url', raw: inputs.databaseUrl },
  ]
  const direct = unique([...(directUrlVariable === undefined ? [] : [directUrlVariable]), 'DIRECT_URL']).map(named)
  const usual = unique([...urlVariables, 'DATABASE_URL']).map(named)
  const chosen = [...given, ...direct, ...usual].find(isGiven)
  if (chosen === undefined) return { kind: 'none', failure: nothingGiven([...direct, ...usual], urlVariables) }

  const other = given.some(isGiven) ? given.find((one) => one !== chosen && isGiven(one)) : usual.find(isGiven)
  const conflict = other === undefined || other === chosen ? undefined : conflictBetween(chosen, other)
  return conflict === undefined ? { kind: 'chosen', ...chosen } : { kind: 'none', failure: conflict }
}

function isGiven(candidate: Candidate): candidate is Candidate & { readonly raw: string } {
  return candidate.raw !== undefined && candidate.raw.trim() !== ''
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

/** Two direct URLs of one deployment lead to one database. A pool may have a name of its own, so pooled ones are not compared. */
function conflictBetween(chosen: Candidate, other: Candidate): Failure | undefined {
  const [one, two] = [chosen, other].map(({ raw, variable }) => parseDatabaseUrl(raw, variable, { pooled: 'allow' }))
  if (one?.kind !== 'ok' || two?.kind !== 'ok') return undefined
  if (poolerOf(two.url) !== undefined || one.url.database === two.url.database) return undefined
  return {
    code: 'URL.CONFLICT',
    what: `\`${chosen.variable}\` and \`${other.variable}\` name different databases.`,
    why: `\`${chosen.variable}\` leads to \`${one.url.database}\` on ${one.url.host}, \`${other.variable}\` to \`${two.url.database}\` on ${two.url.host}. Which of them the migrations are meant for cannot be told.`,
    next: [
      `Correct the one that is wrong; both belong to the same environment.`,
      `Or leave \`${other.variable}\` unset for this step.`,
    ],
  }
}

function nothingGiven(looked: readonly Candidate[], urlVariables: readonly string[]): Failure {
  const variable = urlVariables[0] ?? 'DATABASE_URL'
  const empty = looked.find(({ raw }) => raw !== undefined)
  const parsed = parseDatabaseUrl(empty?.raw, empty?.variable ?? variable)
  const names = looked.map((one) => `\`${one.variable}\``).join(', ')
  if (parsed.kind === 'ok') throw new Error('An empty text cannot be a connection URL.')
  return { ...parsed.failure, why: `${parsed.failure.why} Looked at: ${names}.` }
}
