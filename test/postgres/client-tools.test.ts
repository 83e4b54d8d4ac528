import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeMachine, findClients } from '../../src/postgres/client-tools.ts'
import { labClients } from '../lab/clients.ts'
import { tempFolder } from '../lab/temp.ts'

/** Stands for an installation: two programs that say a version, or whatever else. */
async function install(folder: string, dumpSays: string, restoreSays = dumpSays): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, says] of [
    ['pg_dump', dumpSays],
    ['pg_restore', restoreSays],
  ] as const) {
    await writeFile(join(folder, name), `#!/bin/sh\necho '${name} ${says}'\n`, { mode: 0o755 })
  }
}

describe('findClients', () => {
  it('finds the clients of this machine, each a real program of the version it is listed with', async () => {
    const { usable } = await labClients()
    for (const { major, version, dump } of usable) {
      expect(version).toMatch(new RegExp(`^${major}(\\.|\\w*$)`))
      expect(dump).toMatch(/\/pg_dump$/)
    }
    const wrappers = usable.filter(({ folder }) => folder.includes('postgresql-common'))
    expect(wrappers).toEqual([])
  })

  it('looks only where AIRLOCK_PG_BIN says, in one folder or several', async () => {
    await using temp = await tempFolder()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(temp.path, name)) as [string, string, string]
    await install(a, '(PostgreSQL) 16.14')
    await install(b, '(PostgreSQL) 17.11 (Debian 17.11-0+deb13u1)')
    await install(c, '(PostgreSQL) 19beta1')
    const found = await findClients({ AIRLOCK_PG_BIN: [a, b].join(delimiter), PATH: c })
    expect(found).toEqual({
      usable: [
        { folder: a, dump: `${a}/pg_dump`, restore: `${a}/pg_restore`, major: 16, version: '16.14' },
        { folder: b, dump: `${b}/pg_dump`, restore: `${b}/pg_restore`, major: 17, version: '17.11' },
      ],
      unusable: [],
      searched: [a, b],
    })
    const onPath = await findClients({ PATH: c })
    expect(onPath.usable.find(({ folder }) => folder === c)).toMatchObject({ major: 19, version: '19beta1' })
  })

  it('lists what is there but cannot be used, with the reason, and never guesses a version', async () => {
    await using temp = await tempFolder()
    const folder = (name: string) => join(temp.path, name)
    await install(folder('mixed'), '(PostgreSQL) 16.1', '(PostgreSQL) 15.2')
    await install(folder('strange'), 'has nothing to say')
    await install(folder('forbidden'), '(PostgreSQL) 16.1')
    await chmod(join(folder('forbidden'), 'pg_dump'), 0o644)
    await install(folder('alone'), '(PostgreSQL) 16.1')
    await chmod(join(folder('alone'), 'pg_restore'), 0o000)
    const named = ['mixed', 'strange', 'forbidden', 'alone', 'missing'].map(folder)
    const { usable, unusable } = await findClients({ AIRLOCK_PG_BIN: named.join(delimiter) })
    expect(usable).toEqual([])
    expect(unusable).toEqual([
      { path: `${folder('mixed')}/pg_dump`, because: 'is 16.1 but pg_restore beside it is 15.2' },
      { path: `${folder('strange')}/pg_dump`, because: expect.stringContaining('has nothing to say') },
      { path: `${folder('forbidden')}/pg_dump`, because: expect.stringContaining('EACCES') },
      { path: `${folder('alone')}/pg_dump`, because: expect.stringContaining('EACCES') },
      { path: `${folder('missing')}/pg_dump`, because: 'does not exist' },
    ])
  })

  it('counts a program once that is linked from two folders, and passes over Debian’s wrapper', async () => {
    await using temp = await tempFolder()
    const [real, linked, wrapped] = ['real', 'linked', 'wrapped'].map((name) => join(temp.path, name)) as [
      string,
      string,
      string,
    ]
    await install(real, '(PostgreSQL) 16.14')
    await install(join(temp.path, 'common'), '(PostgreSQL) 16.14')
    await writeFile(join(temp.path, 'common', 'pg_wrapper'), '#!/bin/sh\n', { mode: 0o755 })
    for (const folder of [linked, wrapped]) await mkdir(folder)
    for (const name of ['pg_dump', 'pg_restore']) {
      await symlink(join(real, name), join(linked, name))
      await symlink(join(temp.path, 'common', 'pg_wrapper'), join(wrapped, name))
    }
    const { usable, unusable } = await findClients({ AIRLOCK_PG_BIN: [real, linked, wrapped].join(delimiter) })
    expect(usable.map(({ folder }) => folder)).toEqual([real])
    expect(unusable).toEqual([])
  })
})

describe('describeMachine', () => {
  it('knows the package manager by its program, and says so when there is none', async () => {
    await using temp = await tempFolder()
    expect(await describeMachine({ PATH: temp.path })).toMatchObject({ packageManager: 'unknown' })
    await writeFile(join(temp.path, 'brew'), '', { mode: 0o755 })
    expect(await describeMachine({ PATH: temp.path })).toEqual({
      packageManager: 'brew',
      isRoot: process.getuid?.() === 0,
    })
  })
})
