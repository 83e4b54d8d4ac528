import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { startJanitor } from '../../janitor/janitor.ts'
import { ownTable } from '../../migrations/own-records.ts'
import type { Session } from '../../ports.ts'
import type { ClientTools } from '../../postgres/client-choice.ts'
import { connectionFor } from '../../postgres/client-connection.ts'
import { type ClientCommand, runClient } from '../../postgres/client-process.ts'
import { connect } from '../../postgres/connection.ts'
import { connectionStringFor, quoteIdentifier } from '../../postgres/quoting.ts'
import { withoutRowValues } from '../../postgres/row-values.ts'
import { serverVersionOf } from '../../postgres/server-identity.ts'
import { needsTolerance } from '../../postgres/transaction-timeout.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import { dumpUnreadable, explainDumpFailure } from '../backup/decide.ts'
import { scratchOpener } from '../backup/open-scratch.ts'
import { notRestorable, restoreSucceeded } from '../backup/prove/decide.ts'
import { copyOf, prove } from '../backup/prove/prove.ts'
import { closeSnapshot, openSnapshot, readSource } from '../backup/source.ts'
import { clientFor } from '../backup/stage.ts'
import type { CopiedTarget } from './copy-target.ts'

export interface SchemaCopy extends AsyncDisposable {
  readonly copy: DatabaseCopy
}

/**
 * Production's tables without their rows, and the rows of its history, without which everything would be pending. It is restored
 * and compared as the dump of a backup is; definitions are all there is to compare.
 */
export async function copySchema(context: Context, like: CopiedTarget): Promise<SchemaCopy> {
  const held: AsyncDisposable[] = []
  const leave = async () => {
    for (let one = held.pop(); one !== undefined; one = held.pop()) await one[Symbol.asyncDispose]()
  }
  const hold = <Resource extends AsyncDisposable>(resource: Resource): Resource => {
    held.push(resource)
    return resource
  }
  const { run, invocation, policy } = context
  try {
    const janitor = hold(await startJanitor())
    const temporary = invocation.env.RUNNER_TEMP ?? tmpdir()
    const folder = hold(await janitor.folder(temporary, 'airlock-schema-'))
    const dumpPath = join(folder.path, 'schema.dump')
    const rowsPath = join(folder.path, 'history.dump')
    await using session = await connect(like.url, 'airlock rehearsal', run.signal)
    const server = await serverVersionOf(session)
    const client = await clientFor(context, server.major)
    const limitMs = policy['lock-timeout']
    const snapshot = await openSnapshot(session, server.major, limitMs)
    const { source } = await readSource(session, server)
    const tables = await historyTables(session, like)
    const dump = (args: readonly string[]) =>
      runDump(client, like, {
        janitor,
        signal: run.signal,
        args: ['--format=custom', `--snapshot=${snapshot}`, `--lock-wait-timeout=${limitMs}`, '--no-password', ...args],
      })
    run.progress(`pg_dump ${client.version} of the schema of ${like.url.database}, without its rows`)
    await dump(['--schema-only', `--file=${dumpPath}`])
    if (tables.length > 0)
      await dump(['--data-only', `--file=${rowsPath}`, ...tables.map((pattern) => `--table=${pattern}`)])
    await closeSnapshot(session)
    const proof = hold(
      await prove({
        wanted: 'restored',
        dumpPath,
        client,
        unreadable: (why) => dumpUnreadable(like.url.database, why),
        source,
        content: undefined,
        openScratch: () =>
          scratchOpener(context, janitor, policy.backup.scratch)(server.major, source.systemIdentifier),
        janitor,
        temporary,
        jobs: 2,
        budgetMs: 0,
        signal: run.signal,
        onProgress: (text) => run.progress(text),
      }),
    )
    const copy = copyOf(proof)
    if (copy === undefined) throw new Error('a dump that was restored leaves a copy')
    if (tables.length > 0) await restoreRows(client, copy, { janitor, signal: run.signal, path: rowsPath })
    return { copy, [Symbol.asyncDispose]: leave }
  } catch (thrown) {
    await leave()
    throw thrown
  }
}

/** As patterns of pg_dump, which reads what is in quotes as it is. */
async function historyTables(session: Session, { source, url }: CopiedTarget): Promise<readonly string[]> {
  const { schema, words } = source.historyIn(url.schema)
  const patterns = [words.name, ownTable].map((name) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)
  const there = await session.query<{ pattern: string }>(
    'SELECT DISTINCT pattern FROM pg_catalog.unnest($1::text[]) pattern WHERE pg_catalog.to_regclass(pattern) IS NOT NULL',
    [patterns],
  )
  return there.map(({ pattern }) => pattern)
}

type How = Pick<ClientCommand, 'janitor' | 'signal'>

async function runDump(
  client: ClientTools,
  { url }: CopiedTarget,
  { args, ...how }: How & { readonly args: readonly string[] },
): Promise<void> {
  const exit = await runClient({ program: client.dump, args, connection: connectionFor(url)(client), ...how })
  if (exit.code !== 0) throw new FailureError(explainDumpFailure(exit.stderr, exit.code, url.user))
}

async function restoreRows(
  client: ClientTools,
  { url, scratch }: DatabaseCopy,
  { path, ...how }: How & { readonly path: string },
): Promise<void> {
  const tolerant = needsTolerance(client.major, scratch.major)
  const exit = await runClient({
    program: client.restore,
    args: [
      '--data-only',
      ...(tolerant ? [] : ['--exit-on-error']),
      '--no-password',
      `--dbname=${connectionStringFor(url.database)}`,
      path,
    ],
    connection: connectionFor(url)(client),
    ...how,
  })
  if (!restoreSucceeded(exit, { jobs: 1, tolerant }))
    throw new FailureError(notRestorable(withoutRowValues(exit.stderr) || `pg_restore ended with ${exit.code}`))
}
