import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Identity, labFolder } from './lab-folder.ts'
import { type PostgresBinaries, renameUnlessThere } from './postgres-package.ts'

export const superuser = 'postgres'
/** Owns the databases that tests get: may create databases, is no superuser, does not bypass row-level security. */
export const owner = 'app_owner'

export interface DataTemplate {
  readonly data: string
  readonly superuserPassword: string
  readonly ownerPassword: string
}

/** An initialised data folder to copy: initdb takes longer than everything else about a server. */
export async function dataTemplate(binaries: PostgresBinaries, identity: Identity | undefined): Promise<DataTemplate> {
  const templates = join(await labFolder(), 'templates')
  // The number counts changes of what is done below.
  const template = join(templates, `${binaries.version}-1`)
  if (!existsSync(template)) await build(template, templates, binaries, identity)
  const secrets = JSON.parse(await readFile(join(template, 'secrets.json'), 'utf8')) as Omit<DataTemplate, 'data'>
  return { ...secrets, data: join(template, 'data') }
}

async function build(
  template: string,
  templates: string,
  binaries: PostgresBinaries,
  identity: Identity | undefined,
): Promise<void> {
  const building = await mkdtemp(join(templates, 'building-'))
  try {
    await chmod(building, 0o755)
    const ready = join(building, 'ready')
    const data = join(ready, 'data')
    await mkdir(data, { recursive: true, mode: 0o755 })
    if (identity !== undefined) await chown(data, identity.uid, identity.gid)
    const random = () => randomBytes(12).toString('base64url')
    const secrets = {
      superuserPassword: random(),
      // Characters that a URL must encode, a pass file must escape, and that a careless redaction leaves standing.
      ownerPassword: `p:a/s@s%w\\ord-${random()}`,
    }
    const passwordFile = join(building, 'password')
    await writeFile(passwordFile, secrets.superuserPassword, { mode: 0o600 })
    if (identity !== undefined) await chown(passwordFile, identity.uid, identity.gid)
    const run = (program: string, args: readonly string[], input: string) => {
      const done = spawnSync(join(binaries.bin, program), args, {
        ...identity,
        input,
        cwd: '/',
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
        encoding: 'utf8',
      })
      if (done.status !== 0) {
        throw new Error(`${program} ${binaries.version} failed: ${done.error?.message ?? done.stderr + done.stdout}`)
      }
    }
    run(
      'initdb',
      // The locale C exists on every machine.
      ['-D', data, '-U', superuser, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '-N'],
      '',
    )
    run(
      'postgres',
      ['--single', '-D', data, '-c', 'fsync=off', '-c', 'exit_on_error=on', 'postgres'],
      `CREATE ROLE ${owner} LOGIN CREATEDB PASSWORD '${secrets.ownerPassword}'\n`,
    )
    await writeFile(join(ready, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 })
    await renameUnlessThere(ready, template)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}
