import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resultSchema } from '../../src/result.ts'
import { airlock } from '../chain/airlock.ts'
import { root } from '../github/workflow-files.ts'

/** What scripts parse: one document on standard output that follows the published schema, whatever went wrong. */

const cwd = join(root, 'test/github/fixtures')
const published = JSON.parse(readFileSync(join(root, 'schemas/result.schema.json'), 'utf8')) as {
  readonly properties: Readonly<Record<string, unknown>>
}

describe('--format json', () => {
  test.each([
    ['a command that went well', ['check', '--migrations', 'migrations'], 0, 'check'],
    ['a command that failed', ['check', '--migrations', 'nowhere'], 2, 'check'],
    ['a command of a later release', ['baseline'], 2, 'baseline'],
    ['an option that does not exist', ['plan', '--frobnicate'], 2, 'plan'],
    ['a command that does not exist', ['frobnicate'], 2, undefined],
  ])('prints one document that follows the schema for %s', async (_what, args, exitCode, command) => {
    const run = await airlock([...args, '--format', 'json'], { cwd })
    const result = resultSchema.parse(JSON.parse(run.stdout))
    expect({ exitCode: run.exitCode, command: result.command }).toEqual({ exitCode, command })
    expect(Object.keys(JSON.parse(run.stdout)).filter((key) => !(key in published.properties))).toEqual([])
  })
})
