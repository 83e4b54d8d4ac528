// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references inside env files are what is tested
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withEnvFiles } from '../../src/migrations/env-file.ts'
import { folderWith } from './project-folder.ts'

describe('env files', () => {
  test('fill in what the environment does not have', async () => {
    const root = folderWith({ '.env': 'A=file\nB="file b"\n' })
    expect(await withEnvFiles({ A: 'set', C: 'c' }, { paths: [join(root, '.env')], expands: false })).toEqual({
      A: 'set',
      B: 'file b',
      C: 'c',
    })
  })

  test('count in their order, and may be missing', async () => {
    const root = folderWith({ 'one.env': 'A=1', 'two.env': 'A=2\nB=2' })
    const paths = [join(root, 'no.env'), join(root, 'one.env'), join(root, 'two.env')]
    expect(await withEnvFiles({ A: undefined }, { paths, expands: false })).toEqual({ A: '1', B: '2' })
  })

  test('that cannot be read are named, never taken for missing', async () => {
    const root = folderWith({})
    const loop = join(root, '.env')
    symlinkSync(loop, loop)
    await expect(withEnvFiles({}, { paths: [loop], expands: false })).rejects.toMatchObject({
      failure: {
        code: 'PROJECT.UNREADABLE',
        what: `\`${loop}\` cannot be read.`,
        next: [`Check what it is and who may read it: ls -ld ${loop}`],
      },
    })
  })

  test('an empty variable of the environment is set', async () => {
    const root = folderWith({ '.env': 'A=file' })
    expect(await withEnvFiles({ A: '' }, { paths: [join(root, '.env')], expands: false })).toEqual({ A: '' })
  })

  test.each([
    ['U=postgresql://app:${P}@db/x\nP=pw', 'postgresql://app:pw@db/x'],
    ['U=${HOST}', 'from-environment'],
    ['U=a${NOWHERE}b', 'ab'],
    ['U=a\\${P}b', 'a${P}b'],
    ['U=${P:-x}', '${P:-x}'],
    ['U=$P', '$P'],
    ['U=${U}', undefined],
  ])('%j is expanded where Prisma does it', async (text, expected) => {
    const root = folderWith({ '.env': text })
    const environment = await withEnvFiles({ HOST: 'from-environment' }, { paths: [join(root, '.env')], expands: true })
    if (expected === undefined) expect(environment.U).toMatch(/^\$\{U\}$/)
    else expect(environment.U).toBe(expected)
  })

  test('are not expanded where a configuration loads them', async () => {
    const root = folderWith({ '.env': 'U=${P}\nP=pw' })
    expect((await withEnvFiles({}, { paths: [join(root, '.env')], expands: false })).U).toBe('${P}')
  })
})
