import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isLater, notAvailable } from '../commands/later.ts'
import { fail, messageOf } from '../errors.ts'
import { readContext } from '../github/context.ts'
import type { Invocation } from '../invocation.ts'
import { type Command, commands } from '../result.ts'
import { backupTiers } from '../stages/backup/tiers.ts'
import type { Trigger } from '../stages/gate/decide.ts'
import { parseAcceptedLoss } from '../stages/restore/writes-since/decide.ts'
import { triggerOf } from './trigger.ts'

const formats = ['text', 'json', 'sarif', 'markdown'] as const
export type Format = (typeof formats)[number]

interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly value?: string
  readonly multiple?: boolean
  readonly help: string
  /** Commands that take it; absent means all. */
  readonly only?: readonly Command[]
}

export const options = {
  format: { type: 'string', value: 'FORMAT', help: 'text, json; check and plan also sarif, markdown' },
  cwd: { type: 'string', value: 'DIR', help: 'folder of the project (default: here)' },
  migrations: { type: 'string', value: 'DIR', help: 'migrations folder (default: read from the project)' },
  config: { type: 'string', value: 'FILE', help: 'path of airlock.yml (default: airlock.yml)' },
  environment: {
    type: 'string',
    value: 'NAME',
    help: 'environment of airlock.yml (default: production)',
    only: ['check', 'plan', 'deploy', 'backup', 'rehearse', 'undo', 'prune', 'verify', 'doctor'],
  },
  confirm: {
    type: 'string',
    value: 'CONFIRM',
    help: 'exactly CONFIRM, where the run was started by hand',
    only: ['plan', 'deploy'],
  },
  approve: {
    type: 'string',
    value: 'DIGEST',
    help: 'the digest of the plan that was approved',
    only: ['plan', 'deploy'],
  },
  through: {
    type: 'string',
    value: 'MIGRATION',
    help: 'the last pending migration to apply; those behind it stay pending',
    only: ['plan', 'deploy'],
  },
  stages: {
    type: 'string',
    value: 'STAGES',
    help: 'expand: only what comes before the first migration that moves rows or takes something away',
    only: ['plan', 'deploy'],
  },
  'backup-dir': {
    type: 'string',
    value: 'DIR',
    help: 'where the backup is written (default: .airlock/backups)',
    only: ['deploy'],
  },
  out: { type: 'string', value: 'DIR', help: 'where the backup is written', only: ['backup'] },
  from: {
    type: 'string',
    value: 'MANIFEST',
    help: 'the manifest of the backup; with --store its name there',
    only: ['restore', 'rehearse', 'undo'],
  },
  into: { type: 'string', value: 'DATABASE', help: 'name of the new database to restore into', only: ['restore'] },
  identity: {
    type: 'string',
    value: 'FILE',
    help: 'the age identity that opens an encrypted backup',
    only: ['restore', 'rehearse', 'undo'],
  },
  tier: {
    type: 'string',
    value: 'TIER',
    help: 'how far to prove it: checksum, decoded, restored, compared (backup: as airlock.yml says; restore: as far as it goes)',
    only: ['backup', 'restore'],
  },
  'encrypt-to': {
    type: 'string',
    value: 'RECIPIENT',
    multiple: true,
    help: 'an age public key that can open the backup, besides those of airlock.yml; may be given several times',
    only: ['backup'],
  },
  swap: {
    type: 'boolean',
    help: 'then put the new database in the place of the one that the URL names, which is kept',
    only: ['restore'],
  },
  'accept-loss': {
    type: 'string',
    value: 'CHANGES',
    help: 'with --swap: how many row changes since the backup may be lost (a refused swap counts them), or unknown',
    only: ['restore'],
  },
  'dry-run': {
    type: 'boolean',
    help: 'restore: prove that the backup can be read; prune: show what would be removed',
    only: ['restore', 'prune'],
  },
  store: {
    type: 'string',
    value: 'STORE',
    help: 'where backups are kept, in place of what airlock.yml says: a folder or s3://bucket/prefix',
    only: ['backup', 'deploy', 'restore', 'rehearse', 'undo', 'prune'],
  },
  'prisma-engine': {
    type: 'string',
    value: 'ENGINE',
    help: 'native, or wasm (bundled, needs no download)',
    only: ['deploy', 'rehearse', 'verify'],
  },
  'prisma-version': {
    type: 'string',
    value: 'VERSION',
    help: 'judge the migrations as this Prisma version runs them',
    only: ['check'],
  },
  write: { type: 'boolean', help: 'put the proven SQL beside the migration', only: ['undo'] },
  overwrite: {
    type: 'boolean',
    help: 'generate one although there is one already; with --write in its place',
    only: ['undo'],
  },
  'server-version': {
    type: 'string',
    value: 'MAJOR',
    help: 'of the PostgreSQL to prove it on: 14 to 18 (default: that of the database, else the newest there is)',
    only: ['undo'],
  },
  since: { type: 'string', value: 'MIGRATION', help: 'judge only what comes after this migration', only: ['check'] },
  base: {
    type: 'string',
    value: 'REF',
    help: 'git ref of the release that is running: judge what its Prisma Client still uses',
    only: ['check', 'plan'],
  },
  'report-dir': {
    type: 'string',
    value: 'DIR',
    help: 'where the report is written (deploy: .airlock/reports, others: none)',
  },
  help: { type: 'boolean', help: 'print this' },
  version: { type: 'boolean', help: 'print the version of Airlock' },
} as const satisfies Record<string, OptionSpec>

export interface Arguments {
  readonly kind: 'run'
  readonly invocation: Invocation
  readonly format: Format
}

export type Asked =
  | Arguments
  | { readonly kind: 'help'; readonly command: Command | undefined }
  | { readonly kind: 'version' }

export function readArguments(argv: readonly string[], env: Invocation['env'], here: string): Asked {
  const [first] = argv
  // Before anything else is read: its options are not known yet, and none of them may be what the message is about.
  if (isLater(first) && !argv.includes('--help')) throw notAvailable(first)
  const { values, positionals } = parse(argv)
  const [name, ...words] = positionals
  const command = commands.find((candidate) => candidate === name)
  const [migration, ...rest] = words
  const extra = command === 'undo' ? rest : words
  if (values.version === true) return { kind: 'version' }
  if (values.help === true || name === undefined || name === 'help') return { kind: 'help', command }
  const problems = [
    ...unknownCommand(name, command),
    ...surplus(extra),
    ...misplaced(values, command),
    ...badValues(values, command),
  ]
  if (command === undefined || problems.length > 0) throw usage(problems, command)
  const cwd = resolve(here, values.cwd ?? '.')
  return {
    kind: 'run',
    format: formats.find((candidate) => candidate === values.format) ?? 'text',
    invocation: {
      command,
      cwd,
      migrations: values.migrations,
      config: values.config ?? 'airlock.yml',
      environment: values.environment ?? 'production',
      confirm: values.confirm ?? '',
      approve: values.approve ?? '',
      planned: '',
      migration: command === 'undo' ? migration : undefined,
      write: values.write ?? false,
      overwrite: values.overwrite ?? false,
      serverVersion: values['server-version'] === undefined ? undefined : Number(values['server-version']),
      through: values.through,
      stages: values.stages === 'expand' ? values.stages : undefined,
      backupDir: values['backup-dir'],
      out: values.out,
      from: values.from,
      into: values.into,
      dryRun: values['dry-run'] ?? false,
      identity: values.identity,
      tier: backupTiers.find((known) => known === values.tier),
      encryptTo: values['encrypt-to'] ?? [],
      swap: values.swap ?? false,
      acceptLoss: values['accept-loss'],
      store: values.store,
      prismaEngine:
        values['prisma-engine'] === 'wasm' || values['prisma-engine'] === 'native'
          ? values['prisma-engine']
          : undefined,
      prismaVersion: values['prisma-version'],
      since: values.since,
      base: values.base,
      baseBranch: undefined,
      trigger: triggerFor(command, env),
      reportDir: reportDirOf(values['report-dir'] ?? (command === 'deploy' ? '.airlock/reports' : undefined), cwd),
      databaseUrl: undefined,
      directUrl: undefined,
      slackWebhookUrl: env.SLACK_WEBHOOK_URL,
      env,
    },
  }
}

/** A step of a workflow may call the program by itself: whoever started that run is asked for CONFIRM all the same. */
function triggerFor(command: Command, env: Invocation['env']): Trigger {
  const asks = command === 'plan' || command === 'deploy'
  return triggerOf(asks ? readContext(env) : { kind: 'elsewhere' })
}

function reportDirOf(wanted: string | undefined, cwd: string): string | undefined {
  return wanted === undefined ? undefined : resolve(cwd, wanted)
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw usage([messageOf(error).split('. ')[0] ?? ''], undefined)
  }
}

type Values = ReturnType<typeof parse>['values']

function unknownCommand(name: string, command: Command | undefined): string[] {
  return command === undefined ? [`There is no command \`${name}\`.`] : []
}

function surplus(extra: readonly string[]): string[] {
  return extra.length === 0 ? [] : [`Not understood: ${extra.map((word) => `\`${word}\``).join(', ')}.`]
}

function misplaced(values: Values, command: Command | undefined): string[] {
  if (command === undefined) return []
  return Object.keys(values).flatMap((option) => {
    const spec: OptionSpec | undefined = options[option as keyof typeof options]
    if (spec?.only === undefined || spec.only.includes(command)) return []
    return [
      `\`--${option}\` does not belong to \`${command}\`, but to ${spec.only.map((other) => `\`${other}\``).join(', ')}.`,
    ]
  })
}

function badValues(values: Values, command: Command | undefined): string[] {
  const problems: string[] = []
  const known: readonly string[] = command === 'check' || command === 'plan' ? formats : ['text', 'json']
  if (values.format !== undefined && !known.includes(values.format)) {
    problems.push(`\`--format ${values.format}\`: \`${command ?? 'this command'}\` can write ${known.join(', ')}.`)
  }
  const engine = values['prisma-engine']
  if (engine !== undefined && engine !== 'native' && engine !== 'wasm') {
    problems.push(`\`--prisma-engine ${engine}\`: must be native or wasm.`)
  }
  if (values.stages !== undefined && values.stages !== 'expand') {
    problems.push(`\`--stages ${values.stages}\`: must be expand.`)
  }
  if (values.tier !== undefined && !backupTiers.some((known) => known === values.tier)) {
    problems.push(`\`--tier ${values.tier}\`: must be one of ${backupTiers.join(', ')}.`)
  }
  const major = values['server-version']
  if (major !== undefined && !/^1[4-8]$/.test(major)) {
    problems.push(`\`--server-version ${major}\`: must be 14, 15, 16, 17 or 18.`)
  }
  if (major !== undefined && values.from !== undefined) {
    problems.push('`--server-version` means nothing with `--from`: the backup says it.')
  }
  return [...problems, ...badSwap(values)]
}

function badSwap({ swap, into, 'dry-run': dryRun, 'accept-loss': loss }: Values): string[] {
  const problems: string[] = []
  if (swap === true && (into === undefined || dryRun === true)) {
    problems.push('`--swap` needs `--into DATABASE`, and cannot be tried with `--dry-run`.')
  }
  if (loss !== undefined && swap !== true) problems.push('`--accept-loss` means nothing without `--swap`.')
  if (loss !== undefined && parseAcceptedLoss(loss) === undefined) {
    problems.push(`\`--accept-loss ${loss}\`: must be a number, or unknown.`)
  }
  return problems
}

function usage(problems: readonly string[], command: Command | undefined) {
  return fail('USAGE.INVALID', {
    what: 'The command line cannot be understood.',
    why: problems.join('\n'),
    next: [`airlock ${command === undefined ? '' : `${command} `}--help`],
  })
}
