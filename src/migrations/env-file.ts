import { parseEnv } from 'node:util'
import { readRegularText } from '../regular-file.ts'
import { errnoOf } from './errno.ts'
import { unreadableFile } from './project-failures.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The env files that Prisma reads for a project, in the order in which they count. */
export interface EnvFiles {
  readonly paths: readonly string[]
  /** Prisma 6 replaces `${NAME}` in them; `dotenv`, which a configuration loads itself, does not. */
  readonly expands: boolean
}

/** A variable that is set stays as it is, and the first file that has one wins: so does `dotenv` for Prisma. */
export async function withEnvFiles(environment: Environment, { paths, expands }: EnvFiles): Promise<Environment> {
  let known = environment
  for (const path of paths) {
    const values = await readValues(path)
    const visible = { ...values, ...withoutUnset(known) }
    const shown = expands
      ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, expand(value, visible)]))
      : values
    known = { ...shown, ...withoutUnset(known) }
  }
  return known
}

async function readValues(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    const values = parseEnv(await readRegularText(path))
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errnoOf(error))) return {}
    throw unreadableFile(error) ?? error
  }
}

function withoutUnset(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined))
}

/** Only the plain form, as Prisma does it; an unknown name becomes nothing, a shell's default stays and is refused later. */
function expand(value: string, environment: Environment, depth = 0): string {
  if (depth > 9) return value
  return value.replace(/(\\?)\$\{(\w+)\}/g, (_all, escaped: string, name: string) =>
    escaped === '' ? expand(environment[name] ?? '', environment, depth + 1) : `\${${name}}`,
  )
}
