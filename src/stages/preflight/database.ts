import type { Context } from '../../context.ts'
import { type Failure, FailureError } from '../../errors.ts'
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

async function databaseUrl(context: Context, names: NamesOfUrl): Promise<DatabaseUrl> {
  const given = await readUrl(context, names, 'refuse')
  if (given.kind === 'none') throw new FailureError(given.failure)
  return given.url
}

/** For those who only ask which schema or which server is meant, and can do without: one that is there and broken is still told. */
export async function urlIfGiven(context: Context, names: NamesOfUrl): Promise<DatabaseUrl | undefined> {
  const given = await readUrl(context, names, 'allow')
  return given.kind === 'none' ? undefined : given.url
}

type GivenUrl =
  | { readonly kind: 'given'; readonly url: DatabaseUrl }
  | { readonly kind: 'none'; readonly failure: Failure }

/** Registered as a secret before it is looked at: no message about a broken URL may carry it either. */
async function readUrl(
  { invocation, redactor, run }: Context,
  names: NamesOfUrl,
  pooled: 'refuse' | 'allow',
): Promise<GivenUrl> {
  const environment = await withEnvFiles(invocation.env, names.envFiles)
  const chosen = chooseUrl({
    ...names,
    environment,
    inputs: { databaseUrl: invocation.databaseUrl, directUrl: invocation.directUrl },
  })
  if (chosen.kind === 'none') return chosen
  redactor.add([chosen.raw])
  const parsed = parseDatabaseUrl(chosen.raw, chosen.variable, { pooled })
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  redactor.add(secretsOf(parsed.url))
  for (const warning of parsed.warnings) run.notice(warning)
  return { kind: 'given', url: parsed.url }
}
