import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type FailureError, fail, messageOf } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import { errnoOf } from './errno.ts'

/** `meta/_journal.json`: which files are migrations, and in which order (drizzle-orm 0.45, migrator.js). */

export interface JournalEntry {
  /** The file, without its ending. */
  readonly tag: string
  /** Milliseconds; Drizzle records it in `created_at` and decides by it alone what is pending. */
  readonly when: number
}

export function journalOf(folder: string): string {
  return join(folder, 'meta/_journal.json')
}

/** `undefined` where the file does not exist. `shown`: as reports name it. */
export function readJournal(folder: string, shown: string): readonly JournalEntry[] | undefined {
  let content: unknown
  try {
    const path = journalOf(folder)
    // A device or a pipe may never end.
    if (!statSync(path).isFile()) throw unreadable(shown, 'What exists at that path is not a file.')
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return undefined
    if (error instanceof SyntaxError || errnoOf(error) !== '') throw unreadable(shown, `${messageOf(error)}.`)
    throw error
  }
  const { dialect, entries } = (content ?? {}) as Readonly<Record<string, unknown>>
  // `pg` is what drizzle-kit wrote before 0.21.
  if (dialect !== 'postgresql' && dialect !== 'pg')
    throw fail('MIGRATIONS.NOT_POSTGRESQL', {
      what: `\`${shown}\` is for ${typeof dialect === 'string' ? `\`${dialect}\`` : 'no database'}.`,
      why: 'Airlock takes migrations to PostgreSQL only.',
      next: ['Run in the folder of the project that uses PostgreSQL: --cwd path/to/project'],
    })
  if (!Array.isArray(entries)) throw unreadable(shown, 'It has no list `entries`.')
  return entries.map((entry: unknown, index) => asEntry(entry) ?? refuse(shown, index))
}

function asEntry(entry: unknown): JournalEntry | undefined {
  const { tag, when } = (entry ?? {}) as Readonly<Record<string, unknown>>
  // The number becomes SQL, and the name a path.
  const isName = typeof tag === 'string' && tag !== '' && !/[/\\]/.test(tag)
  return isName && typeof when === 'number' && Number.isSafeInteger(when) ? { tag, when } : undefined
}

function refuse(shown: string, index: number): never {
  throw unreadable(shown, `Entry ${index} has no \`tag\` that names a file, or no whole number as \`when\`.`)
}

function unreadable(shown: string, why: string): FailureError {
  return fail('MIGRATIONS.JOURNAL_UNREADABLE', {
    what: `\`${shown}\` cannot be read.`,
    why,
    next: [`Restore it: git log --oneline -- ${shellWord(shown)}`],
  })
}
