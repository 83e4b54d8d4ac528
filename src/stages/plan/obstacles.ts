import type { ExecutionModel } from '../../migrations/execution-model.ts'
import type { Session } from '../../sql/analyse.ts'
import { quoted } from '../../sql/identifiers.ts'
import type { Obstacle } from './plan.ts'

export function obstaclesOf(
  { name: migration, file }: { readonly name: string; readonly file: string },
  execution: ExecutionModel,
): readonly Obstacle[] {
  const text = file.endsWith('/migration.sql') ? `${migration}/migration.sql` : file
  const obstacles: Obstacle[] = []
  if (execution.refused !== undefined) {
    obstacles.push({
      migration,
      text: execution.because,
      instead: `Move ${execution.refused.what} into a migration of its own, with nothing else in the file.`,
    })
  }
  for (const { what } of execution.stray.filter(({ fails }) => fails)) {
    obstacles.push({
      migration,
      text: `${what} can only be used inside a transaction, and none is open there: ${execution.because}`,
      instead: `Begin and end ${text} with BEGIN; and COMMIT;`,
    })
  }
  if (execution.leftOpen) {
    obstacles.push({ migration, text: execution.because, instead: `End ${text} with COMMIT;` })
  }
  return obstacles
}

/**
 * Prisma keeps its history by an unqualified name in the same session: a file that leaves the search path elsewhere is applied
 * and then recorded as failed, or recorded in a table of another schema.
 */
export function leftElsewhere(migration: string, schema: string, { path }: Session): readonly Obstacle[] {
  if (path?.[0] === schema) return []
  return [
    {
      migration,
      text:
        path === undefined
          ? `it changes the search path, and where it leads afterwards is not known; Prisma then looks for its history there`
          : `it leaves the search path at ${path.length === 0 ? 'nothing' : path.join(', ')}, where Prisma then looks for its history`,
      instead: `End ${migration}/migration.sql with SET search_path = ${quoted(schema)};`,
    },
  ]
}
