import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FailureCode } from '../../src/errors.ts'
import { additive, init, initName, pendingName } from './shop.ts'

/** Run against a database in which `init` is applied and the other one is pending. */
export interface BrokenProject {
  readonly title: string
  /** Given the project's folder. */
  readonly breakIt: (path: string) => Promise<unknown>
  readonly code: FailureCode
  /** What the message has to name. */
  readonly names: string
  /** `check` looks at migrations and configuration alone: for it the rest is not broken. */
  readonly check: 'fails too' | 'does not look'
}

const pendingFolder = `prisma/migrations/${pendingName}`
const sqlFile = `${pendingFolder}/migration.sql`
const lockFile = 'prisma/migrations/migration_lock.toml'

const write = (file: string, content: string | Uint8Array) => async (path: string) => {
  await mkdir(dirname(join(path, file)), { recursive: true })
  await writeFile(join(path, file), content)
}
const remove = (file: string) => (path: string) => rm(join(path, file), { recursive: true })
const sql = (content: string | Uint8Array) => write(sqlFile, content)
const prisma = (version: string) => async (path: string) => {
  await rm(join(path, 'node_modules/prisma'))
  await write('node_modules/prisma/package.json', JSON.stringify({ version, bin: { prisma: 'cli.js' } }))(path)
  await write('node_modules/prisma/cli.js', 'throw new Error("started although it is not supported")')(path)
}

export const brokenProjects: readonly BrokenProject[] = [
  {
    title: 'a missing migrations folder',
    breakIt: remove('prisma/migrations'),
    code: 'MIGRATIONS.NO_FOLDER',
    names: 'prisma/migrations',
    check: 'fails too',
  },
  {
    title: 'a folder without migration_lock.toml',
    breakIt: remove(lockFile),
    code: 'MIGRATIONS.NO_LOCK_FILE',
    names: 'migration_lock.toml',
    check: 'fails too',
  },
  {
    title: 'a lock file for MySQL',
    breakIt: write(lockFile, 'provider = "mysql"\n'),
    code: 'MIGRATIONS.NOT_POSTGRESQL',
    names: 'mysql',
    check: 'fails too',
  },
  {
    title: 'a lock file with the marks of a merge',
    breakIt: write(lockFile, '<<<<<<< HEAD\nprovider = "postgresql"\n=======\n>>>>>>> other\n'),
    code: 'MIGRATIONS.LOCK_FILE_UNREADABLE',
    names: lockFile,
    check: 'fails too',
  },
  { title: 'an empty migration.sql', breakIt: sql(''), code: 'MIGRATIONS.EMPTY', names: sqlFile, check: 'fails too' },
  {
    title: 'a migration.sql of white space',
    breakIt: sql('\n \t\n'),
    code: 'MIGRATIONS.EMPTY',
    names: sqlFile,
    check: 'fails too',
  },
  {
    title: 'a migration folder without its file',
    breakIt: remove(sqlFile),
    code: 'MIGRATIONS.NO_SQL',
    names: pendingFolder,
    check: 'fails too',
  },
  {
    title: 'a migration.sql that is a folder',
    breakIt: async (path) => {
      await rm(join(path, sqlFile))
      await mkdir(join(path, sqlFile))
    },
    code: 'MIGRATIONS.UNREADABLE',
    names: sqlFile,
    check: 'fails too',
  },
  {
    title: 'a migration.sql that leads in a circle',
    breakIt: async (path) => {
      await rm(join(path, sqlFile))
      await symlink('migration.sql', join(path, sqlFile))
    },
    code: 'MIGRATIONS.UNREADABLE',
    names: sqlFile,
    check: 'fails too',
  },
  {
    title: 'a migration.sql in Latin-1',
    breakIt: sql(Buffer.from('INSERT INTO "User" (email) VALUES (\'caf\u00e9\');\n', 'latin1')),
    code: 'MIGRATIONS.NOT_UTF8',
    names: sqlFile,
    check: 'fails too',
  },
  {
    title: 'a migration.sql in UTF-16',
    breakIt: sql(Buffer.from(`\ufeff${additive}`, 'utf16le')),
    code: 'MIGRATIONS.NOT_UTF8',
    names: 'UTF-16',
    check: 'fails too',
  },
  {
    title: 'a migration.sql with a byte order mark',
    breakIt: sql(`\ufeff${additive}`),
    code: 'MIGRATIONS.BYTE_ORDER_MARK',
    names: sqlFile,
    check: 'fails too',
  },
  {
    title: 'SQL that does not parse',
    breakIt: sql('ALTER TABLE "User" ADD COLUMN "name" TEXT;\nALTER TABEL "User" ADD COLUMN "age" INT;\n'),
    code: 'SQL.SYNTAX',
    names: `${sqlFile}:2:`,
    check: 'fails too',
  },
  {
    title: 'a command of psql',
    breakIt: sql('\\copy "User" FROM \'users.csv\'\n'),
    code: 'SQL.SYNTAX',
    names: `${sqlFile}:1:`,
    check: 'fails too',
  },
  {
    title: 'an applied migration that was edited',
    breakIt: write(`prisma/migrations/${initName}/migration.sql`, `${init}CREATE TABLE "Late" ("id" INT);\n`),
    code: 'HISTORY.EDITED',
    names: initName,
    check: 'does not look',
  },
  {
    title: 'a history ahead of the folder',
    breakIt: remove(`prisma/migrations/${initName}`),
    code: 'HISTORY.MISSING_FROM_FOLDER',
    names: initName,
    check: 'does not look',
  },
  {
    title: 'no Prisma',
    breakIt: remove('node_modules/prisma'),
    code: 'PRISMA.NOT_INSTALLED',
    names: 'node_modules/prisma',
    check: 'does not look',
  },
  {
    title: 'half of a Prisma',
    breakIt: async (path) => {
      await rm(join(path, 'node_modules/prisma'))
      await mkdir(join(path, 'node_modules/prisma'))
      await writeFile(join(path, 'node_modules/prisma/package.json'), '{"version": "7.')
    },
    code: 'PRISMA.NOT_INSTALLED',
    names: 'node_modules/prisma',
    check: 'does not look',
  },
  { title: 'Prisma 5', breakIt: prisma('5.22.0'), code: 'PRISMA.UNSUPPORTED', names: '5.22.0', check: 'does not look' },
  {
    title: 'Prisma 8',
    breakIt: prisma('8.0.0-rc.3'),
    code: 'PRISMA.UNSUPPORTED',
    names: '8.0.0-rc.3',
    check: 'does not look',
  },
  {
    title: 'no schema',
    breakIt: remove('prisma/schema.prisma'),
    code: 'PROJECT.NO_SCHEMA',
    names: 'schema',
    check: 'fails too',
  },
  {
    title: 'a schema for SQLite',
    breakIt: write('prisma/schema.prisma', 'datasource db {\n  provider = "sqlite"\n}\n'),
    code: 'PROJECT.NOT_POSTGRESQL',
    names: 'sqlite',
    check: 'fails too',
  },
  {
    title: 'a URL that is written out in prisma.config.ts',
    breakIt: write(
      'prisma.config.ts',
      "import { defineConfig } from 'prisma/config'\nexport default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' }, datasource: { url: 'postgresql://app:Zw9vault81@10.0.0.5/shop' } })\n",
    ),
    code: 'PROJECT.URL_NOT_FROM_ENV',
    names: 'prisma.config.ts',
    check: 'does not look',
  },
  {
    title: 'a prisma.config.ts that computes the path of the migrations',
    breakIt: write(
      'prisma.config.ts',
      "import { defineConfig, env } from 'prisma/config'\nexport default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: pathOf('migrations') }, datasource: { url: env('DATABASE_URL') } })\n",
    ),
    code: 'PROJECT.CONFIG_UNREADABLE',
    names: "pathOf('migrations')",
    check: 'fails too',
  },
  {
    title: 'an airlock.yml with unknown keys, wrong values and settings of later releases',
    breakIt: write(
      'airlock.yml',
      'version: 1\nenvironments:\n  production:\n    lock-timeout: 0s\n    lock_wait: 3s\n    backup: { encrypt-to: [age1abc] }\nrules:\n  ban-drop-colum: off\n',
    ),
    code: 'CONFIG.INVALID',
    names: 'line 4',
    check: 'fails too',
  },
  {
    title: 'an airlock.yml that is not YAML',
    breakIt: write('airlock.yml', 'version: 1\nenvironments: {\n'),
    code: 'CONFIG.INVALID',
    names: 'airlock.yml',
    check: 'fails too',
  },
  {
    title: 'an airlock.yml that is a folder',
    breakIt: (path) => mkdir(join(path, 'airlock.yml')),
    code: 'CONFIG.UNREADABLE',
    names: 'airlock.yml',
    check: 'fails too',
  },
  {
    title: 'an airlock.yml that names other environments',
    breakIt: write('airlock.yml', 'version: 1\nenvironments: { staging: {} }\n'),
    code: 'CONFIG.UNKNOWN_ENVIRONMENT',
    names: 'staging',
    check: 'fails too',
  },
]
