import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Failure, FailureError } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import { commentsOf } from '../sql/comments.ts'
import { readJournal } from './drizzle-journal.ts'
import { type FolderReading, list, shownPath } from './folder.ts'
import { canBeSeen, noFolder, strangeName, together } from './folder-failures.ts'
import type { Migration } from './migration.ts'
import { readMigration } from './migration-file.ts'

const marker = '--> statement-breakpoint'

/** The files that the journal names, in its order, as Drizzle itself goes through them. */
export async function readDrizzleFolder(
  path: string,
  root: string,
  applied: ReadonlySet<string> = new Set(),
): Promise<FolderReading> {
  const shown = (...parts: string[]) => shownPath(root, join(path, ...parts))
  try {
    const entries = readJournal(path, shown('meta', '_journal.json'))
    if (entries === undefined) return { kind: 'invalid', failure: await noJournal(path, shown()) }
    const known = new Set(entries.map(({ tag }) => `${tag}.sql`))
    const files = entries.map(({ tag, when }) => {
      const file = shown(`${tag}.sql`)
      const one = readMigration({ name: tag, at: join(path, `${tag}.sql`), file, tolerated: applied.has(tag), absent })
      return one.migration === undefined ? one : { ...one, ...asDrizzleRunsIt(one.migration, when) }
    })
    const problems = [
      ...entries.filter(({ tag }) => !canBeSeen(tag)).map(({ tag }) => strangeName(tag, shown())),
      ...files.map(({ problem }) => problem),
    ].filter((one) => one !== undefined)
    const failure = together(problems, `\`${shown()}\``)
    if (failure !== undefined) return { kind: 'invalid', failure }
    const listed = await list(path)
    const loose = Array.isArray(listed) ? listed.filter(({ name }) => name.endsWith('.sql') && !known.has(name)) : []
    return {
      kind: 'read',
      folder: {
        path,
        migrations: files.flatMap(({ migration }) => (migration === undefined ? [] : [migration])),
        notices: [
          ...loose.map(({ name }) => ({
            kind: 'loose-file' as const,
            file: shown(name),
            text: `\`${shown(name)}\` is not in the journal, so neither Drizzle nor Airlock applies it.`,
          })),
          ...files.flatMap(({ notices }) => notices),
        ],
      },
    }
  } catch (error) {
    if (error instanceof FailureError) return { kind: 'invalid', failure: error.failure }
    throw error
  }
}

/**
 * Drizzle sends what stands between two markers on its own. The marker is a comment, so the file means the same as a whole,
 * unless the statement before it lacks its semicolon: then that goes where the marker begins, and nothing moves.
 */
function asDrizzleRunsIt(
  migration: Migration,
  when: number,
): { readonly migration?: Migration; readonly problem?: Failure } {
  const { sql, file } = migration
  const recordedAs = String(when)
  if (!sql.includes(marker)) return { migration: withText(migration, sql, recordedAs) }
  const places = new Set([...commentsOf(sql)].map(({ start }) => start))
  let text = ''
  let from = 0
  for (let at = sql.indexOf(marker); at >= 0; at = sql.indexOf(marker, from)) {
    if (!places.has(at)) return { problem: splitInside(file, sql.slice(0, at).split('\n').length) }
    const before = sql.slice(from, at)
    text += before
    text += before.trimEnd().endsWith(';') || before.trim() === '' ? marker : marker.replace('-->', ';--')
    from = at + marker.length
  }
  return { migration: withText(migration, text + sql.slice(from), recordedAs) }
}

/** A spread would call the getter of the other checksums, which costs two hashes of every file. */
function withText(migration: Migration, sql: string, recordedAs: string): Migration {
  return {
    name: migration.name,
    path: migration.path,
    file: migration.file,
    sql,
    bytes: migration.bytes,
    checksum: migration.checksum,
    get otherChecksums() {
      return migration.otherChecksums
    },
    recordedAs,
  }
}

function splitInside(file: string, line: number): Failure {
  return {
    code: 'MIGRATIONS.UNSUPPORTED_LAYOUT',
    what: `\`${file}\` has \`${marker}\` in the middle of a text, in line ${line}.`,
    why: 'Drizzle cuts the file there, whatever stands around it, and sends two halves that mean nothing.',
    next: [`Put the marker between two statements, on a line of its own: ${shellWord(file)}`],
  }
}

function absent(file: string): Failure {
  return {
    code: 'MIGRATIONS.NO_SQL',
    what: `There is no \`${file}\`, and the journal names it.`,
    why: 'Drizzle stops at such an entry and applies nothing.',
    next: [`Restore the file: git checkout -- ${shellWord(file)}`],
  }
}

async function noJournal(path: string, shown: string): Promise<Failure> {
  const entries = await list(path)
  if (!Array.isArray(entries)) return noFolder(shown, entries.because, drizzleNext)
  if (entries.some((entry) => entry.isDirectory() && isFile(join(path, entry.name, 'migration.sql'))))
    return {
      code: 'MIGRATIONS.UNSUPPORTED_LAYOUT',
      what: `\`${shown}\` has a folder for each migration, as drizzle-kit 1.0 writes them.`,
      why: 'That version is a release candidate and records migrations in another way; Airlock applies what drizzle-orm 0.45 applies.',
      next: ['Use drizzle-kit 0.31 and drizzle-orm 0.45 until 1.0 is released.'],
    }
  return noFolder(`${shown}/meta/_journal.json`, 'Drizzle reads from it which files are migrations.', drizzleNext)
}

const drizzleNext = [
  'Name the folder that holds `meta/_journal.json`: --migrations path/to/drizzle',
  'A project without migrations creates its first one: npx drizzle-kit generate',
]

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
