// `npm run check`: everything that must hold before a commit, in the order in which it is cheapest to find out.
import { install, run, step } from './install.mjs'

await install()
const checks = [
  ['Format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']],
  ['Types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['Generated documentation', ['node_modules/tsx/dist/cli.mjs', 'scripts/docs.ts', '--check']],
  ['Bundle', ['scripts/build.mjs', '--check']],
  ['Tests', ['scripts/test.mjs']],
]
for (const [title, command] of checks) {
  step(title)
  run(process.execPath, command)
}
