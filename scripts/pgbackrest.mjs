// Gets pgBackRest for the test of its recipe, as scripts/clients.mjs gets pg_dump: the package of the machine's own
// distribution and its libraries, fetched and checked by its own apt, unpacked into .cache/pgbackrest and run with the
// loader they were built for. Needs no root, and ends well where it cannot be done: the test names that as its reason.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { distribution, sourcesForSuite } from './apt-sources.mjs'
import { command, privateApt } from './clients.mjs'

const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache')
const target = join(cache, 'pgbackrest')

/** Written by this script, whether the machine has a pgBackRest of its own or not: one version on every run. */
export const pgbackrestProgram = join(target, 'bin/pgbackrest')

function get() {
  const here = distribution()
  const sources = here === undefined ? [] : sourcesForSuite(here, here.codename)
  if (sources.length === 0) return 'apt has no source for this machine'
  mkdirSync(cache, { recursive: true })
  const working = mkdtempSync(join(cache, 'getting-pgbackrest-'))
  try {
    const apt = privateApt(working, sources)
    const updated = apt.run('apt-get', 'update')
    if (!updated.ok) return updated.said.split('\n').at(-1)
    const { stdout } = apt.run('apt-cache', 'depends', 'pgbackrest')
    // Not postgresql-common, which would bring Perl and the wrapper scripts.
    const libraries = [...stdout.matchAll(/^\s*\|?Depends: (lib\S+|zlib\S+)$/gm)].map(([, name]) => name)
    const fetching = ['install', '--download-only', '-y', '--no-install-recommends', 'libc6', ...libraries]
    for (const args of [fetching, ['download', 'pgbackrest']]) {
      const done = apt.run('apt-get', ...args)
      if (!done.ok) return done.said.split('\n').at(-1)
    }
    return unpack(apt.archives, working)
  } finally {
    rmSync(working, { recursive: true, force: true })
  }
}

function unpack(archives, working) {
  const folder = join(working, 'ready')
  const root = join(folder, 'root')
  mkdirSync(join(folder, 'bin'), { recursive: true })
  for (const archive of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const unpacked = command('dpkg-deb', ['-x', join(archives, archive), root])
    if (!unpacked.ok) return unpacked.said
  }
  for (const name of ['usr/share', 'usr/sbin', 'etc', 'var', 'sbin'])
    rmSync(join(root, name), { recursive: true, force: true })
  const triplet = readdirSync(join(root, 'usr/lib')).find((name) => /-linux-gnu/.test(name))
  const libraries = [`lib/${triplet}`, `usr/lib/${triplet}`].filter((path) => existsSync(join(root, path)))
  const loader = libraries
    .flatMap((path) => readdirSync(join(root, path)).map((name) => `${path}/${name}`))
    .find((path) => /\/ld-linux[^/]*\.so\.\d+$/.test(path))
  if (loader === undefined) return 'the loader of the C library is not in its package'
  writeFileSync(
    join(folder, 'bin/pgbackrest'),
    [
      '#!/bin/sh',
      'here=$(cd "$(dirname "$0")" && pwd)',
      'root=$(cd "$here/../root" && pwd)',
      // It starts its workers by the name that it was started with: they have to come through here again.
      `exec "$root/${loader}" --argv0 "$here/pgbackrest" \\`,
      `  --library-path "${libraries.map((path) => `$root/${path}`).join(':')}" \\`,
      '  "$root/usr/bin/pgbackrest" "$@"',
      '',
    ].join('\n'),
    { mode: 0o755 },
  )
  const { ok, said } = command(join(folder, 'bin/pgbackrest'), ['version'])
  if (!ok) return `the unpacked pgbackrest does not run: ${said}`
  if (!existsSync(target)) renameSync(folder, target)
  return undefined
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1] && !existsSync(target)) {
  console.log('Looking for pgBackRest in this distribution’s packages')
  let problem
  try {
    problem = get()
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  console.log(
    problem === undefined ? 'pgBackRest: unpacked into .cache/pgbackrest' : `pgBackRest could not be had: ${problem}`,
  )
}
