import { type ExecutableModel, executionModel, splitsFiles } from '../migrations/execution-model.ts'
import { loadSqlParser } from '../migrations/execution-parser.ts'
import { EngineFailure } from './failures.ts'

export type ModelOf = (script: string) => ExecutableModel

/** Everything that can fail about it fails here, before a migration is recorded as started. */
export async function modelsFor(prismaVersion: string | undefined): Promise<ModelOf> {
  if (prismaVersion === undefined) {
    throw new EngineFailure(
      undefined,
      'Which version of Prisma this is decides how a migration is executed, and it cannot be told. Set AIRLOCK_PRISMA_VERSION to what `prisma --version` says.',
    )
  }
  const parser = splitsFiles(prismaVersion) ? await loadSqlParser() : { countStatements: () => undefined }
  return (script) => executionModel(prismaVersion, script, parser)
}
