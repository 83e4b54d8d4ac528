import type { Failure } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'

/** What `migration_lock.toml` says, read the way the schema engine reads it (migrations_directory.rs). */
export function checkLockFile(text: string, file: string): Failure | undefined {
  if (/^(?:<{7}|={7}|>{7})/m.test(text)) {
    return unreadable(file, 'It contains the marks of a merge that was not finished.')
  }
  const line = text.split(/\r?\n/).find((one) => one.startsWith('provider'))
  if (line === undefined) {
    return unreadable(file, 'It has no line that begins with `provider`.')
  }
  const written = /^provider\s*=\s*["']?([^"'\s#]*)/.exec(line)?.[1] ?? ''
  // The engine compares the line character by character and knows no other spelling of the same TOML.
  if (line === `provider = "postgresql"`) return undefined
  if (written === 'postgresql') {
    return unreadable(
      file,
      `Prisma reads the provider only as \`provider = "postgresql"\`; the line is \`${line.trim()}\`.`,
    )
  }
  if (written === '') return unreadable(file, `The line \`${line.trim()}\` names no provider.`)
  return {
    code: 'MIGRATIONS.NOT_POSTGRESQL',
    what: `The migrations are for ${written}, not for PostgreSQL.`,
    why: `\`${file}\` says \`${line.trim()}\`. SQL that was generated for another database does not run on PostgreSQL.`,
    next: [
      'Point `--migrations` to the folder of the PostgreSQL migrations.',
      'After a change of the provider, start a new history: move the old folder away and create the first migration again:',
      'npx prisma migrate dev --create-only --name init',
    ],
  }
}

function unreadable(file: string, why: string): Failure {
  return {
    code: 'MIGRATIONS.LOCK_FILE_UNREADABLE',
    what: `\`${file}\` cannot be read.`,
    why,
    next: ['Write it again and commit it:', writeLockFile(file)],
  }
}

export function writeLockFile(file: string): string {
  return `printf 'provider = "postgresql"\\n' > ${shellWord(file)}`
}
