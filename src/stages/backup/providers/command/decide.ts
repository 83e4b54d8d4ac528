import type { Failure } from '../../../../errors.ts'
import type { Capabilities } from '../strategy.ts'

/** What airlock.yml says about the user's own programs, and what follows from it. Pure. */

export interface CommandSettings {
  /** Program and arguments; no shell reads them. `{name}` stands for the name that Airlock gives. */
  readonly take: readonly string[]
  /** `{id}` stands for what the list calls the backup, `{name}` as above. */
  readonly verify?: readonly string[] | undefined
  /** A line that the check must print: pgBackRest's ends with 0 on a damaged repository (measured with 2.45). */
  readonly verifySays?: string | undefined
  readonly list?: readonly string[] | undefined
  /** For a person. */
  readonly restore: string
  readonly timeLimitMs: number
}

export type CommandPart = 'take' | 'verify' | 'list'

export function capabilitiesOf(settings: CommandSettings): Capabilities {
  return {
    restore: 'manual',
    automatic: false,
    incremental: 'unknown',
    proves: settings.verify === undefined ? 'nothing' : 'checksum',
    notCaptured: ['what the program leaves out: Airlock does not know it'],
  }
}

export function fillIn(
  argv: readonly string[],
  known: { readonly name: string; readonly id: string | null },
): string[] {
  return argv.map((argument) => fillInText(argument, known))
}

export function fillInText(text: string, { name, id }: { readonly name: string; readonly id: string | null }): string {
  const named = text.replaceAll('{name}', name)
  return id === null ? named : named.replaceAll('{id}', id)
}

/** A backup that is checked by its name needs that name; without a list nobody says it. */
export function settingsProblem({ take, verify, verifySays, list }: CommandSettings): string | undefined {
  // https://github.com/pgbackrest/pgbackrest/issues/2502
  if (verifySays === undefined && verify?.some((argument) => /(^|\/)pgbackrest$/.test(argument))) {
    return '`pgbackrest verify` ends with exit code 0 on a damaged repository: add `--output=text` and `--verbose` to `verify`, and `verify-says: "status: ok"`'
  }
  if (verifySays !== undefined && verify === undefined) return '`verify-says` is set, and there is no `verify`'
  if (take.some((argument) => argument.includes('{id}'))) return '`take` has `{id}`, which is known only afterwards'
  const needsId = verify?.some((argument) => argument.includes('{id}')) ?? false
  return needsId && list === undefined ? '`verify` has `{id}`, and there is no `list` to read it from' : undefined
}

/** Variables of ours, and those a connection URL is usually in: the program is given the connection in libpq's. */
const ownVariables = /^(?:AIRLOCK_|INPUT_)|^(?:DATABASE_URL|DIRECT_URL|SHADOW_DATABASE_URL|GITHUB_TOKEN|GH_TOKEN)$/

/** The program needs its own credentials, so it gets the environment; but nothing that has the password of the database in it. */
export function environmentFor(
  environment: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
): Record<string, string> {
  const telling = secrets.filter((secret) => secret !== '')
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ||
      ownVariables.test(name) ||
      (name.startsWith('PG') && libpqVariable.test(name)) ||
      telling.some((secret) => value.includes(secret))
        ? []
        : [[name, value]],
    ),
  )
}

/** Whatever else the environment says about a connection is about another one. PGBACKREST_… is not libpq's. */
const libpqVariable = /^PG(?!BACKREST)[A-Z]+$/

export type CommandExit =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'killed' }
  | { readonly kind: 'not-started'; readonly because: string }
  | { readonly kind: 'too-long'; readonly timeLimitMs: number }
  | { readonly kind: 'too-much'; readonly bytes: number }
  | { readonly kind: 'did-not-say'; readonly line: string }

const whatItWas: Readonly<Record<CommandPart, string>> = {
  take: 'The program that makes the backup failed.',
  verify: 'The program that checks the backup failed.',
  list: 'The program that lists the backups failed.',
}

export function commandFailed(part: CommandPart, program: string, exit: CommandExit, said: string): Failure {
  return {
    code: 'BACKUP.COMMAND_FAILED',
    what: whatItWas[part],
    why: [`\`${program}\` ${sayExit(exit)}`, lastLines(said)].filter((line) => line !== '').join('\n'),
    next: [
      `Run what \`backup.command.${part}\` in airlock.yml says on the same runner, as the same user, and correct what it complains about.`,
      ...(part === 'verify' ? ['Do not rely on this backup: make a full one, and check that.'] : []),
    ],
  }
}

function sayExit(exit: CommandExit): string {
  switch (exit.kind) {
    case 'ended':
      return `ended with exit code ${exit.code}.`
    case 'killed':
      return 'was ended by a signal.'
    case 'not-started':
      return `could not be started: ${exit.because}`
    case 'too-long':
      return `was stopped after ${exit.timeLimitMs / 1_000} s, the \`time-limit\` of airlock.yml.`
    case 'did-not-say':
      return `ended with exit code 0 and did not say \`${exit.line}\`, which is \`verify-says\` in airlock.yml. It said:`
    case 'too-much':
      return `wrote more than ${exit.bytes} bytes, which is no list of backups.`
  }
}

const shownLines = 20

export function says(output: string, line: string): boolean {
  return output.split('\n').some((said) => said.trim() === line.trim())
}

export function lastLines(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  return lines
    .slice(-shownLines)
    .map((line) => (line.length > 500 ? `${line.slice(0, 500)} …` : line))
    .join('\n')
}
