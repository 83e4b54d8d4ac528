import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tempFolder } from '../lab/temp.ts'
import { airlockJson, type JsonRun } from './airlock.ts'

/** Whatever a folder holds, `check` ends by itself, says what it found and where, and never that there is nothing. */

const withinMs = 60_000

async function check(
  prepare: string | Buffer | ((migrations: string) => void),
  args: readonly string[] = [],
): Promise<JsonRun> {
  await using folder = await tempFolder('airlock-hostile-')
  const migrations = join(folder.path, 'prisma/migrations')
  mkdirSync(join(migrations, '1_a'), { recursive: true })
  writeFileSync(join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n')
  if (typeof prepare === 'function') prepare(migrations)
  else writeFileSync(join(migrations, '1_a/migration.sql'), prepare)
  return await airlockJson(['check', '--migrations', 'prisma/migrations', ...args], { cwd: folder.path })
}

const harmless = (migrations: string) => writeFileSync(join(migrations, '1_a/migration.sql'), 'SELECT 1;\n')
const fifo = (path: string) => {
  rmSync(path, { force: true, recursive: true })
  if (spawnSync('mkfifo', [path]).status !== 0) throw new Error(`mkfifo ${path}`)
}
const link = (to: string, path: string) => {
  rmSync(path, { force: true })
  symlinkSync(to, path)
}

describe('SQL that cannot be read fails with its place', { timeout: withinMs }, () => {
  it.each<readonly [string, string, string]>([
    ['a misspelt word', 'SELECT 1;\nSELEC 2;', ':2:1 '],
    ['a place behind characters of several bytes', "-- 😀\nCOMMENT ON TABLE a IS '😀é'; SELEC 1", ':2:29 '],
    ['a place behind lines that end with a carriage return', '-- a\rSELECT 1;\rSELEC 2', ':3:1 '],
    ['a place behind CRLF', 'SELECT 1;\r\n  SELEC 2;\r\n', ':2:3 '],
    ['a command of psql', 'DROP TABLE a;\n\\i other.sql\n', 'commands of psql'],
    ['data of COPY', 'COPY a FROM stdin;\n1\tx;y\n\\.\nDROP TABLE b;\n', 'COPY … FROM stdin'],
    ['a string that is never closed', "DROP TABLE a; SELECT 'abc\n;", ':1:22 '],
    ['a name that is never closed', 'DROP TABLE a; SELECT "abc\n;', ':1:22 '],
    ['a comment that is never closed', 'DROP TABLE a; /* abc\n;', ':1:15 '],
    ['a comment that swallows everything', '/* a /* b */ DROP TABLE a;', ':1:1 '],
    ['a dollar quote that is never closed', 'DROP TABLE a; DO $$ abc\n;', ':1:18 '],
    ['parentheses 50,000 deep', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)};`, ':1:'],
    ['a sum of 50,000', `SELECT 1${'+1'.repeat(50_000)};`, 'nested too deeply'],
  ])('%s', async (_title, sql, place) => {
    const { result, exitCode } = await check(sql)
    expect(exitCode).toBe(2)
    expect(result.failure?.code).toBe('SQL.SYNTAX')
    expect(result.failure?.why).toContain(place)
  })
})

describe('what is lost is found at its place behind', { timeout: withinMs }, () => {
  const long = `$${'t'.repeat(200)}$`
  it.each<readonly [string, string, number, number]>([
    ['CRLF', '-- a\r\nDROP TABLE "User";\r\n', 2, 1],
    ['lines that end with a carriage return', '-- Drop\rDROP TABLE "User";\r', 2, 1],
    ['emoji and names beyond the basic plane', 'SELECT \'😀\'; DROP TABLE "𝒳😀";', 1, 13],
    ['a dollar tag of 200 characters', `SELECT ${long};${long};\nDROP TABLE a;`, 2, 1],
    ['an escape string with a quote', "SELECT E'a\\'; DROP TABLE x; --'; DROP TABLE a;", 1, 34],
    ['nested comments', '/* a /* b */ ; DROP TABLE x; */ DROP TABLE a;', 1, 33],
    ['a condition of 20,000 parts', `DELETE FROM t WHERE ${'a = 1 OR '.repeat(20_000)}false;\nDROP TABLE a;`, 2, 1],
  ])('%s', async (_title, sql, line, column) => {
    const { result, exitCode } = await check(sql)
    expect(exitCode).toBe(3)
    expect(result.findings.filter(({ rule }) => rule === 'ban-drop-table')).toMatchObject([{ line, column }])
  })

  it('a name in Unicode escapes, under the name it stands for', async () => {
    const { result } = await check('DROP TABLE U&"d\\0061ta";')
    expect(result.migrations[0]?.statements[0]?.effects.loses).toEqual([{ kind: 'table', name: 'public.data' }])
  })

  it('ten thousand statements, on as many lines or on one', { timeout: 3 * withinMs }, async () => {
    for (const end of ['\n', ' ']) {
      const sql = Array.from({ length: 10_000 }, (_, index) => `ALTER TABLE "t${index % 50}" ADD "c${index}" INT;`)
      const { result } = await check(`${sql.join(end)}${end}DROP TABLE a;`)
      expect(result.migrations[0]?.statements).toHaveLength(10_001)
      expect(result.findings.filter(({ rule }) => rule === 'ban-drop-table')).toMatchObject([
        end === '\n' ? { line: 10_001, column: 1 } : { line: 1, column: sql.join(' ').length + 2 },
      ])
    }
  })
})

describe('what is no SQL file has one message', { timeout: withinMs }, () => {
  const at = (migrations: string) => join(migrations, '1_a/migration.sql')
  it.each<readonly [string, string | Buffer | ((migrations: string) => void), string]>([
    ['an empty file', '', 'MIGRATIONS.EMPTY'],
    ['a file of blanks', ' \n\t', 'MIGRATIONS.EMPTY'],
    ['a byte-order mark', '\uFEFFDROP TABLE a;', 'MIGRATIONS.BYTE_ORDER_MARK'],
    ['a NUL byte', Buffer.from('DROP TABLE a;\0'), 'MIGRATIONS.NOT_UTF8'],
    ['a folder', (migrations) => mkdirSync(at(migrations)), 'MIGRATIONS.UNREADABLE'],
    ['nothing', () => undefined, 'MIGRATIONS.NO_SQL'],
    ['a link to itself', (migrations) => link('migration.sql', at(migrations)), 'MIGRATIONS.UNREADABLE'],
    ['a pipe', (migrations) => fifo(at(migrations)), 'MIGRATIONS.UNREADABLE'],
    ['a device', (migrations) => link('/dev/zero', at(migrations)), 'MIGRATIONS.UNREADABLE'],
    [
      'a pipe for a lock file',
      (migrations) => fifo(join(migrations, 'migration_lock.toml')),
      'MIGRATIONS.LOCK_FILE_UNREADABLE',
    ],
    [
      'a device for a lock file',
      (migrations) => link('/dev/zero', join(migrations, 'migration_lock.toml')),
      'MIGRATIONS.LOCK_FILE_UNREADABLE',
    ],
    ['a name with control characters', (migrations) => mkdirSync(join(migrations, '2_\u001b[31m')), 'MIGRATIONS.'],
  ])('%s', async (_title, prepare, code) => {
    const { result, exitCode } = await check(prepare)
    expect(exitCode).toBe(2)
    expect(`${result.failure?.code} ${result.failure?.why}`).toContain(code)
  })

  it('a file of comments alone is read and does nothing', async () => {
    const { result, exitCode } = await check('-- nothing\n/* x */\n')
    expect([exitCode, result.outcome, result.migrations[0]?.statements]).toEqual([0, 'clear', []])
  })

  it('links, pipes and loops beside the migrations are passed over', async () => {
    const { exitCode } = await check((migrations) => {
      harmless(migrations)
      link('.', join(migrations, 'self'))
      link('loop', join(migrations, 'loop'))
      fifo(join(migrations, 'pipe'))
    })
    expect(exitCode).toBe(0)
  })
})

describe('a configuration that never ends is not waited for', { timeout: withinMs }, () => {
  it.each<readonly [string, (file: string) => void]>([
    ['a pipe', fifo],
    ['a folder', (file) => void mkdirSync(file)],
    ['a device', (file) => link('/dev/zero', file)],
    ['a link to itself', (file) => link('airlock.yml', file)],
  ])('%s', async (_title, make) => {
    const { result, exitCode } = await check((migrations) => {
      harmless(migrations)
      make(join(migrations, '../../airlock.yml'))
    })
    expect([exitCode, result.failure?.code]).toEqual([2, 'CONFIG.UNREADABLE'])
  })

  it.each(['/dev/stdin', '/dev/urandom'])('%s', async (config) => {
    const { result, exitCode } = await check(harmless, ['--config', config])
    expect([exitCode, result.failure?.code]).toEqual([2, 'CONFIG.UNREADABLE'])
  })
})

describe('a report that cannot be written is said', { timeout: withinMs }, () => {
  it.each(['/proc/nope', '/proc/nope/deeper', '/dev/null', '/dev/full/x'])('%s', async (folder) => {
    const { stderr, exitCode } = await check(harmless, ['--report-dir', folder])
    expect(exitCode).toBe(0)
    expect(stderr).toContain('the report could not be written')
  })
})
