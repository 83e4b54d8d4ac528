import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bundle.ts'

const release = '2.70.0'

export interface Squawk {
  readonly program: string
  readonly version: string
}

/** The peer to compare with: the given one, that of `SQUAWK`, or the wheel that pip brings. Why not, where there is none. */
export function findSquawk(given: string | undefined): Squawk | { readonly missing: string } {
  const chosen = given ?? process.env.SQUAWK
  if (chosen !== undefined) return started(chosen)
  const folder = join(root, '.cache/squawk', release)
  const installed = join(folder, 'bin/squawk')
  if (!existsSync(installed)) {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder]
    const { status, error, stderr } = spawnSync('python3', [...pip, `squawk-cli==${release}`], { encoding: 'utf8' })
    if (status !== 0) return { missing: `pip could not install it: ${error?.message ?? stderr.trim()}` }
  }
  return started(installed)
}

function started(program: string): Squawk | { readonly missing: string } {
  const { status, stdout, error } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  if (status !== 0) return { missing: error?.message ?? `${program} --version ended with ${status}` }
  return { program, version: stdout.trim() }
}
