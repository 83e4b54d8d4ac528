import { parseEnv } from 'node:util'
import { checkUrlVariables, type EnvFileProblem } from './variables.ts'

/** For `doctor`: every connection URL of an env file, and what is wrong with it. Values are never repeated. */
export function checkEnvFile(text: string, path: string): readonly EnvFileProblem[] {
  return checkUrlVariables(parsed(text), text, path)
}

function parsed(text: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(parseEnv(text)).map(([name, value]) => [name, value ?? '']))
}

export type { EnvFileProblem }
