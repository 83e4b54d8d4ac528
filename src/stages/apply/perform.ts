import type { Context } from '../../context.ts'
import { fail } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { prismaUrl } from '../../postgres/url.ts'
import type { Backup } from '../backup/backup.ts'
import type { Clearance } from '../gate/decide.ts'
import type { Target } from '../preflight/perform.ts'
import { childEnvironment } from './child-environment.ts'
import { type PrismaExit, runPrisma } from './prisma-cli.ts'
import { engineEnvironment } from './schema-engine.ts'
import { applicationNameOf, applySettings } from './session-settings.ts'

/** The way back that was made before: a backup that was read back, or the policy's explicit `strategy: none`. */
export type WayBack = Backup | { readonly kind: 'waived-by-policy' }

/** Runs `prisma migrate deploy`. What became of it is for the history and the catalog to say, not for its output. */
export async function apply(
  context: Context,
  target: Target,
  clearance: Clearance,
  _wayBack: WayBack,
): Promise<PrismaExit> {
  return context.run.stage(
    'apply',
    () => deploy(context, target, clearance),
    ({ code }) =>
      code === 0
        ? { outcome: 'pass', summary: `prisma migrate deploy, Prisma ${target.prisma.version}` }
        : {
            outcome: 'fail',
            summary: code === null ? 'Prisma was ended by a signal' : `Prisma ended with exit code ${code}`,
          },
  )
}

async function deploy(context: Context, target: Target, clearance: Clearance): Promise<PrismaExit> {
  const { run } = context
  run.progress(
    `prisma migrate deploy (Prisma ${target.prisma.version}, lock timeout ${context.policy['lock-timeout']} ms)`,
  )
  const names = new Set(clearance.plan.migrations.map((migration) => migration.name))
  const exit = await prisma(context, target, ['migrate', 'deploy'], {
    signal: run.signal,
    onLine: (line) => {
      const name = [...names].find((candidate) => line.includes(candidate))
      if (name !== undefined) run.progress(`migration ${name}`)
    },
  })
  if (run.signal.aborted) await endSessions(context, target.session)
  if (exit.code !== 0 && isDownloadFailure(exit.output)) throw engineUnreachable(context.redactor.text(exit.output))
  return exit
}

/** Marks a failed migration as rolled back, as `prisma migrate resolve --rolled-back` does, by running exactly that. */
export async function resolveRolledBack(context: Context, target: Target, migration: string): Promise<PrismaExit> {
  // Cleaning up goes on after a cancel: it takes well under the seconds that a runner gives.
  const signal = new AbortController().signal
  return prisma(context, target, ['migrate', 'resolve', '--rolled-back', migration], {
    signal,
    onLine: () => undefined,
  })
}

async function prisma(
  context: Context,
  { url, project, prisma: installed }: Target,
  args: readonly string[],
  how: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
): Promise<PrismaExit> {
  await using engine = await engineEnvironment(context, installed)
  // `await`, or the engine would be gone before Prisma starts it.
  return await runPrisma([...args, ...project.cliArguments], {
    cliPath: installed.cliPath,
    cwd: project.root,
    env: childEnvironment(
      context.invocation.env,
      project.directUrlVariable === undefined
        ? project.urlVariables
        : [...project.urlVariables, project.directUrlVariable],
      prismaUrl(url, applySettings(context.policy, context.runId)),
      engine.variables,
    ),
    ...how,
  })
}

/** A killed client does not stop its statement: the server notices only when it next writes to the connection. */
async function endSessions(context: Context, session: Session): Promise<void> {
  await session.query(
    `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
      WHERE application_name = $1 AND pid <> pg_catalog.pg_backend_pid()`,
    [applicationNameOf(context.runId)],
  )
}

function isDownloadFailure(output: string): boolean {
  return /binaries\.prisma\.sh|PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING|Failed to fetch.*engine|Could not (?:find|locate).*schema[- ]engine/i.test(
    output,
  )
}

function engineUnreachable(output: string) {
  return fail('PRISMA.ENGINE_UNREACHABLE', {
    what: 'Prisma could not download its schema engine, so nothing was applied.',
    why: output.split('\n').slice(-6).join('\n'),
    next: ['Use the engine that comes with Airlock, in airlock.yml:', 'prisma: { engine: wasm }'],
  })
}
