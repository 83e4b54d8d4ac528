import { type Dirent, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { type Failure, messageOf } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import { readRegularText } from '../regular-file.ts'
import { errnoOf } from './errno.ts'
import { canBeSeen, noFolder, noLockFile, strangeName, together } from './folder-failures.ts'
import { checkLockFile } from './lock-file.ts'
import type { Migration } from './migration.ts'
import { type FolderNotice, migrationIn, readMigration } from './migration-file.ts'
import { compareNames, disputedPair, orderOf } from './order.ts'

export type { Migration, MigrationName } from './migration.ts'
export type { FolderNotice } from './migration-file.ts'

export interface MigrationsFolder {
  readonly path: string
  /** As Prisma would apply them. */
  readonly migrations: readonly Migration[]
  readonly notices: readonly FolderNotice[]
}

export type FolderReading =
  | { readonly kind: 'read'; readonly folder: MigrationsFolder }
  | { readonly kind: 'invalid'; readonly failure: Failure }

export interface FolderOptions {
  /** Reports name files relative to this folder. */
  readonly root: string
  /** Decides the order; without it the order of current versions. */
  readonly prismaVersion?: string | undefined
  /** What the history calls applied. Prisma never runs these again, and changing them now would make them edited: their content is not held against them. */
  readonly applied?: ReadonlySet<string>
}

export async function readMigrationsFolder(path: string, options: FolderOptions): Promise<FolderReading> {
  const shown = (...parts: string[]) => shownPath(options.root, join(path, ...parts))
  const entries = await list(path)
  if (!Array.isArray(entries)) return { kind: 'invalid', failure: noFolder(shown(), entries.because) }

  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  names.sort(compareNames(orderOf(options.prismaVersion)))
  const files = names.map((name) =>
    readMigration({
      ...migrationIn(path, name),
      file: shown(name, 'migration.sql'),
      tolerated: options.applied?.has(name) === true,
    }),
  )
  const problems = [
    await lockFileProblem(path, entries, shown),
    ...names
      .filter((name) => options.applied?.has(name) !== true && !canBeSeen(name))
      .map((name) => strangeName(name, shown())),
    ...files.map(({ problem }) => problem),
  ]
  const failure = together(
    problems.filter((one) => one !== undefined),
    `\`${shown()}\``,
  )
  if (failure !== undefined) return { kind: 'invalid', failure }
  const migrations = files.map(({ migration }) => migration).filter((one) => one !== undefined)
  const notices = [
    ...entries.flatMap((entry) => noticeOf(entry, shown(entry.name))),
    ...files.flatMap(({ notices }) => notices),
    // What is applied has its order already, and what is pending comes after it in any case.
    ...disputedOrder(
      names.filter((name) => options.applied?.has(name) !== true),
      shown(),
    ),
  ]
  return { kind: 'read', folder: { path, migrations, notices } }
}

export function shownPath(root: string, path: string): string {
  const inside = relative(root, path)
  const shown = inside === '' ? '.' : inside.startsWith('..') ? path : inside
  return shown.split(sep).join('/')
}

export async function list(path: string): Promise<Dirent[] | { readonly because: string }> {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    switch (errnoOf(error)) {
      case 'ENOENT':
        return { because: 'Nothing exists at that path.' }
      case 'ENOTDIR':
        return { because: 'What exists at that path is a file.' }
      default:
        return { because: `It cannot be listed: ${messageOf(error)}.` }
    }
  }
}

async function lockFileProblem(
  path: string,
  entries: readonly Dirent[],
  shown: (...parts: string[]) => string,
): Promise<Failure | undefined> {
  const file = shown('migration_lock.toml')
  try {
    return checkLockFile(await readRegularText(join(path, 'migration_lock.toml')), file)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return noLockFile(shown(), wrongLevel(path, entries))
    return {
      code: 'MIGRATIONS.LOCK_FILE_UNREADABLE',
      what: `\`${file}\` cannot be read.`,
      why: `${messageOf(error)}.`,
      next: [`Check what it is and who may read it: ls -ld ${shellWord(file)}`],
    }
  }
}

function wrongLevel(path: string, entries: readonly Dirent[]): string | undefined {
  if (entries.some(({ name }) => name === 'migration.sql'))
    return 'It holds a `migration.sql` itself, so it is one migration.'
  const inner = existsSync(join(path, 'migrations', 'migration_lock.toml'))
  return inner ? 'The folder `migrations` inside it has one.' : undefined
}

function noticeOf(entry: Dirent, file: string): readonly FolderNotice[] {
  if (entry.isSymbolicLink()) {
    return [
      {
        kind: 'ignored-link',
        file,
        text: `\`${file}\` is a symbolic link; Prisma ignores it and whatever it leads to.`,
      },
    ]
  }
  if (entry.isFile() && entry.name.endsWith('.sql')) {
    return [
      {
        kind: 'loose-file',
        file,
        text: `\`${file}\` lies beside the migrations; Prisma runs only \`migration.sql\` in a folder of its own.`,
      },
    ]
  }
  return []
}

function disputedOrder(names: readonly string[], file: string): readonly FolderNotice[] {
  const pair = disputedPair(names)
  if (pair === undefined) return []
  const text = `\`${pair[0]}\` and \`${pair[1]}\` sort differently by locale (Prisma from 6.6 on) and by bytes (before): rename them to begin with full timestamps before they are applied anywhere.`
  return [{ kind: 'disputed-order', file, text }]
}
