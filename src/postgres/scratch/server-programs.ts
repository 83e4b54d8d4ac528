import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf } from '../../errors.ts'
import { programFolders, versionOf } from '../client-tools.ts'

/** Programs that make and run a server. */
export interface ServerPrograms {
  readonly initdb: string
  readonly postgres: string
  readonly major: number
  readonly version: string
}

export interface FoundServers {
  readonly programs: readonly ServerPrograms[]
  readonly unusable: readonly string[]
  readonly searched: readonly string[]
}

/** In the same places as the client programs; packages with clients only have none of these two, which is no fault. */
export async function findServerPrograms(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundServers> {
  const { folders, searched } = await programFolders(environment)
  const programs: ServerPrograms[] = []
  const unusable: string[] = []
  const seen = new Set<string>()
  for (const folder of folders) {
    const postgres = await realpath(join(folder, 'postgres')).catch(() => undefined)
    if (postgres === undefined || seen.has(postgres)) continue
    seen.add(postgres)
    const read = await readPrograms(postgres)
    if (typeof read === 'string') unusable.push(read)
    else programs.push(read)
  }
  return { programs, unusable, searched }
}

export async function readPrograms(postgres: string): Promise<ServerPrograms | string> {
  // Beside the program itself, not beside a link to it: initdb runs the `postgres` of its own folder.
  const initdb = join(dirname(postgres), 'initdb')
  try {
    const [server, maker] = await Promise.all([versionOf(postgres), versionOf(initdb)])
    if (server.version !== maker.version)
      return `${postgres} is ${server.version} but ${basename(initdb)} beside it is ${maker.version}`
    return { initdb, postgres, ...server }
  } catch (thrown) {
    return `${postgres}: ${messageOf(thrown).trim()}`
  }
}

/** The newest minor of that major. */
export function programsFor(found: FoundServers, major: number): ServerPrograms | undefined {
  const minor = ({ version }: ServerPrograms) => Number(version.split('.')[1] ?? 0)
  return found.programs.filter((programs) => programs.major === major).toSorted((a, b) => minor(b) - minor(a))[0]
}
