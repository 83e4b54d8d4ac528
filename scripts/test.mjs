// `npm test`: installs what is needed, builds, runs everything, ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { install, root, run, step } from './install.mjs'

await install()
step('Building dist/')
run(process.execPath, ['scripts/build.mjs'])

step('Testing')
const results = join(root, '.cache/test-results.json')
mkdirSync(join(root, '.cache'), { recursive: true })
rmSync(results, { force: true })
const vitest = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
)

// No result file means that vitest itself broke or was ended: that must not read as "0 failed".
if (!existsSync(results)) {
  console.error(
    `\nvitest ended without a result: ${vitest.error?.message ?? vitest.signal ?? `exit code ${vitest.status}`}`,
  )
  process.exit(1)
}
const { numPassedTests, numTotalTests, numPendingTests, testResults } = JSON.parse(readFileSync(results, 'utf8'))
const brokenFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
const counted = numTotalTests - numPassedTests - numPendingTests + brokenFiles
// A hook or an error that belongs to no test makes vitest fail as well.
const failed = vitest.status === 0 ? counted : Math.max(1, counted)
console.log(`\n${numPassedTests} passed, ${failed} failed${numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''}`)
process.exitCode = failed === 0 && numPassedTests > 0 ? 0 : 1
