import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { runProgram } from './programs.ts'
import { Unexpected } from './unexpected.ts'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const example = join(root, 'examples/shop')

/** A copy of examples/shop with a database of its own, as somebody would have it checked out. */
export class Shop implements AsyncDisposable {
  readonly folder: string
  readonly databaseUrl: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly #signal: AbortSignal

  private constructor(folder: string, databaseUrl: string, signal: AbortSignal) {
    this.folder = folder
    this.databaseUrl = databaseUrl
    this.#signal = signal
    // The terminal's environment without what would make Airlock believe it runs in GitHub Actions or on another database.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(GITHUB_|DIRECT_URL$|SLACK_|PG|CI$)/.test(name))
    this.env = { ...Object.fromEntries(inherited), DATABASE_URL: databaseUrl }
  }

  static async copy(databaseUrl: string, signal: AbortSignal): Promise<Shop> {
    const folder = join(await realpath(await mkdtemp(join(tmpdir(), 'airlock-demo-'))), 'shop')
    for (const name of ['package.json', 'prisma', 'prisma.config.ts', 'airlock.yml']) {
      await cp(join(example, name), join(folder, name), { recursive: true })
    }
    await mkdir(join(folder, 'node_modules'))
    await symlink(join(root, 'node_modules/prisma'), join(folder, 'node_modules/prisma'), 'junction')
    return new Shop(folder, databaseUrl, signal)
  }

  get kept(): string {
    return join(this.folder, '.airlock')
  }

  /** The project's own Prisma, with the schema engine that comes with Airlock. */
  async prisma(...args: readonly string[]): Promise<void> {
    const { code } = await runProgram(
      ['npx', 'prisma', ...args],
      [process.execPath, join(root, 'node_modules/prisma/build/index.js'), ...args],
      {
        cwd: this.folder,
        env: {
          ...this.env,
          PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'dist/schema-engine.mjs'),
          CHECKPOINT_DISABLE: '1',
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
        },
        signal: this.#signal,
        output: 'quiet',
      },
    )
    if (code !== 0) throw new Unexpected(`prisma ${args.join(' ')} ended with ${code}`)
  }

  /** Puts one of examples/shop/pending in front of Airlock; its name and text. */
  async addPending(character: string): Promise<{ readonly name: string; readonly path: string; readonly sql: string }> {
    const from = join(example, 'pending', character)
    const [name] = await readdir(from)
    if (name === undefined) throw new Error(`${from} is empty`)
    const path = `prisma/migrations/${name}/migration.sql`
    await cp(join(from, name), join(this.folder, dirname(path)), { recursive: true })
    return { name, path, sql: await readFile(join(this.folder, path), 'utf8') }
  }

  async write(path: string, text: string): Promise<void> {
    await writeFile(join(this.folder, path), text)
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8')
  }

  async removePending(name: string): Promise<void> {
    await rm(join(this.folder, 'prisma/migrations', name), { recursive: true })
  }

  /** What the database itself says. */
  async ask<Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl })
    await client.connect()
    try {
      return (await client.query<Row>(sql)).rows
    } finally {
      await client.end()
    }
  }

  async number(sql: string): Promise<number> {
    const [row] = await this.ask<{ value: number }>(sql)
    return Number(row?.value)
  }

  async hasColumn(table: string, column: string): Promise<boolean> {
    const sql = `SELECT count(*) AS value FROM information_schema.columns WHERE table_name = '${table}' AND column_name = '${column}'`
    return (await this.number(sql)) === 1
  }

  /** Leaves the reports and the backup, for whoever wants to look at them. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (join(this.folder, name) !== this.kept) await rm(join(this.folder, name), { recursive: true, force: true })
    }
    if ((await readdir(this.folder)).length === 0) await rm(dirname(this.folder), { recursive: true, force: true })
  }
}
