import { chmod, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { startJanitor } from '../../janitor/janitor.ts'
import type { PrismaSource } from '../../migrations/source.ts'
import { type DatabaseUrl, passwordOf } from '../../postgres/url.ts'
import { type PlannedMigrations, plannedVariable } from '../../prisma-engine/planned.ts'
import { passwordVariable, withheldPassword } from '../../prisma-engine/withheld-password.ts'

export interface EngineEnvironment extends AsyncDisposable {
  readonly variables: Readonly<Record<string, string>>
  /** What stands for the password in the URL that Prisma gets; `undefined` where its engine needs the password itself. */
  readonly standIn: string | undefined
}

/** With `engine: wasm` Prisma starts a program of ours where it would start the one it downloads. */
export async function engineEnvironment(
  context: Context,
  prisma: PrismaSource['prisma'],
  url: DatabaseUrl,
  planned: PlannedMigrations | undefined,
): Promise<EngineEnvironment> {
  const engine = context.invocation.prismaEngine ?? context.config.prisma.engine
  if (engine === 'native') return { variables: {}, standIn: undefined, async [Symbol.asyncDispose]() {} }
  const janitor = await startJanitor()
  const { path: folder } = await janitor.folder(context.invocation.env.RUNNER_TEMP ?? tmpdir(), 'airlock-run-engine-')
  const launcher = join(folder, 'schema-engine')
  // A launcher, because the bundle may lie where nothing is executable, and so that it runs on the Node that runs us.
  await writeFile(
    launcher,
    `#!/bin/sh\nexec '${quoted(process.execPath)}' '${quoted(context.schemaEnginePath)}' "$@"\n`,
  )
  await chmod(launcher, 0o700)
  // Prisma 6 loads its query engine at every start, only to ask for a version.
  const queryEngine = join(folder, 'query-engine.cjs')
  await writeFile(queryEngine, "exports.version = () => ({ commit: 'none', version: 'none' })\n")
  const plannedFile = join(folder, 'planned.json')
  if (planned !== undefined) await writeFile(plannedFile, JSON.stringify(planned))
  return {
    variables: {
      ...(planned === undefined ? {} : { [plannedVariable]: plannedFile }),
      PRISMA_SCHEMA_ENGINE_BINARY: launcher,
      PRISMA_QUERY_ENGINE_LIBRARY: queryEngine,
      AIRLOCK_PRISMA_VERSION: prisma.version,
      [passwordVariable]: passwordOf(url),
    },
    standIn: withheldPassword,
    async [Symbol.asyncDispose]() {
      await janitor[Symbol.asyncDispose]()
    },
  }
}

function quoted(path: string): string {
  return path.replaceAll("'", `'\\''`)
}
