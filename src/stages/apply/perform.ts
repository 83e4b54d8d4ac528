import type { Context } from '../../context.ts'
import { fail } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { endWithClientSettings } from '../../postgres/connection.ts'
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
  const exit = await prisma(context, target, ['migrate', 'deploy'], await endWithClientSettings(target.session), {
    signal: run.signal,
    onLine: (line) => {
      // Prisma names each migration when it begins, and all of them again at the end.
      const name = [...names].find((candidate) => line.includes(candidate))
      if (name === undefined) return
      names.delete(name)
      run.progress(`migration ${name}`)
    },
  })
  if (exit.code !== 0 && isDownloadFailure(exit.output)) throw engineUnreachable(context.redactor.text(exit.output))
  return exit
}

/** Marks a failed migration as rolled back, as `prisma migrate resolve --rolled-back` does, by running exactly that. */
export async function resolveRolledBack(context: Context, target: Target, migration: string): Promise<PrismaExit> {
  // Cleaning up goes on after a cancel: it takes well under the seconds that a runner gives.
  const signal = new AbortController().signal
  return prisma(
    context,
    target,
    ['migrate', 'resolve', '--rolled-back', migration],
    {},
    {
      signal,
      onLine: () => undefined,
    },
  )
}

async function prisma(
  context: Context,
  { url, project, prisma: installed }: Target,
  args: readonly string[],
  endWithClient: Readonly<Record<string, string>>,
  how: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
): Promise<PrismaExit> {
  await using engine = await engineEnvironment(context, installed, url)
  // `await`, or the engine would be gone before Prisma starts it.
  return await runPrisma([...args, ...project.cliArguments], {
    cliPath: installed.cliPath,
    cwd: project.root,
    env: childEnvironment(
      context.invocation.env,
      project.directUrlVariable === undefined
        ? project.urlVariables
        : [...project.urlVariables, project.directUrlVariable],
      prismaUrl(url, applySettings(context.policy, context.runId, endWithClient), engine.standIn),
      engine.variables,
    ),
    ...how,
  })
}

const sessionsEndMs = 2_000

/**
 * A client that was killed does not stop its statement, and what is still running is still going to change something.
 * `pg_terminate_backend` waits for the end from 14 on (manual, 9.28.2).
 */
export async function endSessions(context: Context, session: Session): Promise<void> {
  const left = await session.query<{ pid: number; ended: boolean }>(
    `SELECT pid, pg_catalog.pg_terminate_backend(pid, ${sessionsEndMs}) AS ended FROM pg_catalog.pg_stat_activity
      WHERE application_name = $1 AND pid <> pg_catalog.pg_backend_pid()`,
    [applicationNameOf(context.runId)],
  )
  const stubborn = left.filter(({ ended }) => !ended).map(({ pid }) => pid)
  if (stubborn.length === 0) return
  throw fail('PRISMA.FAILED', {
    what: 'Prisma was stopped, and its statement goes on in the database.',
    why: `Server process ${stubborn.join(', ')} did not end within ${sessionsEndMs} ms.`,
    next: stubborn.map((pid) => `SELECT pg_terminate_backend(${pid});`),
  })
}

function isDownloadFailure(output: string): boolean {
  return /binaries\.prisma\.sh|\/all_commits\/[0-9a-f]{40}\/|PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING|Failed to fetch.*engine|Could not (?:find|locate).*schema[- ]engine/i.test(
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
