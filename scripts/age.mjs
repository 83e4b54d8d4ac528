// Gets the program `age` for the tests that decrypt by hand, as scripts/clients.mjs gets pg_dump: the package of the machine's
// own distribution, fetched and checked by its own apt, unpacked into .cache/age. Needs no root, and ends well where it
// cannot be done: those tests are left out then.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { distribution, sourcesForSuite } from './apt-sources.mjs'
import { command, privateApt } from './clients.mjs'

const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache')

function isThere() {
  const folders = [join(cache, 'age/bin'), ...(process.env.PATH ?? '').split(delimiter)]
  return folders.some((folder) => existsSync(join(folder, 'age')))
}

function get() {
  const here = distribution()
  const sources = here === undefined ? [] : sourcesForSuite(here, here.codename)
  if (sources.length === 0) return 'apt has no source for this machine'
  mkdirSync(cache, { recursive: true })
  const working = mkdtempSync(join(cache, 'getting-age-'))
  try {
    const apt = privateApt(working, sources)
    for (const args of [['update'], ['download', 'age']]) {
      const done = apt.run('apt-get', ...args)
      if (!done.ok) return done.said.split('\n').at(-1)
    }
    const archive = readdirSync(apt.archives).find((name) => name.endsWith('.deb'))
    const unpacked = command('dpkg-deb', ['-x', join(apt.archives, archive ?? ''), join(working, 'root')])
    if (!unpacked.ok) return unpacked.said
    mkdirSync(join(cache, 'age'), { recursive: true })
    if (!existsSync(join(cache, 'age/bin'))) renameSync(join(working, 'root/usr/bin'), join(cache, 'age/bin'))
    return undefined
  } finally {
    rmSync(working, { recursive: true, force: true })
  }
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1] && !isThere()) {
  console.log('Looking for age in this distribution’s packages')
  let problem
  try {
    problem = get()
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  console.log(problem === undefined ? 'age: unpacked into .cache/age' : `age could not be had: ${problem}`)
}
