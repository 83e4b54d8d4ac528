import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decideInstall, type Installer } from '../../../src/postgres/client-install/decide.ts'
import { type EnsureRequest, ensureClient } from '../../../src/postgres/client-install/perform.ts'
import { tempFolder } from '../../lab/temp.ts'

const root: Installer = { packageManager: 'apt', isRoot: true, maySudo: false, foldersNamed: false }

function lines(installer: Installer): readonly string[] {
  const plan = decideInstall(17, installer)
  return plan.kind === 'ways' ? plan.ways.flat().map((command) => command.join(' ')) : [plan.because]
}

describe('what would be installed', () => {
  it('is the client alone, from what apt knows already, then from fresh lists, then from the PostgreSQL project', () => {
    const plan = decideInstall(17, root)
    if (plan.kind !== 'ways') throw new Error(plan.because)
    expect(plan.ways.map((way) => way.map((command) => command.slice(7).join(' ')))).toEqual([
      ['apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends postgresql-client-17'],
      [
        'apt-get -q update',
        'apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends postgresql-client-17',
      ],
      [
        'apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends ca-certificates postgresql-common',
        '/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y',
        'apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends postgresql-client-17',
      ],
    ])
    expect(plan.ways.flat().every(([program]) => program === 'env')).toBe(true)
  })

  it.each([
    ['dnf', 'dnf install -y postgresql17'],
    ['apk', 'apk add --no-cache postgresql17-client'],
  ] as const)('is one package with %s', (packageManager, command) => {
    expect(lines({ ...root, packageManager })).toEqual([expect.stringMatching(new RegExp(`300 ${command}$`))])
  })

  it('goes through sudo where that asks for nothing, and is not tried where it does', () => {
    const ordinary = { ...root, isRoot: false }
    expect(lines({ ...ordinary, maySudo: true })).toContainEqual(
      expect.stringMatching(/^sudo -n env .* apt-get -q update$/),
    )
    expect(lines(ordinary)).toEqual(['Installing needs root, and `sudo -n` asks for a password or is not there.'])
  })

  it('is nothing where folders are named or the package manager is not one of ours', () => {
    expect(lines({ ...root, foldersNamed: true })).toEqual(['AIRLOCK_PG_BIN names the folders of the client programs.'])
    expect(lines({ ...root, packageManager: 'brew' })).toEqual([
      'Airlock installs client programs with apt, dnf and apk alone.',
    ])
  })
})

/** Stands for a package manager: what it is told goes to a file, and a client may appear on PATH. */
async function machineWith(folder: string, script: string): Promise<EnsureRequest> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'apt-get'), `#!/bin/sh\necho "$*" >> ${folder}/asked\n${script}\n`)
  await chmod(join(bin, 'apt-get'), 0o755)
  return {
    // No server is as new, so that nothing on this machine will do.
    serverMajor: 99,
    environment: { PATH: `${bin}:${process.env.PATH}` },
    machine: { packageManager: 'apt', isRoot: true },
    install: true,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  }
}

function client(folder: string): string {
  return ['pg_dump', 'pg_restore']
    .map(
      (name) =>
        `printf '#!/bin/sh\\necho "${name} (PostgreSQL) 99.1"\\n' > ${folder}/bin/${name}; chmod +x ${folder}/bin/${name}`,
    )
    .join('\n')
}

describe('a missing client', () => {
  it('is installed and used, with no more commands than it takes', async () => {
    await using folder = await tempFolder()
    const request = await machineWith(
      folder.path,
      `case "$*" in *install*) [ -e ${folder.path}/fresh ] || exit 100\n${client(folder.path)};; *) touch ${folder.path}/fresh;; esac`,
    )
    const choice = await ensureClient(request)
    expect(choice).toMatchObject({ kind: 'found', client: { major: 99, folder: join(folder.path, 'bin') } })
    expect((await readFile(join(folder.path, 'asked'), 'utf8')).trim().split('\n')).toEqual([
      expect.stringContaining('install'),
      '-q update',
      expect.stringContaining('install'),
    ])
  })

  it('is not touched without being asked to', async () => {
    await using folder = await tempFolder()
    const request = await machineWith(folder.path, 'exit 1')
    expect(await ensureClient({ ...request, install: false })).toMatchObject({ kind: 'none' })
    await expect(readFile(join(folder.path, 'asked'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('stays the failure that names the command, with the words of the package manager', async () => {
    await using folder = await tempFolder()
    const request = await machineWith(
      folder.path,
      'echo "E: Unable to locate package postgresql-client-99" >&2; exit 100',
    )
    const choice = await ensureClient(request)
    if (choice.kind !== 'none') throw new Error('installed')
    expect(choice.failure.why).toContain('It could not be installed:')
    expect(choice.failure.why).toContain('postgresql-client-99: E: Unable to locate package postgresql-client-99')
    expect(choice.failure.next[0]).toContain('apt-get install -y postgresql-client-99')
  })

  it('is not waited for when the run is cancelled', async () => {
    await using folder = await tempFolder()
    const request = await machineWith(folder.path, 'exec sleep 5')
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 200)
    const startedMs = performance.now()
    await expect(ensureClient({ ...request, signal: controller.signal })).rejects.toMatchObject({
      failure: { code: 'RUN.CANCELLED' },
    })
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  })
})
