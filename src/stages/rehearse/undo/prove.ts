import { differenceOf, readCatalog } from '../../../postgres/catalog.ts'
import type { OpenSession } from '../../../postgres/connection.ts'
import { serverVersionOf } from '../../../postgres/server-identity.ts'
import type { Statement } from '../../../sql/model.ts'
import { compareRows } from './compare-rows.ts'
import { decideUndo } from './decide-undo.ts'
import { decideWrittenSince } from './decide-written-since.ts'
import { generateReverse, undoFile } from './generate.ts'
import type { Objects } from './objects.ts'
import { type Pairs, pairUp } from './pairs.ts'
import { readObjects } from './read-objects.ts'
import { type RunSession, runFile } from './run-file.ts'
import { touchedTables } from './touched.ts'
import type { Undo, UndoOrigin } from './undo.ts'

export interface UndoDatabase {
  /** As connect() opens one: with an empty search path. */
  readonly open: () => Promise<OpenSession>
  /** As the migrations are applied: with their search path. */
  readonly openRun: () => Promise<RunSession>
}

export interface UndoRequest {
  readonly sql: string
  /** How the file is sent to the server. */
  readonly execution: 'batch' | 'split'
  /** What is known of its statements without running them; used where there are no rows to show it. */
  readonly statements: readonly Pick<Statement, 'effects' | 'kind' | 'sql' | 'range'>[]
  /** The user's own way back; without it one is generated. */
  readonly own: { readonly file: string; readonly sql: string } | undefined
  /** As it is before the migration. Only read, and nobody else changes it. */
  readonly before: Pick<UndoDatabase, 'open'>
  /** A copy of it (`CREATE DATABASE … TEMPLATE`: the oids have to be the same), dropped with its disposal. */
  readonly clone: () => Promise<UndoDatabase & AsyncDisposable>
  /** `replayed`: those that the migrations themselves insert, and what a migration does to others cannot be seen on them. */
  readonly rowsAre: 'real' | 'replayed'
  readonly onProgress: (text: string) => void
}

/** Up, down, compare, up again, on a clone. */
export async function proveUndo(request: UndoRequest): Promise<Undo> {
  const { own, onProgress } = request
  const { catalog, objects } = await readState(request.before)
  await using clone = await request.clone()
  await using session = await clone.open()
  const origin: UndoOrigin = own === undefined ? { kind: 'generated' } : { kind: 'own', file: own.file }
  onProgress('up')
  const up = await run(clone, request.sql, request.execution)
  if (up.outcome.kind === 'failed') {
    return {
      kind: 'not-proven',
      origin,
      because: `The migration itself fails: ${up.outcome.because}`,
      sql: own?.sql ?? '',
    }
  }
  const catalogUp = await readCatalog(session)
  const objectsUp = await readObjects(session)
  const pairs = pairUp(objects, objectsUp)
  const written = own === undefined ? await generated(session, objects, { now: objectsUp, pairs }) : own.sql
  if (typeof written !== 'string') return { kind: 'impossible', origin, because: written.because }
  onProgress('down')
  const down = await run(clone, written, 'split')
  if (down.outcome.kind === 'failed') return decideUndo({ ...down.outcome, kind: 'down-failed', origin, sql: written })
  const differs = differenceOf(catalog, await readCatalog(session))
  if (differs.added.length + differs.removed.length > 0)
    return decideUndo({ kind: 'differs', origin, sql: written, differs })
  const after = await readObjects(session)
  onProgress('comparing rows')
  await using before = await request.before.open()
  const major = (await serverVersionOf(before)).major
  const touched = await touchedTables(before, session, [up.pid, down.pid], major)
  const rows = await compareRows({
    before: { session: before, objects },
    after: { session, objects: after },
    tablesUp: new Set(objectsUp.tables.map(({ oid }) => oid)),
    serverMajor: major,
    touched,
    mayRefill: own !== undefined,
  })
  onProgress('up again')
  const again = await run(clone, request.sql, request.execution)
  return decideUndo({
    kind: 'ran',
    origin,
    sql: written,
    statements: request.statements,
    before: objects,
    after,
    rows: request.rowsAre === 'real' ? rows : { ...rows, filled: new Set() },
    writtenSince: decideWrittenSince(pairs),
    again:
      again.outcome.kind === 'failed'
        ? again.outcome
        : { kind: 'ran', differs: differenceOf(catalogUp, await readCatalog(session)) },
  })
}

/** Nobody may be connected to a database that is cloned. */
async function readState(database: Pick<UndoDatabase, 'open'>) {
  await using session = await database.open()
  return { catalog: await readCatalog(session), objects: await readObjects(session) }
}

async function generated(
  session: OpenSession,
  before: Objects,
  now: { readonly now: Objects; readonly pairs: Pairs },
): Promise<string | { readonly because: string }> {
  const reverse = await generateReverse(session, before, now)
  return reverse.kind === 'sql' ? undoFile(reverse.statements) : reverse
}

async function run(clone: UndoDatabase, sql: string, execution: 'batch' | 'split') {
  await using session = await clone.openRun()
  const [row] = await session.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid')
  return { pid: row?.pid ?? 0, outcome: await runFile(session, sql, execution) }
}
