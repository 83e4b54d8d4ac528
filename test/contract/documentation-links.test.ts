import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { actionRepository, documentationUrl } from '../../src/project.ts'
import { ruleIds } from '../../src/rules/index.ts'
import { root, textFile } from '../github/workflow-files.ts'

/** A finding links to what the documents of its own release say, which the tag of that release keeps. */

const { version } = JSON.parse(textFile('package.json').text) as { readonly version: string }

test('the bundle links to the tag that its release is published under', () => {
  const check = ['dist/airlock.mjs', 'check', '--migrations', 'test/contract/fixtures/migrations', '--format', 'json']
  const stdout = execFileSync(process.execPath, check, { cwd: root, encoding: 'utf8' })
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly docs: string }[] }
  expect(findings.map(({ docs }) => docs)).toEqual([
    `https://github.com/${actionRepository}/blob/v${version}/docs/rules/create-index-blocks-writes.md`,
  ])
  expect(textFile('.github/workflows/release.yml').text).toContain(`test "$TAG" = "v$(node -p`)
})

test('run from source, which is no release, it links to the branch', () => {
  expect(documentationUrl).toBe(`https://github.com/${actionRepository}/blob/main/docs`)
})

test.each(ruleIds)('there is a page for %s', (id) => {
  expect(existsSync(join(root, `docs/rules/${id}.md`))).toBe(true)
})
