import { FailureError, fail, messageOf } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { createDatabaseSql } from '../../postgres/create-database.ts'
import { quoteIdentifier, quoteLiteral } from '../../postgres/quoting.ts'
import type { Manifest } from '../backup/manifest.ts'
import { beingRestored, restoredBefore, targetExists } from './decide.ts'
import { parseRestoreMark, type RestoreMark, type RestoreState, restoreMark } from './swap/mark.ts'

/** The new database that a backup is restored into: marked from its first moment on, so that a later run knows what it is. */

export interface TargetRequest {
  readonly into: string
  readonly admin: Session
  /** That it is to take the place of another database, whose tablespace it is made in. */
  readonly successor?: { readonly tablespace: string } | undefined
  readonly onProgress: (text: string) => void
}

export type Target =
  | { readonly kind: 'created' }
  /** An earlier run restored this backup and ended before the swap. */
  | { readonly kind: 'restored-before' }

/** Held while a run works on the database, and gone with its connection however it ends. */
export async function lockTarget({ admin, into }: TargetRequest): Promise<AsyncDisposable> {
  const [row] = await admin.query<{ locked: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${keyOf}) AS locked`, [
    into,
  ])
  if (row?.locked !== true) throw new FailureError(beingRestored(into))
  // Such a lock is one of the database that its session is connected to, but those of all databases are shown.
  const [elsewhere] = await admin.query(
    `SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_catalog.pg_backend_pid()
        AND (classid::bigint << 32) | objid::bigint = ${keyOf}`,
    [into],
  )
  if (elsewhere !== undefined) {
    await admin.query(`SELECT pg_catalog.pg_advisory_unlock(${keyOf})`, [into])
    throw new FailureError(beingRestored(into))
  }
  return {
    async [Symbol.asyncDispose]() {
      // With a broken connection the lock is gone as well.
      await admin.query(`SELECT pg_catalog.pg_advisory_unlock(${keyOf})`, [into]).catch(() => undefined)
    },
  }
}

const keyOf = `pg_catalog.hashtextextended('airlock restore into ' || $1, 0)`

export async function openTarget(request: TargetRequest, manifest: Manifest, serverMajor: number): Promise<Target> {
  const { admin, into, onProgress } = request
  const [there] = await admin.query<{ comment: string | null }>(
    `SELECT pg_catalog.shobj_description(oid, 'pg_database') AS comment FROM pg_catalog.pg_database WHERE datname = $1`,
    [into],
  )
  if (there !== undefined) {
    const mark = parseRestoreMark(there.comment)
    if (mark === undefined || !isOf(mark, manifest)) throw new FailureError(targetExists(into))
    if (mark.state === 'whole') {
      if (request.successor === undefined) throw new FailureError(restoredBefore(into))
      return { kind: 'restored-before' }
    }
    // Nobody works on it, because the lock is ours, and it never was whole.
    onProgress(`dropping ${into}, which an interrupted restore of this backup left half-filled`)
    await admin.query(`DROP DATABASE ${quoteIdentifier(into)} WITH (FORCE)`)
  }
  await createDatabase(request, manifest, serverMajor)
  try {
    await markTarget(request, manifest, 'filling')
  } catch (thrown) {
    await dropHalfRestored(request, thrown)
    throw thrown
  }
  return { kind: 'created' }
}

function isOf(mark: RestoreMark, manifest: Manifest): boolean {
  return mark.backup === manifest.name && mark.sha256 === manifest.files[0]?.sha256
}

export async function markTarget(
  { admin, into }: TargetRequest,
  manifest: Manifest,
  state: RestoreState,
): Promise<void> {
  const mark = restoreMark({ backup: manifest.name, sha256: manifest.files[0]?.sha256 ?? '', state })
  await admin.query(`COMMENT ON DATABASE ${quoteIdentifier(into)} IS ${quoteLiteral(mark)}`)
}

async function createDatabase(
  { admin, into, successor }: TargetRequest,
  manifest: Manifest,
  serverMajor: number,
): Promise<void> {
  try {
    await admin.query(
      createDatabaseSql(into, manifest.source, serverMajor) + (await tablespaceClause(admin, successor?.tablespace)),
    )
  } catch (thrown) {
    const reason = thrown instanceof FailureError ? thrown.failure.why : messageOf(thrown)
    throw fail(
      'RESTORE.FAILED',
      {
        what: `The database ${quoteIdentifier(into)} could not be created, so nothing was restored.`,
        why: reason,
        next: [
          `Restore with the URL of a role that has CREATEDB, on a server that knows the locale \`${manifest.source.locale ?? manifest.source.collate}\`.`,
        ],
      },
      { cause: thrown },
    )
  }
}

/** Left out where it says what goes without saying: to name a tablespace takes a privilege, even for the default one. */
async function tablespaceClause(admin: Session, tablespace: string | undefined): Promise<string> {
  const [template] = await admin.query<{ tablespace: string }>(
    `SELECT t.spcname AS tablespace FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
      WHERE d.datname = 'template0'`,
  )
  return tablespace === undefined || tablespace === template?.tablespace
    ? ''
    : ` TABLESPACE ${quoteIdentifier(tablespace)}`
}

/** A database that is not whole must not lie around under a name that somebody will take for a restored one. */
export async function dropHalfRestored({ admin, into }: TargetRequest, reason: unknown): Promise<void> {
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE)`)
  } catch (thrown) {
    throw fail(
      'RESTORE.FAILED',
      {
        what: `The restore did not finish, and the half-restored database ${quoteIdentifier(into)} could not be dropped.`,
        why: `${messageOf(reason)}\nDropping it: ${messageOf(thrown)}`,
        next: [`DROP DATABASE IF EXISTS ${quoteIdentifier(into)} WITH (FORCE);`, 'Then restore again.'],
      },
      { cause: reason },
    )
  }
}
