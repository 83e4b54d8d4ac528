import { createHash } from 'node:crypto'
import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Failure } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import { tokens } from '../sql/lexer.ts'
import { type FolderReading, list, shownPath } from './folder.ts'
import { canBeSeen, noFolder, noSql, strangeName, together } from './folder-failures.ts'
import type { Migration } from './migration.ts'
import { type FolderNotice, readMigration } from './migration-file.ts'
import { compareNumbers, type JudgedName, judgeName, judgeSupabaseName, type NumberedFile } from './numbered-names.ts'

export type NumberedKind = 'sql' | 'supabase'

/** A folder of plain files, each a migration, in the order of their numbers. */
export async function readNumberedFolder(
  path: string,
  root: string,
  kind: NumberedKind,
  applied: ReadonlySet<string> = new Set(),
): Promise<FolderReading> {
  const shown = (...parts: string[]) => shownPath(root, join(path, ...parts))
  const entries = await list(path)
  if (!Array.isArray(entries)) return { kind: 'invalid', failure: noFolder(shown(), entries.because, folderNext) }
  const judged = judgedIn(entries, kind)
  const files = judged.flatMap(({ verdict }) => (verdict.kind === 'migration' ? [verdict.file] : []))
  const ordered = kind === 'sql' ? files.toSorted(compareNumbers) : files
  const read = ordered.map((file) => {
    const tolerated = applied.has(file.name)
    const at = join(path, file.fileName)
    const one = readMigration({ name: file.name, at, file: shown(file.fileName), tolerated, absent: noSql })
    return { ...one, twoWays: !tolerated && one.migration !== undefined ? twoWays(one.migration) : undefined }
  })
  const problems = [
    ...ordered
      .filter(({ name }) => !applied.has(name) && !canBeSeen(name))
      .map(({ name }) => strangeName(name, shown())),
    sameNumber(ordered, shown()),
    ...(kind === 'supabase' ? [foldersInside(entries, shown())] : []),
    ...read.flatMap(({ problem, twoWays: both }) => [problem, both]),
  ].filter((one) => one !== undefined)
  const failure = together(problems, `\`${shown()}\``)
  if (failure !== undefined) return { kind: 'invalid', failure }
  const notices: readonly FolderNotice[] = judged.flatMap(({ fileName, verdict }) =>
    verdict.kind === 'left-out'
      ? [{ kind: 'loose-file', file: shown(fileName), text: `\`${shown(fileName)}\` ${verdict.because}.` }]
      : [],
  )
  const migrations = read.flatMap(({ migration }) => (migration === undefined ? [] : [migration]))
  return {
    kind: 'read',
    folder: {
      path,
      migrations: kind === 'sql' ? migrations : migrations.map(asSupabase),
      notices: [...notices, ...read.flatMap(({ notices: own }) => own)],
    },
  }
}

interface Judged {
  readonly fileName: string
  readonly verdict: JudgedName
}

/** By their names in the order of bytes, as Go lists a folder. */
function judgedIn(entries: readonly Dirent[], kind: NumberedKind): readonly Judged[] {
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return names.map((fileName, index) => ({
    fileName,
    verdict: kind === 'sql' ? judgeName(fileName) : judgeSupabaseName(fileName, index === 0),
  }))
}

/** The names of the migrations by what the Supabase CLI records of them; nothing where the folder cannot be listed. */
export function supabaseNames(path: string): ReadonlyMap<string, string> {
  const judged = judgedIn(readdirSync(path, { withFileTypes: true }), 'supabase')
  return new Map(
    judged.flatMap(({ verdict }) =>
      verdict.kind === 'migration' ? [[versionOf(verdict.file.name), verdict.file.name] as const] : [],
    ),
  )
}

function versionOf(name: string): string {
  return /^[0-9]+/.exec(name)?.[0] ?? name
}

/** Supabase keeps the statements and no checksum. Where it kept nothing, nothing can be compared. */
function asSupabase(migration: Migration): Migration {
  return {
    ...migration,
    otherChecksums: [...migration.otherChecksums, contentChecksum(migration.sql), ''],
    recordedAs: versionOf(migration.name),
  }
}

/** Of what the server reads of a text: comments, spaces and the marks between statements aside. */
export function contentChecksum(sql: string): string {
  const hash = createHash('sha256')
  for (const { start, end } of tokens(sql)) {
    const text = sql.slice(start, end)
    if (text !== ';') hash.update(`${text}\0`)
  }
  return hash.digest('hex')
}

function sameNumber(files: readonly NumberedFile[], shown: string): Failure | undefined {
  const index = files.findIndex((file, at) => {
    const before = files[at - 1]
    return before !== undefined && compareNumbers(before, file) === 0
  })
  const [one, two] = [files[index - 1], files[index]]
  if (one === undefined || two === undefined) return undefined
  return {
    code: 'MIGRATIONS.AMBIGUOUS_ORDER',
    what: `\`${one.fileName}\` and \`${two.fileName}\` in \`${shown}\` have the same number.`,
    why: 'Which of them is applied first would depend on how their names sort, and on nothing that anybody decided.',
    next: [
      'Give the one that is not applied anywhere a number of its own:',
      `git mv ${shellWord(`${shown}/${two.fileName}`)} …`,
    ],
  }
}

function foldersInside(entries: readonly Dirent[], shown: string): Failure | undefined {
  const folder = entries.find((entry) => entry.isDirectory() && /^[0-9]+_/.test(entry.name))
  if (folder === undefined) return undefined
  return {
    code: 'MIGRATIONS.UNSUPPORTED_LAYOUT',
    what: `\`${shown}/${folder.name}\` is a folder where a file is expected.`,
    why: 'Airlock applies the files `<timestamp>_name.sql` that lie in the folder itself.',
    next: [`Move its SQL into a file: ${shellWord(`${shown}/${folder.name}.sql`)}`],
  }
}

/** Tools that keep both ways in one file cut it at such a line; as a whole it would undo what it just did. */
const wayBack = /^[ \t]*--[ \t]*(?:\+goose[ \t]+down|migrate:down|\+migrate[ \t]+down|\/\/[ \t]*@undo)\b.*$/im

function twoWays({ sql, file }: Migration): Failure | undefined {
  const found = wayBack.exec(sql)
  if (found === null) return undefined
  const line = sql.slice(0, found.index).split('\n').length
  return {
    code: 'MIGRATIONS.TWO_WAYS',
    what: `\`${file}\` holds the way back as well: \`${found[0].trim()}\` in line ${line}.`,
    why: 'Airlock runs a file as a whole, and that would take back at once what it does.',
    next: ['Leave only the way forward in the file; the way back may lie beside it as `NAME.down.sql`.'],
  }
}

const folderNext = [
  'Name the folder that holds the numbered files: --migrations path/to/migrations',
  'Or say what wrote the migrations, in airlock.yml: migrations: { kind: …, folder: … }',
]
