import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { tempFolder } from './temp.ts'

interface Distribution {
  readonly id: string
  readonly codename: string
}
let distribution: (osRelease: string) => Distribution | undefined
let sourcesForSuite: (here: Distribution, suite: string, folder: string) => readonly string[]

beforeAll(async () => {
  // A script that has to run before anything is installed, so it is JavaScript.
  const script: string = new URL('../../scripts/apt-sources.mjs', import.meta.url).href
  ;({ distribution, sourcesForSuite } = await import(script))
})

async function derive(
  files: Readonly<Record<string, string>>,
  here: Distribution,
  suite: string,
): Promise<readonly string[]> {
  await using folder = await tempFolder()
  await mkdir(join(folder.path, 'sources.list.d'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text)
  return sourcesForSuite(here, suite, folder.path)
}

const bookworm = { id: 'debian', codename: 'bookworm' }

describe('sourcesForSuite', () => {
  it('takes mirror and key from the deb822 format, leaving out security, other distributions and what is switched off', async () => {
    const derived = await derive(
      {
        'sources.list.d/debian.sources': [
          'Types: deb deb-src\n# a comment\nURIs: http://mirror.example.test/debian\nSuites: bookworm bookworm-updates\nComponents: main contrib\nSigned-By: /usr/share/keyrings/debian.gpg',
          'Types: deb\nURIs: http://mirror.example.test/security\nSuites: bookworm-security\nComponents: main\nSigned-By: /usr/share/keyrings/debian.gpg',
          'Enabled: no\nTypes: deb\nURIs: http://off.example.test/debian\nSuites: bookworm\nComponents: main',
          'Types: deb\nURIs: http://node.example.test\nSuites: nodistro\nComponents: main',
        ].join('\n\n'),
        'sources.list.d/other.sources.disabled':
          'Types: deb\nURIs: http://x.example.test\nSuites: bookworm\nComponents: main',
      },
      bookworm,
      'trixie',
    )
    expect(derived).toEqual([
      'Types: deb\nSuites: trixie\nComponents: main\nURIs: http://mirror.example.test/debian\nSigned-By: /usr/share/keyrings/debian.gpg',
    ])
  })

  it('keeps a key that is written out', async () => {
    const key = 'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n -----END PGP PUBLIC KEY BLOCK-----'
    const paragraph = `Types: deb\nURIs: http://mirror.example.test/debian\nSuites: bookworm\n${key}\nComponents: main\n`
    expect(await derive({ 'sources.list.d/a.sources': paragraph }, bookworm, 'sid')).toEqual([
      `Types: deb\nSuites: sid\nComponents: main\nURIs: http://mirror.example.test/debian\n${key}`,
    ])
  })

  it('reads the one-line format with its options', async () => {
    const list = [
      '# deb http://commented.example.test/ubuntu noble main',
      'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example.test/ubuntu noble main universe # why',
      'deb http://mirror.example.test/ubuntu noble-security main',
      'deb-src http://mirror.example.test/ubuntu noble main',
      'deb http://tool.example.test/apt stable contrib',
    ].join('\n')
    expect(await derive({ 'sources.list': list }, { id: 'ubuntu', codename: 'noble' }, 'jammy')).toEqual([
      'Types: deb\nSuites: jammy\nComponents: main\nURIs: http://mirror.example.test/ubuntu\nSigned-By: /k.gpg',
    ])
  })

  it('finds nothing where the distribution has no source', async () => {
    expect(await derive({}, bookworm, 'trixie')).toEqual([])
  })
})

describe('distribution', () => {
  it.each([
    ['ID=debian\nVERSION_CODENAME=bookworm\n', { id: 'debian', codename: 'bookworm' }],
    [
      'ID=linuxmint\nID_LIKE="ubuntu debian"\nUBUNTU_CODENAME=noble\nVERSION_CODENAME=wilma\n',
      { id: 'ubuntu', codename: 'noble' },
    ],
    ['ID=alpine\n', undefined],
  ])('reads %j', async (text, expected) => {
    await using folder = await tempFolder()
    await writeFile(join(folder.path, 'os-release'), text)
    expect(distribution(join(folder.path, 'os-release'))).toEqual(expected)
  })
})
