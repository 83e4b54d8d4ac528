import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { Failure } from '../../src/errors.ts'
import { type FolderOptions, type MigrationsFolder, readMigrationsFolder } from '../../src/migrations/folder.ts'

const roots: string[] = []
const lock = '# Kept in version control\nprovider = "postgresql"\n'

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** A project with these files below `prisma/migrations`; `undefined` is a folder. */
function project(files: Readonly<Record<string, string | Uint8Array | undefined>>, withLock = true): string {
  const root = mkdtempSync(join(tmpdir(), 'airlock-folder-'))
  roots.push(root)
  mkdirSync(join(root, 'prisma/migrations'), { recursive: true })
  const all = withLock ? { 'migration_lock.toml': lock, ...files } : files
  for (const [name, content] of Object.entries(all)) {
    const path = join(root, 'prisma/migrations', name)
    mkdirSync(content === undefined ? path : dirname(path), { recursive: true })
    if (content !== undefined) writeFileSync(path, content)
  }
  return root
}

async function read(root: string, options: Partial<FolderOptions> = {}, path = 'prisma/migrations') {
  return await readMigrationsFolder(join(root, path), { root, ...options })
}

async function folderOf(root: string, options: Partial<FolderOptions> = {}): Promise<MigrationsFolder> {
  const reading = await read(root, options)
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.failure))
  return reading.folder
}

async function failureOf(root: string, options: Partial<FolderOptions> = {}, path?: string): Promise<Failure> {
  const reading = await read(root, options, path)
  if (reading.kind !== 'invalid') throw new Error('accepted')
  return reading.failure
}

describe('a migrations folder', () => {
  test('is read in the order of Prisma, with the checksum of each file’s bytes', async () => {
    const sql = 'CREATE TABLE "Ä" ();\r\n'
    const folder = await folderOf(
      project({ '02_b/migration.sql': 'SELECT 2', '10_c/migration.sql': 'SELECT 10', '01_a/migration.sql': sql }),
    )
    expect(folder.migrations.map(({ name }) => name)).toEqual(['01_a', '02_b', '10_c'])
    expect(folder.migrations[0]).toMatchObject({
      file: 'prisma/migrations/01_a/migration.sql',
      path: join(folder.path, '01_a'),
      sql,
      bytes: 23,
      checksum: createHash('sha256').update(Buffer.from(sql)).digest('hex'),
    })
    expect(folder.notices).toEqual([])
  })

  test('is read in the order of an older Prisma where that is installed', async () => {
    const root = project({ '20240101_a/migration.sql': 'SELECT 1', '20240101000000_b/migration.sql': 'SELECT 2' })
    const names = async (prismaVersion: string) =>
      (await folderOf(root, { prismaVersion })).migrations.map(({ name }) => name)
    expect(await names('6.5.0')).toEqual(['20240101000000_b', '20240101_a'])
    expect(await names('7.10.1')).toEqual(['20240101_a', '20240101000000_b'])
    expect((await folderOf(root)).notices).toEqual([expect.objectContaining({ kind: 'disputed-order' })])
    expect((await folderOf(root, { applied: new Set(['20240101_a']) })).notices).toEqual([])
  })

  test('may be without migrations', async () => {
    expect((await folderOf(project({}))).migrations).toEqual([])
  })

  test('says what in it is ignored or does nothing', async () => {
    const root = project({
      '1_a/migration.sql': '-- This is an empty migration.',
      '1_a/notes.txt': 'x',
      'loose.sql': 'SELECT 1',
      'README.md': '# Migrations',
    })
    mkdirSync(join(root, 'elsewhere'))
    symlinkSync(join(root, 'elsewhere'), join(root, 'prisma/migrations/2_linked'))
    const { notices, migrations } = await folderOf(root)
    expect(migrations.map(({ name }) => name)).toEqual(['1_a'])
    expect(notices.map(({ kind, file }) => `${kind} ${file}`).sort()).toEqual([
      'does-nothing prisma/migrations/1_a/migration.sql',
      'ignored-link prisma/migrations/2_linked',
      'loose-file prisma/migrations/loose.sql',
    ])
  })
})

describe('a folder that cannot be used', () => {
  test('because it does not exist', async () => {
    expect(await failureOf(project({}), {}, 'db/migrations')).toMatchObject({
      code: 'MIGRATIONS.NO_FOLDER',
      what: 'There is no migrations folder `db/migrations`.',
      next: [expect.stringContaining('--migrations'), expect.anything()],
    })
  })

  test('because it is a file', async () => {
    const failure = await failureOf(project({}), {}, 'prisma/migrations/migration_lock.toml')
    expect(failure).toMatchObject({ code: 'MIGRATIONS.NO_FOLDER', why: 'What exists at that path is a file.' })
  })

  test('because it has no lock file', async () => {
    const failure = await failureOf(project({ '1_a/migration.sql': 'SELECT 1' }, false))
    expect(failure.code).toBe('MIGRATIONS.NO_LOCK_FILE')
    expect(failure.next.at(-1)).toBe(`printf 'provider = "postgresql"\\n' > prisma/migrations/migration_lock.toml`)
  })

  test('because it is one level too high or too deep', async () => {
    const root = project({ '1_a/migration.sql': 'SELECT 1' })
    expect(await failureOf(root, {}, 'prisma')).toMatchObject({
      code: 'MIGRATIONS.NO_LOCK_FILE',
      why: expect.stringContaining('`migrations` inside it'),
    })
    expect(await failureOf(root, {}, 'prisma/migrations/1_a')).toMatchObject({
      code: 'MIGRATIONS.NO_LOCK_FILE',
      why: expect.stringContaining('one migration'),
    })
  })

  test.each([
    ['provider = "mysql"\n', 'MIGRATIONS.NOT_POSTGRESQL', /mysql/],
    ['provider = "sqlite"', 'MIGRATIONS.NOT_POSTGRESQL', /sqlite/],
    ['provider = "cockroachdb"', 'MIGRATIONS.NOT_POSTGRESQL', /cockroachdb/],
    ['', 'MIGRATIONS.LOCK_FILE_UNREADABLE', /no line/],
    ['# provider = "postgresql"', 'MIGRATIONS.LOCK_FILE_UNREADABLE', /no line/],
    ['provider="postgresql"', 'MIGRATIONS.LOCK_FILE_UNREADABLE', /only as/],
    [`provider = 'postgresql'`, 'MIGRATIONS.LOCK_FILE_UNREADABLE', /only as/],
    ['<<<<<<< HEAD\nprovider = "postgresql"\n=======\n', 'MIGRATIONS.LOCK_FILE_UNREADABLE', /merge/],
  ])('because its lock file says %j', async (text, code, says) => {
    const failure = await failureOf(project({ 'migration_lock.toml': text }))
    expect(failure.code).toBe(code)
    expect(`${failure.what} ${failure.why}`).toMatch(says)
  })

  test('but not because its lock file has the line endings of Windows', async () => {
    expect((await folderOf(project({ 'migration_lock.toml': lock.replaceAll('\n', '\r\n') }))).migrations).toEqual([])
  })

  test.each([
    [
      'without its file',
      { '1_a': undefined },
      'MIGRATIONS.NO_SQL',
      /git checkout -- prisma\/migrations\/1_a\/migration\.sql/,
    ],
    ['with a folder in place of its file', { '1_a/migration.sql': undefined }, 'MIGRATIONS.UNREADABLE', /EISDIR/],
    ['with nothing in it', { '1_a/migration.sql': '' }, 'MIGRATIONS.EMPTY', /no content/],
    ['with white space in it', { '1_a/migration.sql': ' \n' }, 'MIGRATIONS.EMPTY', /white space/],
    [
      'in UTF-16',
      { '1_a/migration.sql': Buffer.from('\uFEFFSELECT 1', 'utf16le') },
      'MIGRATIONS.NOT_UTF8',
      /PowerShell/,
    ],
    [
      'in Latin-1',
      { '1_a/migration.sql': Buffer.from('-- caf\xe9', 'latin1') },
      'MIGRATIONS.NOT_UTF8',
      /Byte 6 \(line 1\)/,
    ],
    ['with a NUL', { '1_a/migration.sql': 'SELECT 1;\0' }, 'MIGRATIONS.NOT_UTF8', /NUL/],
    ['with a byte order mark', { '1_a/migration.sql': '\uFEFFSELECT 1' }, 'MIGRATIONS.BYTE_ORDER_MARK', /syntax error/],
  ])('because of a migration %s', async (_what, files, code, says) => {
    const failure = await failureOf(project(files))
    expect(failure.code).toBe(code)
    expect(failure.what).toContain('prisma/migrations/1_a')
    expect([failure.why, ...failure.next].join('\n')).toMatch(says)
  })

  test('says everything that is wrong with it at once', async () => {
    const root = project(
      { '1_a': undefined, '2_b/migration.sql': '', '3_c/migration.sql': 'SELECT 1', '4_d/migration.sql': '\0' },
      false,
    )
    const failure = await failureOf(root)
    expect(failure.what).toBe('`prisma/migrations` has 4 problems.')
    expect(failure.code).toBe('MIGRATIONS.NO_LOCK_FILE')
    expect(failure.why.split('\n').map((line) => line.split(':')[0])).toEqual([
      'MIGRATIONS.NO_LOCK_FILE',
      'MIGRATIONS.NO_SQL',
      'MIGRATIONS.EMPTY',
      'MIGRATIONS.NOT_UTF8',
    ])
  })

  test('is not held against a migration that is applied: changing its file would only make it edited', async () => {
    const root = project({ '1_a/migration.sql': Buffer.from('\uFEFFSELECT 1', 'utf16le'), '2_b/migration.sql': '' })
    const folder = await folderOf(root, { applied: new Set(['1_a', '2_b']) })
    expect(folder.migrations.map(({ name }) => name)).toEqual(['1_a', '2_b'])
    expect(folder.notices.map(({ kind }) => kind)).toEqual(['tolerated', 'tolerated'])
    expect((await failureOf(root, { applied: new Set(['1_a']) })).code).toBe('MIGRATIONS.EMPTY')
  })

  test.runIf(process.getuid?.() === 0)('because another user may not read it', () => {
    const root = project({ '1_a/migration.sql': 'SELECT 1' })
    chmodSync(root, 0o755)
    chmodSync(join(root, 'prisma/migrations/1_a/migration.sql'), 0o600)
    const module = fileURLToPath(new URL('../../src/migrations/folder.ts', import.meta.url))
    const script = `import { readMigrationsFolder } from ${JSON.stringify(module)}
process.setgid(65534); process.setuid(65534)
console.log(JSON.stringify(await readMigrationsFolder(${JSON.stringify(join(root, 'prisma/migrations'))}, { root: ${JSON.stringify(root)} })))`
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(JSON.parse(output)).toMatchObject({
      kind: 'invalid',
      failure: {
        code: 'MIGRATIONS.UNREADABLE',
        why: expect.stringContaining('EACCES'),
        next: [expect.stringContaining('ls -ld')],
      },
    })
  })
})

describe('the commands that a failure ends in', () => {
  test.each([
    ['UTF-16', Buffer.from("\uFEFFSELECT 'é';\n", 'utf16le'), "SELECT 'é';\n"],
    ['a byte order mark', Buffer.from('\uFEFFSELECT 1;\n'), 'SELECT 1;\n'],
    ['Windows-1252', Buffer.from("SELECT 'caf\xe9';\n", 'latin1'), "SELECT 'café';\n"],
  ])('repair a file with %s', async (_what, bytes, expected) => {
    const root = project({ '1_a/migration.sql': bytes })
    const { next } = await failureOf(root)
    const command = next.find((line) => /^(?:iconv|sed)/.test(line))
    execFileSync('sh', ['-c', command ?? 'false'], { cwd: root })
    expect((await folderOf(root)).migrations[0]?.sql).toBe(expected)
  })

  test('write a lock file that Prisma reads', async () => {
    const root = project({}, false)
    execFileSync('sh', ['-c', (await failureOf(root)).next.at(-1) ?? 'false'], { cwd: root })
    expect((await folderOf(root)).migrations).toEqual([])
  })
})

describe('a folder that somebody prepared', () => {
  test.each([
    ['a line break', '20250101_a\n\n# applied'],
    ['an escape sequence', '20250101_a\u001b[2K'],
    ['a mark that turns the direction of writing', '20250101_\u202egnp'],
    ['a space without width', '20250101_a\u200b'],
  ])('is refused for a name with %s, and the message shows what it is', async (_what, name) => {
    const failure = await failureOf(project({ [`${name}/migration.sql`]: 'SELECT 1' }))
    expect(failure.code).toBe('MIGRATIONS.STRANGE_NAME')
    expect(`${failure.what}${failure.why}`).toMatch(/<U\+[0-9a-f]{4}>/)
    expect(`${failure.what}${failure.why}${failure.next.join('')}`).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    const applied = await folderOf(project({ [`${name}/migration.sql`]: 'SELECT 1' }), { applied: new Set([name]) })
    expect(applied.migrations).toHaveLength(1)
  })

  test('cannot put a command of its own into those that are printed', async () => {
    const name = "20250101_$(id)`id`;id 'x"
    const root = project({ [name]: undefined })
    const [restore = '', remove = ''] = (await failureOf(root)).next
    for (const [line, prefix] of [
      [restore, 'Restore the file: git checkout -- '],
      [remove, 'Or remove what is left of the folder: rm -r '],
    ] as const) {
      expect(line.startsWith(prefix)).toBe(true)
      const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line.slice(prefix.length)}`], { encoding: 'utf8' })
      expect(words.trimEnd().replace(/\/migration\.sql$/, '')).toBe(`prisma/migrations/${name}`)
    }
  })

  test('is not read where migration.sql is something that never ends', async () => {
    const root = project({ '20250101_a': undefined })
    symlinkSync('/dev/zero', join(root, 'prisma/migrations/20250101_a/migration.sql'))
    expect(await failureOf(root)).toMatchObject({
      code: 'MIGRATIONS.UNREADABLE',
      why: 'What exists at that path is not a file.',
    })
  })
})
