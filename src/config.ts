import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { assertions } from './config/assertions.ts'
import { backupSchema } from './config/backup.ts'
import { hooks } from './config/hooks.ts'
import { lockDiscipline } from './config/lock-discipline.ts'
import { bytesIn, duration, milliseconds, size } from './config/units.ts'
import { fail } from './errors.ts'
import { sourceKinds } from './migrations/source.ts'

/**
 * airlock.yml: everything optional, the defaults are the safe ones, every problem is reported at once with its line.
 * A key that this release does not act on is refused: a setting that is silently ignored protects nobody.
 */

export const approvalReasons = ['destructive', 'irreversible', 'long-lock', 'unknown', 'finding'] as const
export type ApprovalReason = (typeof approvalReasons)[number]

const rulesSchema = z.record(
  z.string(),
  z.enum(['off', 'notice', 'warning', 'error']).describe('severity of a rule, or `off`'),
)

const thresholdsSchema = z.strictObject({
  'large-table': size
    .optional()
    .describe('a table of this size or more is large (100MB where nothing is said); so is one whose size is not known')
    .transform((text) => (text === undefined ? undefined : bytesIn(text))),
})

const defaultLargeTableBytes = bytesIn('100MB')

const environmentSchema = z.strictObject({
  apply: z
    .enum(['prisma', 'atomic'])
    .default('prisma')
    .describe(
      'for Prisma migrations. `prisma`: the project’s own `prisma migrate deploy`; `atomic`: Airlock itself, each file and its row of the history in one transaction, as it applies those of Drizzle, Supabase and plain SQL',
    ),
  ...lockDiscipline,
  ...hooks,
  'lock-wait': duration.default('60s').describe('how long to wait for another deploy to end').transform(milliseconds),
  backup: backupSchema.prefault({}),
  rehearse: z
    .enum(['data', 'schema', 'off'])
    .optional()
    .describe(
      'what is pending runs on the copy that the backup was restored into, before production sees it. `data`: always, and a deploy without such a copy is refused; `schema`: on production’s tables without their rows, which needs no backup and shows no failure of data; where nothing is said, on the data wherever there is such a copy',
    ),
  mask: z
    .string()
    .min(1)
    .optional()
    .describe(
      'SQL, or the path of a file that ends in `.sql` relative to the project, run on the copy of the data before anything else of a rehearsal; one that fails stops it',
    ),
  assertions,
  undo: z
    .enum(['prove', 'off'])
    .default('prove')
    .describe(
      'the way back of each migration is run in the rehearsal, down and up again, and the report says whether it was proven and what it loses; it refuses nothing',
    ),
  'require-approval': z
    .array(z.enum(approvalReasons))
    .readonly()
    .default(approvalReasons)
    .describe('what needs the plan digest before it is applied'),
  thresholds: thresholdsSchema.optional().describe('in place of those for all environments'),
  rules: rulesSchema.optional().describe('in place of those for all environments, rule by rule'),
})

const configSchema = z.strictObject({
  version: z.literal(1).default(1).describe('version of this file’s format'),
  migrations: z
    .strictObject({
      kind: z
        .enum(sourceKinds)
        .optional()
        .describe('what wrote them; found out where nothing is said. `sql`: numbered files'),
      folder: z.string().min(1).optional().describe('relative to the project, as `--migrations`'),
    })
    .prefault({}),
  prisma: z
    .strictObject({
      engine: z.enum(['native', 'wasm']).default('native').describe('`wasm`: bundled with Airlock, needs no download'),
    })
    .prefault({}),
  environments: z
    .record(z.string().regex(/^[\w.-]+$/, 'letters, digits, `.`, `_` and `-`'), environmentSchema)
    .default({}),
  thresholds: thresholdsSchema.prefault({}),
  rules: rulesSchema.default({}),
})

export type RuleSettings = Readonly<z.output<typeof rulesSchema>>

/** What applies in one environment: its own settings, and those for all of them where it has none. */
export interface Policy extends Readonly<Omit<z.output<typeof environmentSchema>, 'rules' | 'thresholds'>> {
  readonly rules: RuleSettings
  readonly thresholds: { readonly 'large-table': number }
}
export type Config = Readonly<z.output<typeof configSchema>>
export type PrismaEngine = Config['prisma']['engine']

export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })
}

export const defaultConfig: Config = configSchema.parse({})

/** Keys of later releases: named, so that nobody believes they are in force. */
const laterKeys: ReadonlySet<string> = new Set(['rollback', 'health', 'required', 'freeze', 'verify', 'windows'])

export function parseConfig(text: string, path: string, knownRules: readonly string[]): Config {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const problems = document.errors.map(
    (error) => `line ${error.linePos?.[0].line ?? '?'}: ${error.message.split('\n')[0]}`,
  )
  if (problems.length > 0) throw invalid(path, problems)

  const parsed = configSchema.safeParse(plainValue(document, path))
  if (!parsed.success)
    throw invalid(
      path,
      parsed.error.issues.flatMap((issue) => explain(issue, document, lines)),
    )

  const strangers = rulePaths(parsed.data).filter((place) => !knownRules.includes(place.at(-1) ?? ''))
  if (strangers.length > 0) {
    throw invalid(
      path,
      strangers.map((place) => `line ${lineOf(document, lines, place)}: there is no rule \`${place.at(-1)}\``),
    )
  }
  return parsed.data
}

/** Aliases may stand for each other: a file of some lines can mean gigabytes, which the library refuses to write out. */
function plainValue(document: Document, path: string): unknown {
  try {
    return document.toJS() ?? {}
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    throw invalid(path, [`${error.message}: write the values out instead of using aliases`])
  }
}

/** Where the file names a rule: for all environments, and for one. */
function rulePaths({ rules, environments }: Config): readonly (readonly string[])[] {
  return [
    ...Object.keys(rules).map((rule) => ['rules', rule]),
    ...Object.entries(environments).flatMap(([name, environment]) =>
      Object.keys(environment.rules ?? {}).map((rule) => ['environments', name, 'rules', rule]),
    ),
  ]
}

/** An environment that airlock.yml does not name gets the defaults only when the file names none at all. */
export function policyFor(config: Config, environment: string): Policy {
  // `constructor` and its like are names that every object has.
  const found = Object.hasOwn(config.environments, environment) ? config.environments[environment] : undefined
  if (found !== undefined) return withShared(found, config)
  const names = Object.keys(config.environments)
  if (names.length === 0) return withShared(environmentSchema.parse({}), config)
  throw fail('CONFIG.UNKNOWN_ENVIRONMENT', {
    what: `airlock.yml has no environment \`${environment}\`.`,
    why: `It names ${names.map((name) => `\`${name}\``).join(', ')}. A misspelt environment must not fall back to another policy.`,
    next: [
      `Use one of these names: ${names.join(', ')}.`,
      `Or add \`${environment}: {}\` under \`environments\` for the defaults.`,
    ],
  })
}

function withShared({ rules, thresholds, ...own }: z.output<typeof environmentSchema>, shared: Config): Policy {
  const largeTable = thresholds?.['large-table'] ?? shared.thresholds['large-table'] ?? defaultLargeTableBytes
  return { ...own, rules: { ...shared.rules, ...rules }, thresholds: { 'large-table': largeTable } }
}

function invalid(path: string, problems: readonly string[]) {
  return fail('CONFIG.INVALID', {
    what: `${path} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.`,
    why: problems.join('\n'),
    next: [`Correct ${path}. Every key is optional; the reference is docs/reference/configuration.md.`],
  })
}

function explain(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') {
    const name = path.length === 0 ? 'the file' : `\`${path.join('.')}\``
    return [`line ${lineOf(document, lines, path)}: ${name}: ${issue.message}`]
  }
  return issue.keys.map((key) => {
    const name = `\`${[...path, key].join('.')}\``
    const line = lineOf(document, lines, [...path, key])
    return laterKeys.has(key)
      ? `line ${line}: ${name} is not in this release and would protect nothing: remove it`
      : `line ${line}: ${name} is not a setting`
  })
}

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number | string {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (!isMap(parent)) continue
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === path[length - 1])
    if (pair !== undefined && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line
  }
  return 1
}
