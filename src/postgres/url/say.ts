import type { Failure, FailureCode } from '../../errors.ts'

export type UrlProblem = { readonly kind: 'invalid'; readonly failure: Failure }

/** What may be shown of a URL. A part that is not known, or could be part of a password, stays a word in capitals. */
export interface Shown {
  readonly user?: string | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: string | undefined
  readonly query?: string | undefined
}

export function example(shown: Shown = {}): string {
  const { user = 'USER', host = 'HOST', port = 5432, database = 'DATABASE', query = '' } = shown
  const bracketed = host.includes(':') ? `[${host}]` : host
  return `postgresql://${user}:***@${bracketed}:${port}/${database}${query}`
}

export function problem(code: FailureCode, what: string, why: string, next: readonly string[]): UrlProblem {
  return { kind: 'invalid', failure: { code, what, why, next } }
}

/** `DATABASE_URL=…` for a variable of the environment, the same line for an input of the action. */
export function setting(variable: string, shown: Shown = {}): string {
  return /^[A-Z0-9_]+$/i.test(variable) ? `${variable}=${example(shown)}` : `${variable}: ${example(shown)}`
}
