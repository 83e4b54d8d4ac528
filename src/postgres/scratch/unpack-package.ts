import { lstat, readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../../errors.ts'
import type { ProgramRun } from './run-program.ts'
import { runProgram } from './run-program.ts'
import { readPrograms, type ServerPrograms } from './server-programs.ts'

/** An npm archive holds no symbolic links; the package lists those that its libraries need, for a script that npm does not run. */
const linkList = z.array(z.object({ source: z.string(), target: z.string() }))

type How = Pick<ProgramRun, 'janitor' | 'signal'>

/** Takes a second. Returns why the programs cannot be run instead, where that is so. */
export async function unpackPackage(archive: string, folder: string, how: How): Promise<ServerPrograms | string> {
  const unpacked = await runProgram({
    program: 'tar',
    // Whoever packed it owns nothing here, and the server's user has to read it whatever our umask is.
    args: ['-x', '-z', '-o', '-p', '-f', archive, '-C', folder, 'package/native'],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    cwd: '/',
    limitMs: 120_000,
    ...how,
  })
  if (unpacked.kind === 'failed') return `tar: ${unpacked.said}`
  const root = join(folder, 'package')
  try {
    const listed = linkList.parse(JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')))
    for (const { source, target } of listed) await link(root, source, target)
  } catch (thrown) {
    return `pg-symlinks.json: ${messageOf(thrown)}`
  }
  return readPrograms(join(root, 'native', 'bin', 'postgres'))
}

async function link(root: string, source: string, target: string): Promise<void> {
  const path = resolve(root, target)
  if (!path.startsWith(`${root}${sep}`) || !resolve(root, source).startsWith(`${root}${sep}`)) {
    throw new Error(`${target} leads out of the package`)
  }
  if ((await lstat(path).catch(() => undefined)) !== undefined) return
  await symlink(relative(dirname(target), source), path)
}
