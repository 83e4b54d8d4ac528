import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { failureTitles } from '../../src/errors.ts'
import { root } from '../github/workflow-files.ts'

function textsBelow(folder: string, except: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return textsBelow(path, except)
    return path.endsWith('.ts') && !path.endsWith(except) ? [readFileSync(path, 'utf8')] : []
  })
}

const codes = Object.keys(failureTitles)

test('every failure code is given by the program', () => {
  const sources = textsBelow(join(root, 'src'), '/src/errors.ts')
  expect(codes.filter((code) => !sources.some((text) => text.includes(`'${code}'`)))).toEqual([])
})

test('every failure code is expected by a test', () => {
  // Also as part of a pattern, where the dot is escaped.
  const tests = textsBelow(join(root, 'test'), '/codes.test.ts').map((text) => text.replaceAll('\\', ''))
  expect(codes.filter((code) => !tests.some((text) => text.includes(code)))).toEqual([])
})
