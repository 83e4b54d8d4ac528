import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Failure, messageOf } from '../errors.ts'
import { errnoOf } from './errno.ts'
import { type FileText, readText } from './file-text.ts'
import { empty, noSql, notText, unreadable } from './folder-failures.ts'
import { asMigrationName, type Migration } from './migration.ts'

/** Something worth knowing about the folder that stops nobody. */
export interface FolderNotice {
  readonly kind: 'loose-file' | 'ignored-link' | 'does-nothing' | 'disputed-order' | 'tolerated'
  readonly file: string
  readonly text: string
}

export interface OneMigration {
  readonly migration?: Migration
  readonly problem?: Failure
  readonly notices: readonly FolderNotice[]
}

export interface MigrationPlace {
  readonly name: string
  /** Of the file with the SQL. */
  readonly at: string
  /** The same, as reports name it. */
  readonly file: string
  /** The content of an applied migration is not held against it. */
  readonly tolerated: boolean
  /** What is said where the file does not exist. */
  readonly absent: (file: string) => Failure
}

/** As Prisma lays it out: in a folder of its own. */
export function migrationIn(folder: string, name: string): MigrationPlace {
  return {
    name,
    at: join(folder, name, 'migration.sql'),
    file: `${name}/migration.sql`,
    tolerated: false,
    absent: noSql,
  }
}

export function readMigration({ name, at, file, tolerated, absent }: MigrationPlace): OneMigration {
  let bytes: Buffer
  try {
    const found = statSync(at)
    // A device or a pipe may never end.
    if (!found.isFile() && !found.isDirectory()) {
      return { problem: unreadable(file, 'What exists at that path is not a file.'), notices: [] }
    }
    // Synchronously: for a thousand small files that is several times faster.
    bytes = readFileSync(at)
  } catch (error) {
    return {
      problem: errnoOf(error) === 'ENOENT' ? absent(file) : unreadable(file, `${messageOf(error)}.`),
      notices: [],
    }
  }
  const text = readText(bytes)
  const problem = contentProblem(text, file, bytes.length)
  if (problem !== undefined && !tolerated) return { problem, notices: [] }
  const migration: Migration = {
    name: asMigrationName(name),
    path: dirname(at),
    file,
    sql: text.sql,
    bytes: bytes.length,
    checksum: sha256(text.sql),
    get otherChecksums() {
      return [text.sql.replaceAll('\r\n', '\n'), text.sql.replaceAll('\n', '\r\n')].map(sha256)
    },
  }
  return { migration, notices: noticesOf(text, problem, file) }
}

function contentProblem(text: FileText, file: string, bytes: number): Failure | undefined {
  if (text.kind === 'empty') return empty(file, bytes)
  return text.kind === 'not-text' ? notText(file, text.problem) : undefined
}

function noticesOf(text: FileText, problem: Failure | undefined, file: string): readonly FolderNotice[] {
  if (problem !== undefined) {
    return [{ kind: 'tolerated', file, text: `${problem.what} It is applied already, so it stays as it is.` }]
  }
  if (text.kind === 'text' && text.emptiness === 'comments-only') {
    return [
      {
        kind: 'does-nothing',
        file,
        text: `\`${file}\` holds comments only: it is recorded as applied and does nothing.`,
      },
    ]
  }
  return []
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
