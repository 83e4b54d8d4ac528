import { setFlagsFromString } from 'node:v8'

/** The versions that this was measured with, those of Node.js 20, 22 and 24. To another, a flag may be unknown, and V8 says so on stderr. */
export const v8Major = [11, 12, 13].find((major) => process.versions.v8.startsWith(`${major}.`))

export function setEngineFlags(flags: readonly string[]): void {
  if (v8Major !== undefined) for (const flag of flags) setFlagsFromString(flag)
}
