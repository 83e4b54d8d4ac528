import type { Context } from '../context.ts'
import { type Ended, reported } from '../ended.ts'
import { FailureError, fail } from '../errors.ts'
import { type FolderReading, readMigrationsFolder } from '../migrations/folder.ts'
import type { Migration } from '../migrations/migration.ts'
import { findSource, openOther } from '../migrations/open-source.ts'
import { locateMigrations, locateSchemaPath } from '../migrations/prisma-project.ts'
import { startReadingThread } from '../migrations/reading-thread.ts'
import { plural } from '../report/words.ts'
import { emptyCatalog } from '../sql/catalog/model.ts'
import { secretsIn } from '../sql/secrets.ts'
import { type AnalysisOptions, analyse } from '../stages/plan/analyse.ts'
import { recordCompatibility } from '../stages/plan/compatibility.ts'
import type { Risk } from '../stages/plan/plan.ts'
import { risksOf } from '../stages/plan/risks.ts'
import { type Base, readBase } from '../stages/plan/running-release.ts'

/** The newest version that runs files statement by statement: the stricter of the two ways, where none is installed. */
const assumedPrisma = '7.10.1'

/** Judges the files alone: no database, no network, nothing of the project is executed. */
export async function check(context: Context): Promise<Ended> {
  const { invocation, run, policy } = context
  const files = await filesToJudge(context)
  const { version } = files
  const apply = version === undefined ? 'atomic' : policy.apply
  const base = await readBase(context, {
    schemaPath: async () => (version === undefined ? undefined : await locateSchemaPath(invocation.cwd)),
    migrationsPath: files.path,
    schema,
  })
  const analysis = await run.stage(
    'plan',
    async () => {
      await using thread = await startReadingThread(context.readAheadPath, files.path)
      const reading = await files.read()
      if (reading.kind === 'invalid') throw new FailureError(reading.failure)
      for (const { text } of reading.folder.notices) run.notice(text)
      context.redactor.add(reading.folder.migrations.flatMap(({ sql }) => secretsIn(sql)))
      const { before, judged } = since(reading.folder.migrations, invocation.since)
      // Awaited here, or the thread would be gone before it is asked.
      return await analyse(
        { applied: before, pending: judged },
        {
          prismaVersion: version,
          apply,
          schema,
          rules: policy.rules,
          start: emptyCatalog,
          running: runningIn(base),
          thread,
        },
      )
    },
    ({ migrations, findings }) => ({
      outcome: 'pass',
      summary: `${plural(migrations.length, 'migration')} judged as ${apply === 'atomic' ? 'Airlock' : `Prisma ${version}`} runs them, ${plural(findings.length, 'finding')}`,
    }),
  )
  await recordCompatibility(run, base, analysis.findings)
  const noSizes = new Map<string, number>()
  const allRisks = risksOf(analysis.migrations, noSizes, policy.thresholds['large-table']).filter(
    ({ reason }) => reason !== 'long-lock',
  )
  const risks = allRisks.filter(({ reason }) => policy['require-approval'].includes(reason))
  const common = {
    migrations: analysis.migrations.map(reported),
    applied: [],
    findings: analysis.findings,
    allowed: analysis.allowed,
    next: [],
  }
  if (analysis.obstacles.length > 0) {
    return {
      ...common,
      outcome: 'blocked',
      reasonCode: 'will_fail',
      reason: analysis.obstacles.map(({ migration, text }) => `${migration}: ${text}`).join('\n'),
      next: analysis.obstacles.map(({ instead }) => instead),
    }
  }
  if (risks.length > 0 || analysis.findings.some((finding) => finding.severity === 'error')) {
    const reason = risks.map((risk) => `${risk.migration}:${risk.line} ${risk.text}`).join('\n')
    return {
      ...common,
      outcome: 'needs-approval',
      reasonCode: 'approval_missing',
      reason: reason === '' ? 'There are findings of severity error.' : reason,
      next: [
        'Correct the migrations, or see what this needs on a database and which digest approves it:',
        'airlock plan',
      ],
    }
  }
  return {
    ...common,
    outcome: 'clear',
    reasonCode: 'clear',
    reason: `${clearBecause(allRisks)} How long locks last depends on sizes that only \`airlock plan\` sees.`,
  }
}

interface FilesToJudge {
  readonly path: string
  /** Of Prisma; `undefined` where the files are not for Prisma. */
  readonly version: string | undefined
  readonly read: () => Promise<FolderReading>
}

export async function filesToJudge({ invocation, config }: Context): Promise<FilesToJudge> {
  const { cwd } = invocation
  const found = findSource(invocation, config)
  if (found.kind !== 'prisma') {
    const source = await openOther(cwd, { ...found, kind: found.kind })
    return { path: source.migrationsPath, version: undefined, read: source.readFolder }
  }
  const location = await locateMigrations(cwd, { migrations: found.folder })
  if (location.kind === 'invalid') throw new FailureError(location.failure)
  const installed = location.prisma.kind === 'installed' ? location.prisma.version : undefined
  const version = invocation.prismaVersion ?? installed ?? assumedPrisma
  const { path } = location
  return { path, version, read: () => readMigrationsFolder(path, { root: cwd, prismaVersion: version }) }
}

/** What the policy waives is still there. */
function clearBecause(waived: readonly Risk[]): string {
  if (waived.length === 0) return 'Nothing here loses data.'
  const reasons = [...new Set(waived.map(({ reason }) => reason))].join(', ')
  return `airlock.yml waives approval for what is here (${reasons}).`
}

const schema = 'public'

/** The migrations that the running release has are behind it: later ones of them may have taken back what earlier ones did. */
function runningIn(base: Base): AnalysisOptions['running'] {
  if (base.kind === 'not-checked') return undefined
  return { release: base.running, mustBear: (migration) => !base.migrations.has(migration) }
}

/** `--since NAME`: what is there up to that migration is history and only replayed. */
function since(
  migrations: readonly Migration[],
  name: string | undefined,
): { readonly before: readonly Migration[]; readonly judged: readonly Migration[] } {
  if (name === undefined) return { before: [], judged: migrations }
  const at = migrations.findIndex((migration) => migration.name === name)
  if (at < 0) {
    throw fail('USAGE.INVALID', {
      what: `There is no migration \`${name}\`.`,
      why: `The folder has ${plural(migrations.length, 'migration')}${migrations.length > 0 ? `, the last is \`${migrations.at(-1)?.name}\`` : ''}.`,
      next: ['Give the name of the last migration that is already applied: --since NAME'],
    })
  }
  return { before: migrations.slice(0, at + 1), judged: migrations.slice(at + 1) }
}
