import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import type { AgeProgram } from './decide-sealer.ts'

/** The `age` on PATH; undefined where there is none that runs. Relative folders are not searched. */
export async function findAge(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<AgeProgram | undefined> {
  for (const folder of (environment.PATH ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, 'age')
    const there = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (!there) continue
    const version = await versionOf(path)
    if (version !== undefined) return { path, version }
  }
  return undefined
}

/** `v1.2.1`, `1.1.1`. Another program of that name does not answer like this. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 5_000 })
    return /^v?(\d+\.\d+\.\d+\S*)$/.exec(stdout.trim())?.[1]
  } catch {
    return undefined
  }
}
