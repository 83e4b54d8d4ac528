import { relative, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { FailureError } from '../errors.ts'
import type { Invocation } from '../invocation.ts'
import { detectSource, type FoundSource } from './detect-source.ts'
import { readDrizzleFolder } from './drizzle-folder.ts'
import { drizzleHistory } from './drizzle-history.ts'
import { readJournal } from './drizzle-journal.ts'
import { readDrizzleProject } from './drizzle-project.ts'
import { readNumberedFolder, supabaseNames } from './numbered-folder.ts'
import { ownHistory } from './own-records.ts'
import { readPrismaProject } from './prisma-project.ts'
import { openPrismaSource } from './prisma-source.ts'
import type { MigrationSource, NamesOfUrl, OtherSource } from './source.ts'
import { supabaseHistory } from './supabase-history.ts'

type Asked = Pick<Invocation, 'cwd' | 'migrations'>

/** What was said in the command, then in airlock.yml, then what the project folder has. */
export function findSource(
  { cwd, migrations }: Asked,
  { migrations: settings }: Pick<Config, 'migrations'>,
): FoundSource {
  const folder = isGiven(migrations) ? migrations : settings.folder
  return detectSource(cwd, { kind: settings.kind, folder })
}

/** For everything that touches a database. */
export async function openSource(asked: Asked, config: Pick<Config, 'migrations'>): Promise<MigrationSource> {
  const found = findSource(asked, config)
  return found.kind === 'prisma'
    ? await openPrismaSource(asked.cwd, { migrations: found.folder })
    : await openOther(asked.cwd, { ...found, kind: found.kind })
}

/** For commands that need no migrations: whatever of the project can be read. */
export async function urlNamesOf(root: string, config: Pick<Config, 'migrations'>): Promise<NamesOfUrl> {
  try {
    const { kind, folder } = findSource({ cwd: root, migrations: undefined }, config)
    if (kind === 'drizzle') return (await readDrizzleProject(root, folder)).urls
    if (kind !== 'prisma') return usualUrls
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
  }
  const reading = await readPrismaProject(root)
  return reading.kind === 'read' ? reading.project : usualUrls
}

const usualUrls: NamesOfUrl = {
  urlVariables: ['DATABASE_URL'],
  directUrlVariable: undefined,
  envFiles: { paths: [], expands: false },
}

interface FoundOther extends FoundSource {
  readonly kind: OtherSource['kind']
}

export async function openOther(root: string, { kind, folder }: FoundOther): Promise<OtherSource> {
  const given = folder === undefined ? undefined : resolve(root, folder)
  if (kind === 'drizzle') {
    const { migrationsPath, history, urls } = await readDrizzleProject(root, given)
    const journal = relative(root, migrationsPath)
    const names = () =>
      new Map(readJournal(migrationsPath, `${journal}/meta/_journal.json`)?.map(({ tag, when }) => [`${when}`, tag]))
    return {
      kind,
      root,
      migrationsPath,
      title: 'Drizzle',
      urls,
      order: 'bytes',
      readFolder: (applied) => readDrizzleFolder(migrationsPath, root, applied),
      historyIn: (schema) => drizzleHistory(history, schema, names),
    }
  }
  const migrationsPath = given ?? resolve(root, kind === 'supabase' ? 'supabase/migrations' : 'migrations')
  return {
    kind,
    root,
    migrationsPath,
    title: kind === 'supabase' ? 'Supabase migrations' : 'plain SQL',
    urls: usualUrls,
    order: 'bytes',
    readFolder: (applied) => readNumberedFolder(migrationsPath, root, kind, applied),
    historyIn: (schema) =>
      kind === 'supabase' ? supabaseHistory(schema, () => supabaseNames(migrationsPath)) : ownHistory(schema),
  }
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}
