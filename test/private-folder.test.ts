import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makePrivateFolder } from '../src/private-folder.ts'
import { tempFolder } from './lab/temp.ts'

test('below .airlock nothing is offered to git, and nobody else may look', async () => {
  await using folder = await tempFolder('airlock-private-')
  const reports = join(folder.path, '.airlock', 'reports')
  await makePrivateFolder(reports)
  await makePrivateFolder(reports)
  expect(readFileSync(join(folder.path, '.airlock/.gitignore'), 'utf8')).toBe('*\n')
  expect(statSync(reports).mode & 0o777).toBe(0o700)
})

test('elsewhere no file is written', async () => {
  await using folder = await tempFolder('airlock-private-')
  await makePrivateFolder(join(folder.path, 'reports'))
  expect(existsSync(join(folder.path, '.gitignore'))).toBe(false)
})

test('a .gitignore that leads somewhere else is not written through', async () => {
  await using folder = await tempFolder('airlock-private-')
  writeFileSync(join(folder.path, 'precious'), 'kept')
  mkdirSync(join(folder.path, '.airlock'))
  symlinkSync(join(folder.path, 'precious'), join(folder.path, '.airlock/.gitignore'))
  await makePrivateFolder(join(folder.path, '.airlock/reports'))
  expect(readFileSync(join(folder.path, 'precious'), 'utf8')).toBe('kept')
})
