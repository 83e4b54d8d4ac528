import type { Context } from '../context.ts'
import { fail } from '../errors.ts'
import type { Janitor } from '../janitor/janitor.ts'
import { openSource } from '../migrations/open-source.ts'
import { connect } from '../postgres/connection.ts'
import type { DatabaseTraits } from '../postgres/create-database.ts'
import { quoteIdentifier } from '../postgres/quoting.ts'
import type { ScratchDatabase, ScratchServer } from '../postgres/scratch/scratch-server.ts'
import { type DatabaseUrl, withSessionOf } from '../postgres/url.ts'
import { scratchOpener } from '../stages/backup/open-scratch.ts'
import type { UndoDatabase } from '../stages/rehearse/undo/prove.ts'
import { replay } from '../stages/rehearse/undo/replay.ts'
import { undoDatabase } from '../stages/rehearse/undo/scratch-database.ts'
import { chooseMajor } from '../stages/rehearse/undo/server-major.ts'
import { openBackup } from '../stages/restore/check.ts'
import { backupRequest } from '../stages/restore/request.ts'
import type { UndoFiles } from './undo-files.ts'

/** The database as it is before the migration, on a server that goes with the run. */
export interface StateBefore extends AsyncDisposable {
  readonly database: UndoDatabase
  readonly clone: () => Promise<UndoDatabase & AsyncDisposable>
  readonly schema: string
  /** `PostgreSQL 17.10` */
  readonly server: string
  readonly summary: string
  /** Of what a loss of rows could be seen on. */
  readonly rows: 'real' | 'replayed'
}

export async function openStateBefore(
  context: Context,
  janitor: Janitor,
  { files, url }: { readonly files: UndoFiles; readonly url: DatabaseUrl | undefined },
): Promise<StateBefore> {
  const { from } = context.invocation
  return from === undefined
    ? fromFiles(context, janitor, files, url)
    : fromBackup(context, janitor, { files, from, url })
}

/** Text sorts by bytes: nothing of a definition depends on that. */
const traits: DatabaseTraits = {
  encoding: 'UTF8',
  localeProvider: 'libc',
  collate: 'C',
  characterType: 'C',
  locale: null,
}

async function fromFiles(
  context: Context,
  janitor: Janitor,
  files: UndoFiles,
  url: DatabaseUrl | undefined,
): Promise<StateBefore> {
  const { run, policy } = context
  const { major, because } = await chooseMajor(context, url)
  const scratch = await scratchOpener(context, janitor, policy.backup.scratch)(major, null)
  let made: ScratchDatabase | undefined
  try {
    const database = await scratch.createDatabase(traits)
    made = database
    const state = stateOn(context, scratch, scratch.databaseUrl(database.name), url)
    await createSchema(state)
    await replay(state.database, {
      ...files,
      migrations: files.before,
      onto: 'an empty server',
      signal: run.signal,
      onProgress: (text) => run.progress(text),
    })
    return {
      ...state,
      summary: `${files.before.length} migrations replayed on an empty PostgreSQL ${scratch.version} (${because}); rows: only those that they insert`,
      rows: 'replayed',
      [Symbol.asyncDispose]: () => disposeAll(database, scratch),
    }
  } catch (thrown) {
    await made?.[Symbol.asyncDispose]()
    await scratch[Symbol.asyncDispose]()
    throw thrown
  }
}

interface OfBackup {
  readonly files: UndoFiles
  readonly from: string
  readonly url: DatabaseUrl | undefined
}

async function fromBackup(context: Context, janitor: Janitor, { files, from, url }: OfBackup): Promise<StateBefore> {
  const { run, invocation, config } = context
  const request = await backupRequest(context, janitor, from, context.policy.backup.scratch)
  const opened = await openBackup({ ...request, tier: 'restored' })
  try {
    const { copy, checked } = opened
    if (copy === undefined) throw new Error('a backup that was restored leaves a copy')
    const state = stateOn(context, copy.scratch, copy.url, url)
    const source = await openSource(invocation, config)
    const recorded = await recordedOn(copy.url, source.historyIn(state.schema), run.signal)
    const nameOf = ({ name, recordedAs }: UndoFiles['migration']) => [name, recordedAs ?? name]
    if (nameOf(files.migration).some((name) => recorded.has(name))) throw tooLate(files.migration.name, from)
    const missing = files.before.filter((one) => !nameOf(one).some((name) => recorded.has(name)))
    await replay(state.database, {
      ...files,
      migrations: missing,
      onto: 'the copy',
      signal: run.signal,
      onProgress: (text) => run.progress(text),
    })
    return {
      ...state,
      summary: `the backup of ${checked.manifest.startedAt}, PostgreSQL ${copy.scratch.version}, and ${missing.length} migrations that it does not have`,
      rows: 'real',
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    }
  } catch (thrown) {
    await opened[Symbol.asyncDispose]()
    throw thrown
  }
}

type History = ReturnType<Awaited<ReturnType<typeof openSource>>['historyIn']>

async function recordedOn(url: DatabaseUrl, history: History, signal: AbortSignal): Promise<ReadonlySet<string>> {
  await using session = await connect(url, 'airlock undo', signal)
  const table = await history.read(session)
  if (table.kind === 'absent') return new Set()
  return new Set(table.rows.filter(({ rolledBackAt }) => rolledBackAt === undefined).map(({ name }) => name))
}

function tooLate(name: string, from: string) {
  return fail('UNDO.ALREADY_APPLIED', {
    what: `The backup ${from} has \`${name}\` in it already.`,
    why: 'The way back is proven by going there and back, which begins with the state before the migration.',
    next: ['Name a backup that was made before it was applied, or leave out --from.'],
  })
}

function stateOn({ run }: Context, scratch: ScratchServer, at: DatabaseUrl, like: DatabaseUrl | undefined) {
  const here = (url: DatabaseUrl) => (like === undefined ? url : withSessionOf(url, like))
  const url = here(at)
  return {
    database: undoDatabase(url, run.signal),
    clone: async () => {
      const clone = await scratch.cloneDatabase(url.database)
      return {
        ...undoDatabase(here(scratch.databaseUrl(clone.name)), run.signal),
        [Symbol.asyncDispose]: () => clone[Symbol.asyncDispose](),
      }
    },
    schema: url.schema,
    server: `PostgreSQL ${scratch.version}`,
  }
}

/** As Prisma does where its URL names a schema that is not there. */
async function createSchema({ database, schema }: Pick<StateBefore, 'database' | 'schema'>): Promise<void> {
  if (schema === 'public') return
  await using session = await database.open()
  await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`)
}

async function disposeAll(...all: readonly AsyncDisposable[]): Promise<void> {
  for (const one of all) await one[Symbol.asyncDispose]()
}
