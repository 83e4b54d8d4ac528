import type { Context } from '../context.ts'
import { type Ended, reported } from '../ended.ts'
import { FailureError, fail } from '../errors.ts'
import { readMigrationsFolder } from '../migrations/folder.ts'
import type { Migration } from '../migrations/migration.ts'
import { locateMigrations } from '../migrations/prisma-project.ts'
import { plural } from '../report/words.ts'
import { emptyCatalog } from '../sql/catalog/model.ts'
import { analyse } from '../stages/plan/analyse.ts'
import { risksOf } from '../stages/plan/risks.ts'

/** The newest version that runs files statement by statement: the stricter of the two ways, where none is installed. */
const assumedPrisma = '7.10.1'

/** Judges the files alone: no database, no network, nothing of the project is executed. */
export async function check(context: Context): Promise<Ended> {
  const { invocation, run, config, policy } = context
  const location = await locateMigrations(invocation.cwd, { migrations: invocation.migrations })
  if (location.kind === 'invalid') throw new FailureError(location.failure)
  const installed = location.prisma.kind === 'installed' ? location.prisma.version : undefined
  const version = invocation.prismaVersion ?? installed ?? assumedPrisma
  const analysis = await run.stage(
    'plan',
    async () => {
      const reading = await readMigrationsFolder(location.path, { root: invocation.cwd, prismaVersion: version })
      if (reading.kind === 'invalid') throw new FailureError(reading.failure)
      const { before, judged } = since(reading.folder.migrations, invocation.since)
      return analyse(
        { applied: before, pending: judged },
        { prismaVersion: version, schema: 'public', rules: config.rules, start: emptyCatalog },
      )
    },
    ({ migrations, findings }) => ({
      outcome: 'pass',
      summary: `${plural(migrations.length, 'migration')} judged as Prisma ${version} runs them, ${plural(findings.length, 'finding')}`,
    }),
  )
  const unsized = new Map<string, number>()
  const risks = risksOf(analysis.migrations, unsized).filter(
    ({ reason }) => reason !== 'long-lock' && policy['require-approval'].includes(reason),
  )
  const common = {
    migrations: analysis.migrations.map(reported),
    applied: [],
    findings: analysis.findings,
    next: [],
  }
  if (analysis.obstacles.length > 0) {
    return {
      ...common,
      outcome: 'blocked',
      reasonCode: 'will_fail',
      reason: analysis.obstacles.map(({ migration, text }) => `${migration}: ${text}`).join('\n'),
    }
  }
  if (risks.length > 0 || analysis.findings.some((finding) => finding.severity === 'error')) {
    const reason = risks.map((risk) => `${risk.migration}:${risk.line} ${risk.text}`).join('\n')
    return {
      ...common,
      outcome: 'needs-approval',
      reasonCode: 'approval_missing',
      reason: reason === '' ? 'There are findings of severity error.' : reason,
    }
  }
  return {
    ...common,
    outcome: 'clear',
    reasonCode: 'clear',
    reason: 'Nothing here loses data. How long locks last depends on sizes that only `airlock plan` sees.',
  }
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
