import type { Context } from '../../context.ts'
import { messageOf } from '../../errors.ts'
import type { History } from '../../migrations/history.ts'
import type { PrismaSource } from '../../migrations/source.ts'
import { endWithClientSettings } from '../../postgres/connection.ts'
import { prismaUrl } from '../../postgres/url.ts'
import type { PlannedMigrations } from '../../prisma-engine/planned.ts'
import type { Backup } from '../backup/backup.ts'
import type { SnapshotWayBack } from '../backup/providers/stage.ts'
import type { Clearance } from '../gate/decide.ts'
import type { Target } from '../preflight/perform.ts'
import { applyAtomically } from './atomic/perform.ts'
import { childEnvironment } from './child-environment.ts'
import type { ApplyExit } from './exit.ts'
import { isGentle } from './gentle.ts'
import { type PrismaExit, runPrisma } from './prisma-cli.ts'
import { engineEnvironment } from './schema-engine.ts'
import { applySettings, gentleLockTimeoutMs } from './session-settings.ts'
import { watch } from './watch/watch.ts'

/** The way back that was made before: a backup that was read back, or the policy's explicit `strategy: none`. */
export type WayBack = Backup | SnapshotWayBack | { readonly kind: 'waived-by-policy' }

/** Once, with the project’s own Prisma or in its place. What became of it is for the history and the catalog to say, not for any output. */
export async function applyOnce(
  context: Context,
  target: Target,
  { plan }: Clearance,
  history: History,
  _wayBack: WayBack,
): Promise<ApplyExit> {
  const { run } = context
  const endWithClient = await endWithClientSettings(target.session)
  await using watching = await watch(context, target, plan)
  const { source } = target
  if (target.apply === 'atomic' || source.kind !== 'prisma')
    return await applyAtomically(context, target, { plan, history, endWithClient, watching })
  const names = plan.migrations.map((migration) => migration.name)
  const planned = {
    applied: history.applied.map(({ name }) => name),
    leftOut: plan.leftOut,
    pending: Object.fromEntries(plan.migrations.map(({ name, checksum }) => [name, checksum])),
    gentle: {
      // Settings of the file's own would be gone with ours.
      names: plan.migrations
        .filter((one) => isGentle(one) && one.statements.every(({ kind }) => kind !== 'VariableSetStmt'))
        .map(({ name }) => name),
      lockTimeoutMs: gentleLockTimeoutMs(context.policy),
    },
  }
  const how = {
    signal: run.signal,
    onLine: (line: string) => {
      // Prisma names them at its end; most are over before anybody could look.
      for (const name of names) if (line.includes(name)) watching.begins(name)
    },
  }
  try {
    const settings = applySettings(context.policy, context.runId, endWithClient, plan.migrations)
    run.progress(`prisma migrate deploy (${source.title}, lock timeout ${settings.lock_timeout})`)
    const exit = await prisma(context, { url: target.url, source }, ['migrate', 'deploy'], settings, planned, how)
    return { engine: 'Prisma', ...exit, cancelled: watching.cancelled, stoppedIn: undefined, attempts: 1 }
  } catch (error) {
    // From here on something may be applied: whatever went wrong, the database has to be looked at.
    return { engine: 'Prisma', code: null, output: messageOf(error), stoppedIn: undefined, attempts: 1 }
  }
}

/** Says what became of a failed migration, as `prisma migrate resolve` does, by running exactly that. */
export async function resolve(
  context: Context,
  target: OfPrisma,
  flag: '--applied' | '--rolled-back',
  migration: string,
): Promise<PrismaExit> {
  // Cleaning up goes on after a cancel: it takes well under the seconds that a runner gives.
  const signal = new AbortController().signal
  const settings = applySettings(context.policy, context.runId, {})
  return prisma(context, target, ['migrate', 'resolve', flag, migration], settings, undefined, {
    signal,
    onLine: () => undefined,
  })
}

export interface OfPrisma extends Pick<Target, 'url'> {
  readonly source: PrismaSource
}

async function prisma(
  context: Context,
  { url, source: { project, prisma: installed } }: OfPrisma,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  planned: PlannedMigrations | undefined,
  how: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
): Promise<PrismaExit> {
  await using engine = await engineEnvironment(context, installed, url, planned)
  // `await`, or the engine would be gone before Prisma starts it.
  return await runPrisma([...args, ...project.cliArguments], {
    cliPath: installed.cliPath,
    cwd: project.root,
    env: childEnvironment(
      context.invocation.env,
      project.directUrlVariable === undefined
        ? project.urlVariables
        : [...project.urlVariables, project.directUrlVariable],
      prismaUrl(url, settings, engine.standIn),
      engine.variables,
    ),
    ...how,
  })
}
