import { setSecret } from '@actions/core'
import { spellingsOf } from '../spellings.ts'

/** `::add-mask::` hides exactly what it is told and decodes nothing. The first thing a run does: nothing may be printed before. */
export function maskSecrets(secrets: readonly string[], mask: (value: string) => void = setSecret): void {
  for (const value of spellingsOf(secrets)) mask(value)
}
