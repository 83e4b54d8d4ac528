// Brings a fresh checkout to the point where everything can run. Node's own modules only: nothing else is there yet.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

// What the bundler that builds dist/ asks for (rolldown 1.3); the bundle itself starts on 20.12.
const oldestNode = { 20: 19, 22: 12 }

function isNewEnough([major, minor]) {
  if (major > 22) return true
  return minor >= (oldestNode[major] ?? Number.POSITIVE_INFINITY)
}

export function step(title) {
  console.log(`\n── ${title}`)
}

/** Runs a command with its output shown; a failure ends the program with the command's own exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error !== undefined) {
    console.error(`${command} could not be started: ${error.message}`)
    process.exit(2)
  }
  if (status !== 0) process.exit(status ?? 2)
}

/** The same beside others; resolves with the exit code. */
function start(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      resolve(2)
    })
    child.once('exit', (code) => resolve(code ?? 2))
  })
}

/** npm writes what it installed into node_modules/.package-lock.json; the same packages mean there is nothing to do. */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return false
  const [wanted, have] = [join(root, 'package-lock.json'), installed].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')).packages,
  )
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional === true ||
      entry.link === true ||
      !path.includes('node_modules/') ||
      have[path]?.version === entry.version,
  )
}

export async function install() {
  if (!isNewEnough(process.versions.node.split('.').map(Number))) {
    console.error(`Building and testing Airlock needs Node.js 20.19, 22.12 or newer; this is ${process.version}.`)
    process.exit(2)
  }
  // None waits for another: npm's packages, and programs that tests run, each from where it is published.
  const running = ['clients', 'age', 's3-server', 'pgbackrest'].map((name) =>
    start(process.execPath, [`scripts/${name}.mjs`]),
  )
  if (!isInstalled()) {
    step('Installing packages')
    // `npm ci` refuses a lock file that lacks optional packages of other platforms; this takes the same versions from it.
    running.push(start('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']))
  }
  const failed = (await Promise.all(running)).find((code) => code !== 0)
  if (failed !== undefined) process.exit(failed)
}
