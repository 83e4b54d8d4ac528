import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FailureError, fail } from '../../src/errors.ts'
import { type Base, readBase } from '../../src/stages/plan/running-release.ts'
import { type TempFolder, tempFolder } from '../lab/temp.ts'

let folder: TempFolder
const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.test', '-c', 'commit.gpgsign=false']
const git = (...args: string[]) =>
  execFileSync('git', [...identity, ...args], { cwd: folder.path, encoding: 'utf8' }).trim()

async function write(files: Readonly<Record<string, string | Buffer>>) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
}

async function commit(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  await write(files)
  git('add', '-A')
  git('commit', '-q', '-m', 'x')
}

const model = (name: string) => `model ${name} {\n  id Int @id\n}\n`

/** Refs by what their commit has: `single`, `folder`, `broken`, `none`; HEAD is a merge of `folder` into `single`. */
beforeAll(async () => {
  folder = await tempFolder('airlock-git-')
  git('init', '-q', '-b', 'none')
  await commit({ 'README.md': 'x' })
  git('checkout', '-q', '-b', 'single')
  await commit({
    'apps/api/prisma/schema.prisma': model('User'),
    'apps/api/prisma/migrations/1_init/migration.sql': 'SELECT 1;',
  })
  git('checkout', '-q', '-b', 'folder')
  await rm(join(folder.path, 'apps/api/prisma/schema.prisma'))
  await commit({
    'apps/api/prisma/schema/a.prisma': model('A'),
    'apps/api/prisma/schema/sub/ü b.prisma': model('B'),
    'apps/api/prisma/schema/notes.txt': 'no schema',
    'apps/api/prisma/migrations/2_split/migration.sql': 'SELECT 2;',
  })
  git('checkout', '-q', '-b', 'broken', 'single')
  await commit({ 'apps/api/prisma/schema.prisma': Buffer.from([0x6d, 0xff, 0xfe]) })
  git('checkout', '-q', '-b', 'work', 'single')
  git('merge', '-q', '--no-ff', '-m', 'merge', 'folder')
})
afterAll(async () => {
  await folder[Symbol.asyncDispose]()
})

const { signal } = new AbortController()

function read(asked: { base?: string; baseBranch?: string; ref?: string; cwd?: string }): Promise<Base> {
  const cwd = asked.cwd ?? join(folder.path, 'apps/api')
  const env = { PATH: process.env.PATH, HOME: folder.path, GITHUB_REF: asked.ref }
  return readBase(
    { invocation: { cwd, env, base: asked.base, baseBranch: asked.baseBranch }, run: { signal } },
    {
      schemaPath: async () => join(cwd, 'prisma/schema.prisma'),
      migrationsPath: join(cwd, 'prisma/migrations'),
      schema: 'public',
    },
  )
}

function shown(base: Base) {
  if (base.kind === 'not-checked') return base.because
  const { ref, schema } = base.running
  return { ref, tables: schema.models.map(({ table }) => table), migrations: [...base.migrations] }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code
    throw error
  }
  return 'nothing was thrown'
}

describe('a ref that was given', () => {
  test('is read from the folder of the project, whatever the work tree has', async () => {
    expect(shown(await read({ base: 'single' }))).toEqual({
      ref: 'single',
      tables: ['public.User'],
      migrations: ['1_init'],
    })
  })

  test('may have its schema in a folder, and in another place than today', async () => {
    expect(shown(await read({ base: 'folder' }))).toEqual({
      ref: 'folder',
      tables: ['public.A', 'public.B'],
      migrations: ['1_init', '2_split'],
    })
  })

  test('may be a commit, a relative one, or HEAD', async () => {
    for (const base of [git('rev-parse', 'single'), 'folder~1', 'HEAD^1']) {
      expect(shown(await read({ base }))).toMatchObject({ tables: ['public.User'] })
    }
  })

  test('whose schema is not UTF-8 is a problem, not an empty schema', async () => {
    const base = await read({ base: 'broken' })
    if (base.kind !== 'read') throw new Error(base.because)
    expect(base.running.schema.problems).toEqual([
      { file: 'apps/api/prisma/schema.prisma', line: 1, text: 'the file is not UTF-8' },
    ])
  })

  test.each([
    ['does not exist', 'release-41', 'GIT.REF_NOT_FOUND'],
    ['has no schema', 'none', 'GIT.NO_SCHEMA'],
    ['begins with a dash', '--output=x', 'USAGE.INVALID'],
    ['names a file', 'single:README.md', 'USAGE.INVALID'],
    ['is a range', 'none..single', 'USAGE.INVALID'],
    ['has a line break', 'single\n', 'USAGE.INVALID'],
    ['is empty', '', 'USAGE.INVALID'],
  ])('that %s is refused', async (_what, base, code) => {
    expect(await codeOf(read({ base }))).toBe(code)
  })

  test('needs a repository and git', async () => {
    await using outside = await tempFolder('airlock-no-git-')
    expect(await codeOf(read({ base: 'single', cwd: outside.path }))).toBe('GIT.NOT_AVAILABLE')
    const asked = { cwd: outside.path, env: { PATH: outside.path }, base: 'single', baseBranch: undefined }
    const project = { schemaPath: async () => undefined, migrationsPath: outside.path, schema: 'public' }
    expect(await codeOf(readBase({ invocation: asked, run: { signal } }, project))).toBe('GIT.NOT_AVAILABLE')
  })
})

describe('without a ref', () => {
  test('nothing is checked, and the reason says how to change that', async () => {
    expect(shown(await read({}))).toMatch(/--base REF/)
  })

  test('a pull request takes its base branch', async () => {
    expect(shown(await read({ baseBranch: 'single' }))).toMatchObject({ ref: 'single', tables: ['public.User'] })
  })

  test('and rather the one of origin', async () => {
    git('update-ref', 'refs/remotes/origin/single', 'folder')
    const base = await read({ baseBranch: 'single' })
    git('update-ref', '-d', 'refs/remotes/origin/single')
    expect(shown(base)).toMatchObject({ ref: 'origin/single', tables: ['public.A', 'public.B'] })
  })

  test('and else the first parent of the merge that GitHub checked out', async () => {
    expect(shown(await read({ baseBranch: 'main', ref: 'refs/pull/7/merge' }))).toMatchObject({
      ref: 'HEAD^1',
      tables: ['public.User'],
    })
    expect(shown(await read({ baseBranch: 'main', ref: 'refs/heads/x' }))).toMatch(/`main` is not in this clone/)
  })

  test('a project that cannot be read today is not held against a pull request', async () => {
    const cwd = join(folder.path, 'apps/api')
    const asked = { cwd, env: { PATH: process.env.PATH, HOME: folder.path }, base: undefined, baseBranch: 'single' }
    const schemaPath = () =>
      Promise.reject(fail('PROJECT.CONFIG_UNREADABLE', { what: 'No.', why: 'It is code.', next: [] }))
    const base = await readBase(
      { invocation: asked, run: { signal } },
      { schemaPath, migrationsPath: cwd, schema: 'public' },
    )
    expect(shown(base)).toBe('No. It is code.')
  })

  test('a base branch without a schema is not checked, and said so', async () => {
    expect(shown(await read({ baseBranch: 'none' }))).toMatch(/no Prisma schema at `none`/)
  })
})
