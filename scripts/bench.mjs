// `npm run bench [-- check|nothing-pending|queue|backup] [--rounds N] [--squawk PATH]`: figures as ratios, both sides measured in turn in one run.
import { install, run } from './install.mjs'

await install()
run(process.execPath, ['scripts/build.mjs'])
run(process.execPath, ['--import', 'tsx', 'scripts/bench/run.ts', ...process.argv.slice(2)])
