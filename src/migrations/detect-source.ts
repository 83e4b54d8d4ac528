import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fail } from '../errors.ts'
import { locateConfig } from './config-location.ts'
import { hasJournal, locateDrizzleConfig } from './drizzle-project.ts'
import { judgeName } from './numbered-names.ts'
import type { SourceKind } from './source.ts'

export interface FoundSource {
  readonly kind: SourceKind
  /** Relative to the project; left out where the kind itself says where to look. */
  readonly folder: string | undefined
}

interface Trace {
  readonly kind: SourceKind
  /** What says so. */
  readonly by: string
}

/** What wrote the migrations. What is said counts, then the folder that was named, then what lies in the project. */
export function detectSource(
  root: string,
  { kind, folder }: { readonly kind: SourceKind | undefined; readonly folder: string | undefined },
): FoundSource {
  if (kind !== undefined) return { kind, folder: folder ?? usualFolder(root, kind) }
  if (folder !== undefined) return { kind: kindOfFolder(root, resolve(root, folder)), folder }
  const traces = tracesIn(root)
  const [first, ...others] = traces
  if (first === undefined) return withoutTrace(root)
  if (others.length > 0) throw several(traces)
  return { kind: first.kind, folder: undefined }
}

function tracesIn(root: string): readonly Trace[] {
  const drizzle = locateDrizzleConfig(root)
  return [
    ...prismaTrace(root),
    ...(drizzle !== undefined
      ? [{ kind: 'drizzle' as const, by: relative(root, drizzle) }]
      : hasJournal(join(root, 'drizzle'))
        ? [{ kind: 'drizzle' as const, by: 'drizzle/meta/_journal.json' }]
        : []),
    ...(hasNumberedFiles(join(root, 'supabase/migrations'))
      ? [{ kind: 'supabase' as const, by: 'supabase/migrations' }]
      : []),
  ]
}

function prismaTrace(root: string): readonly Trace[] {
  const config = locateConfig(root, undefined)
  const path =
    config ??
    ['schema.prisma', 'prisma/schema.prisma', 'prisma/schema'].map((name) => join(root, name)).find(existsSync)
  if (path !== undefined) return [{ kind: 'prisma', by: relative(root, path) }]
  return isNamedByPackage(root) ? [{ kind: 'prisma', by: 'package.json' }] : []
}

/** Prisma 6 lets package.json say where its schema is. */
function isNamedByPackage(root: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    return typeof content === 'object' && content !== null && 'prisma' in content
  } catch {
    // Whoever needs that file says what is wrong with it.
    return false
  }
}

const plainFolders = ['migrations', 'db/migrations', 'sql/migrations'] as const

/** A folder of SQL by itself says little, so it counts only where nothing else is found. What is left is a Prisma project that says what it lacks. */
function withoutTrace(root: string): FoundSource {
  const folder = plainFolders.find((name) => isPlain(join(root, name)))
  return folder === undefined ? { kind: 'prisma', folder: undefined } : { kind: 'sql', folder }
}

function usualFolder(root: string, kind: SourceKind): string | undefined {
  return kind === 'sql' ? plainFolders.find((name) => isPlain(join(root, name))) : undefined
}

function kindOfFolder(root: string, path: string): SourceKind {
  if (hasJournal(path)) return 'drizzle'
  if (!isPlain(path)) return 'prisma'
  return path === resolve(root, 'supabase/migrations') || /[/\\]supabase[/\\]migrations[/\\]?$/.test(path)
    ? 'supabase'
    : 'sql'
}

function isPlain(path: string): boolean {
  return !existsSync(join(path, 'migration_lock.toml')) && hasNumberedFiles(path)
}

function hasNumberedFiles(path: string): boolean {
  return namesIn(path).some((name) => judgeName(name).kind === 'migration')
}

/** A folder that is not there, or may not be listed, is told as such by whoever reads it. */
function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function several(traces: readonly Trace[]) {
  const kinds = traces.map(({ kind, by }) => `${kind} (\`${by}\`)`).join(' and ')
  return fail('PROJECT.SEVERAL_SOURCES', {
    what: `The project has migrations of more than one kind: ${kinds}.`,
    why: 'Which of them make up the database cannot be told, and a plan must not be made from the wrong ones.',
    next: ['Say which, in airlock.yml:', `migrations: { kind: ${traces[0]?.kind ?? 'prisma'} }`],
  })
}
