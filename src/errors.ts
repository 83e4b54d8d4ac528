/**
 * Three things can go wrong, and they are three types:
 * a Failure (the job could not be done), a Refusal (the job may not be done, see stages/gate),
 * and a bug (anything else that is thrown). Each has its own exit code.
 */

/** Every failure code with the sentence the error reference prints. The only list of codes there is. */
export const failureTitles = {
  'URL.MISSING': 'No connection URL was given',
  'URL.EMPTY': 'The connection URL is empty',
  'URL.UNEXPANDED': 'The connection URL still contains a shell expansion',
  'URL.QUOTED': 'The connection URL is wrapped in quotes',
  'URL.PLACEHOLDER': 'The connection URL contains a placeholder',
  'URL.WRONG_SCHEME': 'The connection URL is not for PostgreSQL',
  'URL.NO_HOST': 'The connection URL names no host',
  'URL.NO_USER': 'The connection URL names no user',
  'URL.NO_DATABASE': 'The connection URL names no database',
  'URL.UNESCAPED': 'The connection URL contains characters that must be percent-encoded',
  'URL.POOLED': 'The connection URL goes through a connection pooler',
  'URL.NO_TLS': 'The connection URL switches TLS off for a remote host',
  'URL.MALFORMED': 'The connection URL cannot be read',
  'URL.CONFLICT': 'Two connection URLs name different databases',
  'PROJECT.NOT_FOUND': 'The project folder does not exist',
  'PROJECT.UNREADABLE': 'A file of the project cannot be read',
  'PROJECT.CONFIG_UNREADABLE': 'The configuration of the project cannot be understood',
  'PROJECT.URL_NOT_FROM_ENV': 'Prisma takes its connection URL from somewhere other than the environment',
  'PROJECT.NOT_POSTGRESQL': 'The Prisma schema is not for PostgreSQL',
  'PROJECT.NO_SCHEMA': 'The Prisma schema was not found',
  'PROJECT.SCHEMA_UNREADABLE': 'The Prisma schema cannot be read',
  'PROJECT.SEVERAL_SOURCES': 'The project has migrations of more than one kind',
  'PRISMA.NOT_INSTALLED': 'Prisma is not installed in the project',
  'PRISMA.UNSUPPORTED': 'This major version of Prisma is not supported',
  'PRISMA.FAILED': 'Prisma could not be run to its end',
  'PRISMA.ENGINE_UNREACHABLE': 'Prisma could not download its schema engine',
  'MIGRATIONS.NO_FOLDER': 'The migrations folder does not exist',
  'MIGRATIONS.NO_LOCK_FILE': 'The migrations folder has no migration_lock.toml',
  'MIGRATIONS.LOCK_FILE_UNREADABLE': 'migration_lock.toml cannot be read',
  'MIGRATIONS.NOT_POSTGRESQL': 'The migrations are for another database',
  'MIGRATIONS.JOURNAL_UNREADABLE': 'The journal of Drizzle cannot be read',
  'MIGRATIONS.UNSUPPORTED_LAYOUT': 'The migrations are laid out in a way that this release does not apply',
  'MIGRATIONS.AMBIGUOUS_ORDER': 'Which of two migrations comes first cannot be told',
  'MIGRATIONS.TWO_WAYS': 'A file of SQL holds the way back as well',
  'MIGRATIONS.NO_SQL': 'A migration has no SQL file',
  'MIGRATIONS.EMPTY': 'A migration.sql is empty',
  'MIGRATIONS.UNREADABLE': 'A migration.sql cannot be read',
  'MIGRATIONS.STRANGE_NAME': 'A migration folder has a name with characters that cannot be seen',
  'MIGRATIONS.NOT_UTF8': 'A migration.sql is not UTF-8',
  'MIGRATIONS.BYTE_ORDER_MARK': 'A migration.sql starts with a byte order mark',
  'GIT.NOT_AVAILABLE': 'Git is not there, or cannot read the repository',
  'GIT.REF_NOT_FOUND': 'The git ref of the running release does not exist here',
  'GIT.NO_SCHEMA': 'The git ref of the running release has no Prisma schema',
  'SQL.SYNTAX': 'A migration does not parse as PostgreSQL SQL',
  'HISTORY.FAILED_MIGRATION': 'An earlier migration is recorded as failed',
  'HISTORY.EDITED': 'A migration was edited after it was applied',
  'HISTORY.MISSING_FROM_FOLDER': 'The history contains migrations that the folder does not have',
  'HISTORY.NEVER_APPLIED': 'A migration is older than the last applied one, and Drizzle never applies it',
  'HISTORY.NOT_BASELINED': 'The database has tables but no migration history',
  'DATABASE.UNREACHABLE': 'The database server cannot be reached',
  'DATABASE.TLS': 'The TLS connection to the database failed',
  'DATABASE.WRONG_PASSWORD': 'The database server rejected the password',
  'DATABASE.NO_ACCESS': 'The database server does not let this role in',
  'DATABASE.NOT_FOUND': 'The database does not exist',
  'DATABASE.NO_PRIVILEGES': 'The role lacks privileges that the deploy needs',
  'DATABASE.TOO_MANY_CONNECTIONS': 'The database server has no free connection',
  'DATABASE.BLOCKED': 'Another session holds a lock that Airlock has to wait for',
  'DATABASE.READ_ONLY': 'The server is a replica or is read-only',
  'DATABASE.UNSUPPORTED': 'This PostgreSQL version is not supported',
  'DATABASE.CONNECTION_LOST': 'The connection to the database was lost',
  'DATABASE.QUERY_FAILED': 'A query of Airlock itself failed',
  'DEPLOY.LOCKED': 'Another deploy holds the lock',
  'DEPLOY.BLOCKED': 'Other transactions hold what the migrations need',
  'DEPLOY.NO_CONNECTIONS': 'Too few connections are free for a deploy',
  'DEPLOY.REPLICA_BEHIND': 'A replica is too far behind',
  'REHEARSAL.MASK_FAILED': 'The copy could not be masked',
  'REHEARSAL.NO_COPY': 'There is no copy of the database to rehearse on',
  'REHEARSAL.NOT_POSSIBLE': 'What is pending cannot be rehearsed on a copy',
  'REHEARSAL.OTHER_STATE': 'The copy is not in the state that the plan was made for',
  'UNDO.UNREADABLE': 'The way back of a migration cannot be read',
  'UNDO.NOT_REPLAYED': 'The state before a migration cannot be made from the files',
  'UNDO.ALREADY_APPLIED': 'The backup has the migration already that is to be undone',
  'UNDO.IMPOSSIBLE': 'No SQL takes the migration back',
  'UNDO.NOT_PROVEN': 'The way back of a migration could not be proven',
  'UNDO.NOT_WRITTEN': 'The proven way back could not be written',
  'HOOK.FAILED': 'A program of the user’s own, before or after a deploy, failed',
  'BACKUP.NO_CLIENT': 'No pg_dump was found',
  'BACKUP.CLIENT_TOO_OLD': 'The pg_dump found is older than the server',
  'BACKUP.NO_SPACE': 'There is not enough disk space for the backup',
  'BACKUP.CANNOT_WRITE': 'The backup folder cannot be written to',
  'BACKUP.DUMP_FAILED': 'pg_dump failed',
  'BACKUP.UNREADABLE': 'The dump cannot be read back',
  'BACKUP.SHAPE_IMPOSSIBLE': 'The dump cannot be written in the shape that was asked for',
  'BACKUP.RECIPIENT_INVALID': 'A recipient of the backup is not an age public key',
  'BACKUP.SEAL_FAILED': 'The dump could not be encrypted',
  'BACKUP.COMMAND_FAILED': 'A program of the user’s own, for backups, failed',
  'BACKUP.NOT_RESTORABLE': 'The dump could not be restored into a scratch server',
  'BACKUP.TIER_NOT_REACHED': 'The backup is not proven as far as the policy asks',
  'BACKUP.COPY_DIFFERS': 'What was restored is not what was backed up',
  'RESTORE.MANIFEST_INVALID': 'The backup manifest cannot be used',
  'RESTORE.CHECKSUM': 'The backup is not the one its manifest describes',
  'RESTORE.IDENTITY_MISSING': 'The backup is encrypted and no identity was given',
  'RESTORE.WRONG_IDENTITY': 'The identity does not open the backup',
  'RESTORE.TARGET_EXISTS': 'The database to restore into exists already',
  'RESTORE.FAILED': 'pg_restore failed',
  'PROVIDER.CREDENTIALS': 'The provider of the database does not accept the credentials',
  'PROVIDER.REFUSED': 'The provider of the database refuses what was asked of it',
  'PROVIDER.UNREACHABLE': 'The provider of the database cannot be reached',
  'PROVIDER.NOT_READY': 'The provider of the database did not finish in time',
  'PROVIDER.UNEXPECTED': 'The provider of the database answered in a way that this release does not know',
  'SCRATCH.NO_SERVER': 'There is no server to restore the backup into for its proof',
  'SCRATCH.NOT_GENUINE': 'The server package is not the one that this release knows',
  'SCRATCH.CANNOT_START': 'The scratch server cannot be started',
  'SCRATCH.WRONG_MAJOR': 'The scratch server is of another major version',
  'SCRATCH.SAME_SERVER': 'The scratch server is the server that the backup is of',
  'SCRATCH.NO_SPACE': 'The scratch server has no space left for the restored copy',
  'SCRATCH.LOST': 'The scratch server went away during the proof',
  'SCRATCH.EXTENSION_MISSING': 'The scratch server lacks an extension that the database uses',
  'RESTORE.WRITES_SINCE': 'Writes since the backup would be lost by the swap',
  'RESTORE.CANNOT_SWAP': 'The restored database cannot take the place of the other one',
  'RESTORE.SWAP_UNVERIFIED': 'The swap was made or may have been made, and could not be verified',
  'STORE.UNREACHABLE': 'The store cannot be reached',
  'STORE.CREDENTIALS': 'The store does not accept the credentials, or there are none',
  'STORE.NO_BUCKET': 'The bucket or folder of the store does not exist',
  'STORE.REFUSED': 'The store refuses the request',
  'STORE.PLAINTEXT': 'A backup that is not encrypted may not go to this store',
  'STORE.CHECKSUM': 'What the store holds is not what was put there',
  'STORE.LOCKED': 'The store does not allow the backup to be removed yet',
  'VERIFY.INCOMPLETE': 'The database is not in the state the migrations describe',
  'CONFIG.INVALID': 'airlock.yml has problems',
  'CONFIG.UNREADABLE': 'airlock.yml cannot be read',
  'CONFIG.UNKNOWN_ENVIRONMENT': 'The environment is not in airlock.yml',
  'USAGE.INVALID': 'The command line or the inputs have problems',
  'GITHUB.CONTEXT_INCOMPLETE': 'The runner does not say which run this is',
  'GITHUB.EVENT_REFUSED': 'The event that started the run may not deploy',
  'COMMAND.NOT_AVAILABLE': 'The command is not in this release',
  'RUN.NO_JANITOR': 'The process that cleans up after the run does not run',
  'RUN.CANCELLED': 'The run was cancelled',
} as const

export type FailureCode = keyof typeof failureTitles

/** What a person reads when the job could not be done: never a stack trace, always a next step. */
export interface Failure {
  readonly code: FailureCode
  readonly what: string
  readonly why: string
  readonly next: readonly string[]
}

/** Carries a Failure through effectful code to the one place that reports it. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.code}: ${failure.what}`, options)
    this.failure = failure
  }
}

/** `throw fail('URL.EMPTY', …)`: an expression, so that a reader sees the throw. */
export function fail(code: FailureCode, said: Omit<Failure, 'code'>, options?: ErrorOptions): FailureError {
  return new FailureError({ code, ...said }, options)
}

/** The message of whatever was thrown; the only place that asks what a caught value is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
