import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { findAge } from '../../src/stages/backup/seal/age-program.ts'
import type { AgeProgram } from '../../src/stages/backup/seal/decide-sealer.ts'

const unpacked = fileURLToPath(new URL('../../.cache/age/bin', import.meta.url))

/** PATH with the `age` that scripts/age.mjs unpacked, where the machine has none. */
export const pathWithAge = [process.env.PATH, unpacked].join(delimiter)

export function labAge(): Promise<AgeProgram | undefined> {
  return findAge({ PATH: pathWithAge })
}

export async function newIdentity(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

export function hasProgram(name: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${name}`], { env: { PATH: pathWithAge }, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
