import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findPrisma } from '../../src/migrations/prisma-package.ts'
import { folderWith, installed } from './project-folder.ts'

async function failureOf(root: string) {
  const prisma = await findPrisma(root)
  if (prisma.kind === 'installed') throw new Error('accepted')
  return prisma.failure
}

describe('the Prisma of a project', () => {
  test.each([
    ['6.19.3', 6],
    ['7.10.1', 7],
    ['7.11.0-dev.3', 7],
  ])('is found in it: %s', async (version, major) => {
    const root = folderWith(installed(version))
    expect(await findPrisma(root)).toEqual({
      kind: 'installed',
      version,
      major,
      cliPath: join(root, 'node_modules/prisma/build/index.js'),
    })
  })

  test('is found above it, where a workspace hoists it to', async () => {
    const root = folderWith({ ...installed('7.10.1'), 'apps/shop/package.json': '{}' })
    expect(await findPrisma(join(root, 'apps/shop'))).toMatchObject({ kind: 'installed', version: '7.10.1' })
  })

  test('is the nearest where there are several', async () => {
    const root = folderWith({ ...installed('7.10.1'), ...installed('6.19.3', 'apps/shop/') })
    expect(await findPrisma(join(root, 'apps/shop'))).toMatchObject({ kind: 'installed', version: '6.19.3' })
  })

  test.each([
    ['5.22.0', /Upgrade/],
    ['8.0.0-rc.5', /Stay on Prisma 7/],
    ['9.1.0', /Prisma 6 and 7/],
  ])('is not supported as %s, and it is said what is', async (version, says) => {
    const root = folderWith(installed(version))
    expect(await findPrisma(root)).toMatchObject({ kind: 'unsupported', version })
    const failure = await failureOf(root)
    expect(failure).toMatchObject({ code: 'PRISMA.UNSUPPORTED', what: `The project has Prisma ${version}.` })
    expect([failure.why, ...failure.next].join('\n')).toMatch(says)
    expect(failure.why).toContain('Airlock supports Prisma 6 and 7.')
  })

  test.each([
    ['package-lock.json', 'npm ci --include=dev'],
    ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile --prod=false'],
    ['yarn.lock', 'yarn install --immutable'],
    ['bun.lock', 'bun install --frozen-lockfile'],
    ['README.md', 'npm install --save-dev prisma'],
  ])('is missing: with %s in the repository, `%s` installs it', async (file, command) => {
    const root = folderWith({ [file]: '', 'apps/shop/package.json': '{}' })
    expect(await failureOf(join(root, 'apps/shop'))).toMatchObject({
      code: 'PRISMA.NOT_INSTALLED',
      next: [expect.anything(), command],
    })
  })

  test('is missing where Yarn keeps packages in archives', async () => {
    const failure = await failureOf(folderWith({ '.pnp.cjs': '' }))
    expect(failure).toMatchObject({ code: 'PRISMA.NOT_INSTALLED', why: expect.stringContaining('Plug’n’Play') })
  })

  test.each([
    [
      'its CLI is not there',
      { 'node_modules/prisma/package.json': '{"version":"7.10.1","bin":{"prisma":"build/index.js"}}' },
    ],
    ['its package.json is broken', { 'node_modules/prisma/package.json': '{' }],
    ['it has no version', { 'node_modules/prisma/package.json': '{}' }],
  ])('is installed only in part: %s', async (_what, files) => {
    expect(await failureOf(folderWith(files))).toMatchObject({
      code: 'PRISMA.NOT_INSTALLED',
      what: 'Prisma is installed only in part.',
    })
  })
})
