import type { Context } from '../../context.ts'
import type { Session } from '../../ports.ts'
import { connect, connectWithoutLimits, endWithClientSettings } from '../../postgres/connection.ts'
import { type PackedCatalog, packCatalog } from '../../postgres/packed-catalog.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { withDatabase, withSessionOf } from '../../postgres/url.ts'
import { openApplySession } from '../apply/atomic/session.ts'
import { applySettings } from '../apply/session-settings.ts'
import type { DatabaseCopy } from '../backup/backup.ts'
import type { Plan } from '../plan/plan.ts'
import type { CopiedTarget } from './copy-target.ts'
import { readFootprints } from './data/footprints.ts'
import type { StoredTable } from './data/read-tables.ts'
import { tablesWrittenOver } from './data/watch-tables.ts'
import type { Halfway } from './halfway/halfway.ts'
import { watchHalfway } from './halfway/watch-halfway.ts'
import type { LikeProduction } from './like-production.ts'
import { type AroundFiles, traceMigrations } from './trace/perform.ts'
import { openSubjectSession } from './trace/subject.ts'
import type { Trace } from './trace/trace.ts'
import type { RehearsedUndo } from './undo/undo.ts'
import { analyseRead, warmUp } from './warm-up.ts'
import { openWaysBack } from './ways-back.ts'

export interface Traced {
  readonly trace: Trace
  readonly after: PackedCatalog
  /** Tables whose rows were written over, as they are then. */
  readonly writtenOver: readonly StoredTable[]
  /** Nothing where the policy says `undo: off`. */
  readonly undo: readonly RehearsedUndo[]
  /** Of each migration where Prisma applies them. */
  readonly halfway: readonly Halfway[]
}

const countBudgetMs = 20_000

/** Statement by statement, on a second copy: the first one is for the engine that is going to apply them. */
export async function traceOnClone(
  context: Context,
  like: CopiedTarget,
  plan: Plan,
  { copy, settle }: { readonly copy: DatabaseCopy } & LikeProduction,
): Promise<Traced> {
  const { run, policy } = context
  await analyseRead(copy, plan)
  await using _roles = await newRolesGo(copy)
  await using clone = await copy.scratch.cloneDatabase(copy.url.database)
  await settle(clone.name)
  const url = withDatabase(withSessionOf(copy.url, like.url), clone.name)
  // As everywhere here, nobody but this run is on that server.
  const open = () => connectWithoutLimits(url, 'airlock rehearsal')
  await using session = await open()
  // As Prisma does where the URL names one that is not there.
  if (like.url.parameters.has('schema'))
    await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(like.url.schema)}`)
  await warmUp(session, copy.scratch.major, plan)
  const settings = applySettings(policy, context.runId, await endWithClientSettings(session), plan.migrations)
  const footprints = await readFootprints(session)
  run.progress(`${plan.migrations.length} to be looked at statement by statement`)
  const database = {
    open,
    openRun: () => openApplySession(url, settings, () => undefined, run.signal),
  }
  const { source } = like
  const observed = async () => {
    await using ways = policy.undo === 'off' ? undefined : await openWaysBack(context, like, plan, database)
    const halfway =
      like.apply === 'prisma' && source.kind === 'prisma'
        ? await watchHalfway({ url, source, session, migrations: plan.migrations })
        : undefined
    const trace = await traceMigrations({
      migrations: plan.migrations,
      apply: like.apply,
      openSubject: (onNotice) => openSubjectSession(url, settings, run.signal, onNotice),
      openWitness: open,
      countBudgetMs,
      around: inside(halfway, ways),
    })
    return { trace, undo: ways?.undo() ?? [], halfway: halfway?.halfway() ?? [] }
  }
  const seen = await observed()
  // By now nobody else is connected, without which the server's counts say nothing.
  const writtenOver = seen.trace.stopped === undefined ? await tablesWrittenOver(session, footprints) : []
  return { ...seen, writtenOver, after: await packCatalog(session) }
}

/** The row of the history is there before anything is looked at for the way back, and goes after it. */
function inside(outer: AroundFiles | undefined, inner: AroundFiles | undefined): AroundFiles {
  return {
    async before(migration) {
      await outer?.before(migration)
      await inner?.before(migration)
    },
    between: async (migration, done) => outer?.between?.(migration, done),
    async after(migration, ms) {
      await inner?.after(migration, ms)
      await outer?.after(migration, ms)
    },
  }
}

/** A role belongs to the server: what the first run creates must not be there for the second. Behind the clone, in which it may own something. */
async function newRolesGo({ scratch }: DatabaseCopy): Promise<AsyncDisposable> {
  // On a server that others use nobody can tell whose a new role is.
  if (scratch.kind === 'url') return { async [Symbol.asyncDispose]() {} }
  await using first = await connect(scratch.url, 'airlock rehearsal')
  const before = new Set(await rolesOn(first))
  return {
    async [Symbol.asyncDispose]() {
      await using last = await connect(scratch.url, 'airlock rehearsal')
      for (const name of await rolesOn(last))
        if (!before.has(name)) await last.query(`DROP ROLE ${quoteIdentifier(name)}`)
    },
  }
}

async function rolesOn(session: Session): Promise<readonly string[]> {
  return (await session.query<{ name: string }>('SELECT rolname AS name FROM pg_catalog.pg_roles')).map(
    ({ name }) => name,
  )
}
