import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { together } from '../../migrations/folder-failures.ts'
import { historyFailures } from '../../migrations/history-failures.ts'
import { type PrismaInstallation, type PrismaProject, readPrismaProject } from '../../migrations/prisma-project.ts'
import { connectTo, type Database } from './database.ts'
import type { Facts } from './facts.ts'
import { observeHistory } from './observe.ts'
import { readServer, refuseReadOnly, refuseVersion } from './server.ts'

export type InstalledPrisma = Extract<PrismaInstallation, { kind: 'installed' }>

/** Project and database, open and belonging together. */
export interface Target extends Database {
  /** A plan reads: a replica or a role that may only read is enough for it. */
  readonly intent: 'read' | 'write'
  readonly project: PrismaProject
  readonly prisma: InstalledPrisma
}

export async function openTarget(context: Context, intent: Target['intent']): Promise<Target> {
  const { cwd, migrations } = context.invocation
  const reading = await readPrismaProject(cwd, { migrations })
  if (reading.kind === 'invalid') throw new FailureError(reading.failure)
  const { project } = reading
  if (project.prisma.kind !== 'installed') throw new FailureError(project.prisma.failure)
  return { ...(await connectTo(context, project)), intent, project, prisma: project.prisma }
}

export async function preflight(context: Context, target: Target): Promise<Facts> {
  return context.run.stage(
    'preflight',
    () => readFacts(target),
    ({ server, history, folder }) => ({
      outcome: 'pass',
      summary: `PostgreSQL ${server.version}, Prisma ${target.prisma.version}, ${history.applied.length} applied, ${history.pending.length} pending`,
      detail: { server: server.version, prisma: target.prisma.version, notices: folder.notices },
    }),
  )
}

/** Everything that may stop a run before a single byte of SQL is looked at. */
export async function readFacts({ session, url, project, intent }: Target): Promise<Facts> {
  const server = await readServer(session)
  refuseVersion(server)
  if (intent === 'write') refuseReadOnly(server, url)
  const facts = await observeHistory(session, url, project)
  const failure = together(
    historyFailures(facts.history, url.schema).filter(({ code }) => code !== 'HISTORY.OUT_OF_ORDER'),
    'The migration history',
  )
  if (failure !== undefined) throw new FailureError(failure)
  return { ...facts, url, server }
}
