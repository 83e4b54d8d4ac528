import { join, resolve } from 'node:path'
import { fail } from '../errors.ts'
import type { GithubContext } from '../github/context.ts'
import { type InputName, inputs } from '../inputs.ts'
import type { Invocation } from '../invocation.ts'
import { commands } from '../result.ts'
import { triggerOf } from './trigger.ts'

export type Inputs = Readonly<Record<InputName, string>>

/** The inputs of the step, as one JSON text. A missing one is its default; one that does not exist is a bug of ours. */
export function parseInputs(json: string | undefined): Inputs {
  const given = readObject(json)
  const problems = Object.keys(given).filter((name) => !(name in inputs))
  if (problems.length > 0) throw unreadable(`There is no input ${problems.map((name) => `\`${name}\``).join(', ')}.`)
  const entries = Object.entries(inputs).map(([name, spec]) => [name, given[name] ?? spec.default])
  return Object.fromEntries(entries) as Inputs
}

function readObject(json: string | undefined): Record<string, string> {
  try {
    const value: unknown = JSON.parse(json ?? '')
    if (value !== null && typeof value === 'object' && Object.values(value).every((item) => typeof item === 'string')) {
      return value as Record<string, string>
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw unreadable('AIRLOCK_INPUTS is not a JSON object of strings.')
}

export function secretInputs(given: Inputs): readonly string[] {
  return Object.entries(inputs)
    .filter(([, spec]) => spec.secret)
    .map(([name]) => given[name as InputName])
    .filter((value) => value !== '')
}

export function invocationFrom(given: Inputs, env: Invocation['env'], github: GithubContext): Invocation {
  const problems: string[] = []
  const command = commands.find((candidate) => candidate === given.command)
  if (command === undefined)
    problems.push(`\`command\` is \`${given.command}\`; it must be one of ${commands.join(', ')}.`)
  const engine = given['prisma-engine']
  const knownEngine = engine === 'native' || engine === 'wasm' ? engine : undefined
  if (engine !== '' && knownEngine === undefined)
    problems.push(`\`prisma-engine\` is \`${engine}\`; it must be native or wasm.`)
  const { stages } = given
  if (stages !== '' && stages !== 'expand') problems.push(`\`stages\` is \`${stages}\`; it must be expand, or empty.`)
  if (command === undefined || problems.length > 0) throw unreadable(problems.join('\n'))

  const temporary = env.RUNNER_TEMP ?? '/tmp'
  const optional = (name: InputName) => (given[name] === '' ? undefined : given[name])
  const backupDir = optional('backup-dir') ?? join(temporary, 'airlock-backups')
  return {
    command,
    cwd: resolve(env.GITHUB_WORKSPACE ?? '.', given['working-directory']),
    migrations: optional('migrations'),
    config: given.config,
    environment: given.environment,
    confirm: given.confirm,
    approve: given.approve,
    planned: given.planned,
    // Somebody writes a file into the repository: that is done at a terminal.
    migration: undefined,
    write: false,
    overwrite: false,
    serverVersion: undefined,
    through: optional('through'),
    stages: stages === 'expand' ? stages : undefined,
    backupDir,
    out: optional('backup-dir'),
    from: optional('backup-manifest'),
    into: optional('restore-into'),
    dryRun: command === 'restore' && given['restore-into'] === '',
    identity: optional('backup-identity-file'),
    tier: undefined,
    encryptTo: [],
    // A swap replaces a database in use: somebody types it.
    swap: false,
    acceptLoss: undefined,
    store: optional('store'),
    prismaEngine: knownEngine,
    prismaVersion: undefined,
    since: undefined,
    base: optional('base-ref'),
    baseBranch: env.GITHUB_BASE_REF === '' ? undefined : env.GITHUB_BASE_REF,
    trigger: triggerOf(github),
    reportDir: join(temporary, 'airlock-reports'),
    databaseUrl: optional('database-url'),
    directUrl: optional('direct-url'),
    slackWebhookUrl: optional('slack-webhook-url'),
    env,
  }
}

function unreadable(why: string) {
  return fail('USAGE.INVALID', {
    what: 'The inputs of the step cannot be used.',
    why,
    next: ['Compare the `with:` of the step with the table of inputs in the README.'],
  })
}
