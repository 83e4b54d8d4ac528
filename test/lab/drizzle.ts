import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { tempFolder } from './temp.ts'

export interface DrizzleLab extends AsyncDisposable {
  readonly path: string
  /** The files as drizzle-kit leaves them behind: each of `migrations`, and the journal that names it. */
  write(migrations: readonly DrizzleFile[]): Promise<void>
  writeFile(path: string, content: string): Promise<void>
  /** `migrate()` of drizzle-orm itself. */
  migrate(url: string): Promise<void>
}

export interface DrizzleFile {
  readonly tag: string
  readonly when: number
  readonly sql: string
}

/** A project that uses Drizzle, as far as applying its migrations goes. */
export async function createDrizzleProject(files: Readonly<Record<string, string>> = {}): Promise<DrizzleLab> {
  const folder = await tempFolder('airlock-drizzle-')
  const writeText = async (path: string, content: string) => {
    await mkdir(dirname(join(folder.path, path)), { recursive: true })
    await writeFile(join(folder.path, path), content)
  }
  const write: DrizzleLab['write'] = async (migrations) => {
    const entries = migrations.map(({ tag, when }, idx) => ({ idx, version: '7', when, tag, breakpoints: true }))
    await writeText(
      'drizzle/meta/_journal.json',
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2),
    )
    for (const { tag, sql } of migrations) await writeText(`drizzle/${tag}.sql`, sql)
  }
  const config = `import { defineConfig } from 'drizzle-kit'\n\nexport default defineConfig({\n  dialect: 'postgresql',\n  schema: './src/schema.ts',\n  out: './drizzle',\n  dbCredentials: { url: process.env.DATABASE_URL! },\n})\n`
  for (const [path, content] of Object.entries({ 'drizzle.config.ts': config, ...files }))
    await writeText(path, content)
  return {
    path: folder.path,
    write,
    writeFile: writeText,
    async migrate(url) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        await migrate(drizzle(client), { migrationsFolder: join(folder.path, 'drizzle') })
      } finally {
        await client.end()
      }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

export function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}
