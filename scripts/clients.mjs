// Gets pg_dump and pg_restore for the PostgreSQL versions that the tests and the demo run, where that can be had
// without touching the system: packages of the machine's own distribution, downloaded and checked by its own apt,
// unpacked into .cache/clients/<major> and run with the loader and the libraries they were built for.
// Needs no root. Where it cannot be done it says so and ends well: tests then expect the precise error instead.
// Node's own modules only: this runs before anything is installed.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { distribution, sourcesForSuite, suitesOf } from './apt-sources.mjs'

const wantedMajors = [14, 15, 16, 17, 18]
const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), '.cache', 'clients')
const lookAgainAfterMs = 7 * 24 * 3_600_000

/** The unpacked clients, for AIRLOCK_PG_BIN. */
export function unpackedClientFolders() {
  if (!existsSync(cache)) return []
  return readdirSync(cache)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => join(cache, name, 'bin'))
    .filter((folder) => existsSync(join(folder, 'pg_dump')))
}

function majorOf(folder) {
  const { stdout } = spawnSync(join(folder, 'pg_dump'), ['--version'], { encoding: 'utf8' })
  return Number(/PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1])
}

function availableMajors() {
  const children = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])
  const folders = [
    ...unpackedClientFolders(),
    ...children('/usr/lib/postgresql').map((folder) => join(folder, 'bin')),
    ...children('/opt/homebrew/opt').map((folder) => join(folder, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return new Set(folders.filter((folder) => existsSync(join(folder, 'pg_dump'))).map(majorOf))
}

export function command(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 180_000, ...options })
  return { ok: status === 0, stdout: stdout ?? '', said: (error?.message ?? `${stderr}${stdout}`).trim() }
}

/** apt with lists, cache and an empty package database of its own: what the system has installed plays no part. */
export function privateApt(folder, sources) {
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'sources']) {
    mkdirSync(join(folder, part), { recursive: true })
  }
  writeFileSync(join(folder, 'status'), '')
  writeFileSync(join(folder, 'sources/suite.sources'), `${sources.join('\n\n')}\n`)
  const options = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(folder, 'sources'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Sandbox::User': '',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '20',
    'Acquire::https::Timeout': '20',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Debug::NoLocking': '1',
  }
  const args = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
  const archives = join(folder, 'cache/archives')
  return {
    archives,
    run: (program, ...rest) => command(program, [...args, ...rest], { env, cwd: archives }),
  }
}

function hasCandidate(apt, name) {
  const { stdout } = apt.run('apt-cache', 'policy', name)
  return /Candidate: (?!\(none\))/.test(stdout)
}

/** The package, its libraries and the C library; neither psql's readline nor the Perl of the wrapper scripts. */
function download(apt, major) {
  const name = `postgresql-client-${major}`
  const { stdout } = apt.run('apt-cache', 'depends', name)
  const libraries = [...stdout.matchAll(/^\s*\|?Depends: (lib\S+|zlib\S+)$/gm)]
    .map(([, library]) => library)
    .filter((library) => !library.startsWith('libreadline'))
  const fetched = apt.run(
    'apt-get',
    'install',
    '--download-only',
    '-y',
    '--no-install-recommends',
    'libc6',
    ...libraries,
  )
  return fetched.ok ? apt.run('apt-get', 'download', name) : fetched
}

function unpack(archives, major, folder) {
  const rootFolder = join(folder, 'root')
  mkdirSync(join(folder, 'bin'), { recursive: true })
  for (const archive of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const unpacked = command('dpkg-deb', ['-x', join(archives, archive), rootFolder])
    if (!unpacked.ok) return unpacked.said
  }
  rmSync(join(rootFolder, 'usr/share'), { recursive: true, force: true })
  const triplet = readdirSync(join(rootFolder, 'usr/lib')).find((name) => /-linux-gnu/.test(name))
  const libraries = [`lib/${triplet}`, `usr/lib/${triplet}`].filter((path) => existsSync(join(rootFolder, path)))
  const loader = libraries
    .flatMap((path) => readdirSync(join(rootFolder, path)).map((name) => `${path}/${name}`))
    .find((path) => /\/ld-linux[^/]*\.so\.\d+$/.test(path))
  if (loader === undefined) return 'the loader of the C library is not in its package'
  for (const program of ['pg_dump', 'pg_restore']) {
    writeFileSync(
      join(folder, 'bin', program),
      [
        '#!/bin/sh',
        'root=$(cd "$(dirname "$0")/../root" && pwd)',
        `exec "$root/${loader}" --library-path "${libraries.map((path) => `$root/${path}`).join(':')}" \\`,
        `  "$root/usr/lib/postgresql/${major}/bin/${program}" "$@"`,
        '',
      ].join('\n'),
      { mode: 0o755 },
    )
  }
  return majorOf(join(folder, 'bin')) === major ? undefined : `the unpacked pg_dump does not run`
}

function getMissing(missing) {
  const here = distribution()
  if (here === undefined) return 'this is neither Debian nor Ubuntu'
  if (!command('apt-get', ['--version']).ok || !command('dpkg-deb', ['--version']).ok) return 'apt-get is not available'
  mkdirSync(cache, { recursive: true })
  const problems = []
  for (const suite of suitesOf[here.id]) {
    if (missing.size === 0) break
    const sources = sourcesForSuite(here, suite)
    if (sources.length === 0) return `apt has no source of ${here.id} set up`
    const working = mkdtempSync(join(cache, 'getting-'))
    try {
      const apt = privateApt(working, sources)
      const updated = apt.run('apt-get', 'update')
      if (!updated.ok) {
        problems.push(`${suite}: ${updated.said.split('\n').find((line) => /^(E|Err)/.test(line)) ?? updated.said}`)
        if (/Could not (resolve|connect)|Temporary failure|timed out/i.test(updated.said)) break
        continue
      }
      for (const major of [...missing].filter((candidate) => hasCandidate(apt, `postgresql-client-${candidate}`))) {
        const downloaded = download(apt, major)
        const problem = downloaded.ok ? unpack(apt.archives, major, join(working, String(major))) : downloaded.said
        if (problem === undefined) {
          const target = join(cache, String(major))
          if (!existsSync(target)) renameSync(join(working, String(major)), target)
          missing.delete(major)
          console.log(`Client ${major}: unpacked from ${here.id} ${suite} into .cache/clients/${major}`)
        } else problems.push(`${suite}: ${problem.split('\n').at(-1)}`)
      }
    } finally {
      rmSync(working, { recursive: true, force: true })
    }
  }
  return problems.join('; ')
}

/** What no suite offers is not looked for again on every run. */
function lookedRecently(missing) {
  const file = join(cache, 'not-offered.json')
  if (!existsSync(file)) return false
  const { majors, on } = JSON.parse(readFileSync(file, 'utf8'))
  return Date.now() - Date.parse(on) < lookAgainAfterMs && missing.every((major) => majors.includes(major))
}

function main() {
  const before = availableMajors()
  const missing = new Set(wantedMajors.filter((major) => !before.has(major)))
  if (missing.size === 0 || lookedRecently([...missing])) return
  console.log(`Looking for pg_dump ${[...missing].join(', ')} in this distribution's packages`)
  let problem
  try {
    problem = getMissing(missing)
  } catch (error) {
    // A folder that cannot be written, a disk that is full: no reason to keep anybody from their tests.
    problem = error instanceof Error ? error.message : String(error)
  }
  if (problem) {
    console.log(`Clients that could not be had: ${problem}`)
  } else {
    writeFileSync(
      join(cache, 'not-offered.json'),
      JSON.stringify({ majors: [...missing], on: new Date().toISOString() }),
    )
  }
  const newest = Math.max(...[...availableMajors()].filter((major) => !Number.isNaN(major)))
  const [covered, uncovered] = [true, false].map((wanted) => [...missing].filter((major) => newest > major === wanted))
  if (covered.length > 0) {
    console.log(`No client ${covered.join(', ')}: servers of these versions are backed up with the next newer one.`)
  }
  if (uncovered.length > 0) {
    console.log(
      `No client ${uncovered.join(', ')} or newer: backups of these servers end with the error that names the command.`,
    )
  }
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) main()
