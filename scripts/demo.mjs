// `npm run demo` on a fresh machine: installs what is missing, then tells the story. Node's own modules only up to there.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { unpackedClientFolders } from './clients.mjs'
import { install, root } from './install.mjs'

await install()
if (!existsSync(join(root, 'dist/airlock.mjs'))) {
  console.error('dist/airlock.mjs is missing from this checkout. Build it: npm run build')
  process.exit(2)
}

// Where everything below looks for programs: this Node.js first, and pg_dump where scripts/clients.mjs put it.
const path = [dirname(process.execPath), ...unpackedClientFolders(), process.env.PATH ?? ''].join(delimiter)
const story = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo/main.ts'], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, PATH: path },
})
// The story cleans up and then ends; ending before it would leave the prompt in the middle of its output.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => story.kill(signal))
story.on('error', (error) => {
  console.error(`The demo could not be started: ${error.message}`)
  process.exitCode = 2
})
story.on('exit', (code) => {
  process.exitCode = code ?? 1
})
