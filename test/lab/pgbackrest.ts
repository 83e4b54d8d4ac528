import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labFolder, serverIdentity } from './lab-folder.ts'

/** pgBackRest and a `sudo` that stands for the one of the recipe: the server's user, and nothing of our environment. */
export interface LabPgbackrest extends AsyncDisposable {
  readonly folder: string
  /** For PATH: has `pgbackrest` and `sudo`. */
  readonly bin: string
  readonly repository: string
  /** Written later, when it is known where the server is. */
  configure(text: string, passFile: string): Promise<void>
  ownFolder(name: string): Promise<string>
}

/** Undefined where scripts/pgbackrest.mjs could not get one that knows PostgreSQL 15, as 2.41 was the first to do. */
export async function labPgbackrest(): Promise<LabPgbackrest | undefined> {
  const script: string = new URL('../../scripts/pgbackrest.mjs', import.meta.url).href
  const { pgbackrestProgram } = (await import(script)) as { readonly pgbackrestProgram: string }
  if (!existsSync(pgbackrestProgram)) return undefined
  const said = spawnSync(pgbackrestProgram, ['version'], { encoding: 'utf8' }).stdout
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said) ?? []
  if (Number(major) < 2 || (Number(major) === 2 && Number(minor) < 41)) return undefined
  const identity = serverIdentity()
  const folder = await mkdtemp(join(await labFolder(), 'pgbackrest-'))
  await chmod(folder, 0o755)
  // The server's user may not be able to enter the checkout.
  await cp(join(pgbackrestProgram, '../..'), join(folder, 'program'), { recursive: true })
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const path = [bin, process.env.PATH ?? '/usr/bin:/bin'].join(':')
  const environment = {
    PATH: path,
    PGBACKREST_CONFIG: join(folder, 'pgbackrest.conf'),
    PGPASSFILE: join(folder, 'pgpass'),
  }
  const assignments = Object.entries(environment).map(([name, value]) => `${name}='${value}'`)
  const drop = identity === undefined ? '' : `setpriv --reuid=${identity.uid} --regid=${identity.gid} --clear-groups `
  const scripts = {
    pgbackrest: `exec env ${assignments.join(' ')} '${folder}/program/bin/pgbackrest' "$@"`,
    sudo: `[ "$1 $2 $3" = '-n -u postgres' ] || exit 64\nshift 3\nexec ${drop}env -i LC_ALL=C ${assignments.join(' ')} "$@"`,
  }
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  const give = async (file: string) => {
    if (identity !== undefined) await chown(file, identity.uid, identity.gid)
    return file
  }
  const ownFolder = async (name: string) => {
    await mkdir(join(folder, name), { mode: 0o700 })
    return give(join(folder, name))
  }
  return {
    folder,
    bin,
    repository: await ownFolder('repository'),
    ownFolder,
    configure: async (text, passFile) => {
      await writeFile(environment.PGBACKREST_CONFIG, text, { mode: 0o644 })
      await writeFile(environment.PGPASSFILE, passFile, { mode: 0o600 })
      await give(environment.PGPASSFILE)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
