import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { chooseUrl } from '../../migrations/choose-url.ts'
import { withEnvFiles } from '../../migrations/env-file.ts'
import { urlNamesOf } from '../../migrations/open-source.ts'
import type { NamesOfUrl } from '../../migrations/source.ts'
import { connect, type OpenSession } from '../../postgres/connection.ts'
import { type DatabaseUrl, parseDatabaseUrl, secretsOf } from '../../postgres/url.ts'

export interface Database extends AsyncDisposable {
  readonly url: DatabaseUrl
  readonly session: OpenSession
}

/** For commands that need no migrations: a backup can be made from a folder without a project. */
export async function openDatabase(context: Context): Promise<Database> {
  return connectTo(context, await urlNamesOf(context.invocation.cwd, context.config))
}

export async function connectTo(context: Context, names: NamesOfUrl): Promise<Database> {
  const url = await databaseUrl(context, names)
  context.run.learn({ target: { host: url.host, database: url.database } })
  const session = await connect(url, 'airlock', context.run.signal)
  return {
    url,
    session,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

/** Registered as a secret before it is looked at: no message about a broken URL may carry it either. */
async function databaseUrl({ invocation, redactor, run }: Context, names: NamesOfUrl): Promise<DatabaseUrl> {
  const environment = await withEnvFiles(invocation.env, names.envFiles)
  const chosen = chooseUrl({
    ...names,
    environment,
    inputs: { databaseUrl: invocation.databaseUrl, directUrl: invocation.directUrl },
  })
  if (chosen.kind === 'none') throw new FailureError(chosen.failure)
  redactor.add([chosen.raw])
  const parsed = parseDatabaseUrl(chosen.raw, chosen.variable)
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  redactor.add(secretsOf(parsed.url))
  for (const warning of parsed.warnings) run.notice(warning)
  return parsed.url
}
