import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runComposite } from './composite.ts'
import { actionYaml, root, textFile } from './workflow-files.ts'

const action = actionYaml(textFile('install/action.yml'))
const tools = ['bash', 'grep', 'cat', 'env']

let folder: string
let workspace: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'airlock-install-'))
  workspace = join(folder, 'workspace')
  mkdirSync(join(workspace, 'packages/db'), { recursive: true })
  mkdirSync(join(folder, 'bin'))
  for (const tool of tools) symlinkSync(join('/bin', tool), join(folder, 'bin', tool))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A package manager that says where and how it was called. */
const onPath = (...names: readonly string[]) => {
  for (const name of names) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/bash\necho "${name} $* in \${PWD#${workspace}}"\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
}
const file = (path: string, text = '') => {
  mkdirSync(dirname(join(workspace, path)), { recursive: true })
  writeFileSync(join(workspace, path), text)
}
const install = async (given: Record<string, string> = {}) => {
  const env = { PATH: join(folder, 'bin') }
  const run = await runComposite({ action, actionPath: join(root, 'install'), workspace, given, env })
  const end = run.ends.Install
  if (end === undefined || end === 'skipped') throw new Error('the step did not run')
  return { code: end.code, said: `${end.stdout}${end.stderr}`.trim() }
}

describe('airlock-deploy/airlock/install', () => {
  test.each([
    ['package-lock.json', '{}', 'npm', 'npm ci in'],
    ['npm-shrinkwrap.json', '{}', 'npm', 'npm ci in'],
    ['pnpm-lock.yaml', '', 'corepack', 'corepack pnpm install --frozen-lockfile in'],
    ['yarn.lock', '# yarn lockfile v1\n', 'corepack', 'corepack yarn install --frozen-lockfile in'],
    ['yarn.lock', '__metadata:\n', 'corepack', 'corepack yarn install --immutable in'],
    ['bun.lock', '', 'bun', 'bun install --frozen-lockfile in'],
  ])('%s (%j) is installed by %s', async (lockfile, text, manager, said) => {
    file(lockfile, text)
    onPath('npm', manager)
    expect(await install()).toEqual({ code: 0, said })
  })

  test('uses pnpm itself where there is no corepack, as with Node.js 25', async () => {
    file('pnpm-lock.yaml')
    onPath('pnpm')
    expect(await install()).toEqual({ code: 0, said: 'pnpm install --frozen-lockfile in' })
  })

  test('finds the lockfile of a monorepo above the project, and installs there', async () => {
    file('pnpm-lock.yaml')
    onPath('corepack')
    expect(await install({ 'working-directory': 'packages/db' })).toEqual({
      code: 0,
      said: 'corepack pnpm install --frozen-lockfile in',
    })
  })

  test('prefers the lockfile nearest to the project', async () => {
    file('pnpm-lock.yaml')
    file('packages/db/package-lock.json', '{}')
    onPath('corepack', 'npm')
    expect((await install({ 'working-directory': 'packages/db' })).said).toBe('npm ci in /packages/db')
  })

  test('never looks above the checkout', async () => {
    writeFileSync(join(folder, 'package-lock.json'), '{}')
    onPath('npm')
    const { code, said } = await install()
    expect(code).toBe(2)
    expect(said).toMatch(/^::error title=Airlock install: no lockfile::[^\n]*install-command\.$/)
  })

  test('says what is missing where the package manager is', async () => {
    file('bun.lockb')
    const { code, said } = await install()
    expect(code).toBe(2)
    expect(said).toMatch(/^::error title=Airlock install: bun is not on this runner::/)
  })

  test('says that the folder does not exist', async () => {
    const { code, said } = await install({ 'working-directory': 'packages/nope' })
    expect(code).toBe(2)
    expect(said).toContain('working-directory is "packages/nope"')
  })

  test('repeats a strange folder as text, never as a workflow command', async () => {
    const { code, said } = await install({ 'working-directory': 'x\n::warning::100%' })
    expect(code).toBe(2)
    expect(said).toContain('working-directory is "x%0A::warning::100%25"')
    expect(said).not.toContain('\n')
  })

  test('runs the given command instead, in the project’s folder, and ends with its first failure', async () => {
    file('package-lock.json', '{}')
    onPath('make')
    const command = "make 'a b'\nfalse\necho not reached"
    const { code, said } = await install({ 'working-directory': 'packages/db', 'install-command': command })
    expect({ code, said }).toEqual({ code: 1, said: 'make a b in /packages/db' })
  })

  test('fails when the package manager fails', async () => {
    file('package-lock.json', '{}')
    writeFileSync(join(folder, 'bin/npm'), '#!/bin/bash\nexit 7\n')
    chmodSync(join(folder, 'bin/npm'), 0o755)
    expect((await install()).code).toBe(7)
  })

  test('has no input in its script', () => {
    expect(readFileSync(join(root, 'install/install.sh'), 'utf8')).not.toContain('${{')
  })
})
