import { FailureError } from '../errors.ts'
import { readMigrationsFolder } from './folder.ts'
import { orderOf } from './order.ts'
import { prismaHistory } from './prisma-history.ts'
import { type ProjectOptions, readPrismaProject } from './prisma-project.ts'
import type { PrismaSource } from './source.ts'

/** For everything that touches a database: the project’s own Prisma has to be there. */
export async function openPrismaSource(root: string, options: ProjectOptions): Promise<PrismaSource> {
  const reading = await readPrismaProject(root, options)
  if (reading.kind === 'invalid') throw new FailureError(reading.failure)
  const { project } = reading
  const { prisma, migrationsPath } = project
  if (prisma.kind !== 'installed') throw new FailureError(prisma.failure)
  return {
    kind: 'prisma',
    root,
    migrationsPath,
    title: `Prisma ${prisma.version}`,
    urls: project,
    order: orderOf(prisma.version),
    readFolder: (applied) =>
      readMigrationsFolder(migrationsPath, {
        root,
        prismaVersion: prisma.version,
        ...(applied === undefined ? {} : { applied }),
      }),
    historyIn: prismaHistory,
    project,
    prisma,
  }
}
