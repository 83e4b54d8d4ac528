import { dirname, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { fileStatements } from '../../migrations/execution-statements.ts'
import { secretsIn } from '../../sql/secrets.ts'
import type { Plan, PlannedMigration } from '../plan/plan.ts'
import type { CopiedTarget } from './copy-target.ts'
import type { AroundFiles } from './trace/perform.ts'
import { serverErrorOf } from './trace/server-error.ts'
import { findOwn, type OwnUndo } from './undo/own-files.ts'
import type { UndoDatabase } from './undo/prove.ts'
import { WaysBack } from './undo/prove-in-place.ts'
import type { RehearsedUndo } from './undo/undo.ts'

/** What the ways back may take beside half of the time that the migrations themselves took. */
const allowanceMs = 5_000

export interface RehearsedWaysBack extends AroundFiles, AsyncDisposable {
  /** Of each planned migration, in their order. */
  readonly undo: () => readonly RehearsedUndo[]
}

/** Proves the way back of each migration between it and the next one, as far as there is time. */
export async function openWaysBack(
  context: Context,
  like: CopiedTarget,
  plan: Plan,
  database: UndoDatabase,
): Promise<RehearsedWaysBack> {
  const { run, redactor } = context
  const found = new Map<string, RehearsedUndo>()
  let [migrationsMs, spentMs] = [0, 0]
  const limit = () => {
    const leftMs = allowanceMs + migrationsMs / 2 - spentMs - sinceMs()
    return leftMs > 0 ? leftMs : undefined
  }
  let startedAt: number | undefined
  const sinceMs = () => (startedAt === undefined ? 0 : performance.now() - startedAt)
  const spending = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    startedAt = performance.now()
    try {
      return await work()
    } finally {
      spentMs += sinceMs()
      startedAt = undefined
    }
  }
  const ways = new WaysBack(database, limit)
  const own = new Map<string, OwnUndo | undefined>()
  /** It refuses no deploy, and stands before no failure of a migration: whatever hinders it is told. */
  const trying = (migration: PlannedMigration, work: () => Promise<void>) =>
    spending(work).catch(async (error: unknown) => {
      if (run.signal.aborted) throw error
      found.set(migration.name, { ...notReached, migration: migration.name, because: notTried(error) })
      await ways.forget()
    })
  return {
    before: (migration) =>
      trying(migration, async () => {
        const file = await ownUndo(like, migration)
        redactor.add(secretsIn(file?.sql ?? ''))
        own.set(migration.name, file)
        await ways.before({ migration, own: file })
      }),
    after: (migration, ms) =>
      trying(migration, async () => {
        migrationsMs += ms
        if (found.has(migration.name)) return
        run.progress(`${migration.name}: its way back`)
        const proven = await ways.after({ migration, own: own.get(migration.name) }, ms)
        found.set(migration.name, { migration: migration.name, ...(begunBefore(migration) ?? proven) })
      }),
    undo: () => plan.migrations.map(({ name }) => found.get(name) ?? { migration: name, ...notReached }),
    [Symbol.asyncDispose]: () => ways[Symbol.asyncDispose](),
  }
}

/** Without what the server quotes of rows. */
function notTried(error: unknown): string {
  const { failure, cause } = error instanceof FailureError ? error : { failure: undefined, cause: error }
  const said =
    cause === undefined && failure !== undefined ? `${failure.what} ${failure.why}` : serverErrorOf(cause).message
  return `It could not be tried: ${said}`
}

async function ownUndo({ source }: CopiedTarget, { name, file }: PlannedMigration): Promise<OwnUndo | undefined> {
  const path = resolve(source.root, dirname(file))
  const { kind, root, migrationsPath } = source
  const [first] = await findOwn({ kind, root, migrationsPath, migration: { name, path } })
  // A file of comments says nothing, and is no way back.
  return first !== undefined && fileStatements(first.sql).length > 0 ? first : undefined
}

const generated = { kind: 'generated' } as const
const notReached = {
  kind: 'not-proven',
  origin: generated,
  because: 'The migration did not go through on the copy.',
  sql: '',
} as const

/** The state before it is nowhere any more. */
function begunBefore({ resumesAt }: PlannedMigration) {
  if (resumesAt === undefined) return undefined
  return { ...notReached, because: 'An earlier run began it: the state before it is not on the copy.' } as const
}
