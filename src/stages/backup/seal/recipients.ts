import { Encrypter } from 'age-encryption'
import type { Failure } from '../../../errors.ts'

/** age public keys (https://age-encryption.org/v1): who will be able to open a backup. Pure. */

/** What is wrong with it, or nothing. Never quotes the text: it may be a secret key. */
export function recipientProblem(text: string): string | undefined {
  if (/^age-secret-key-/i.test(text)) {
    return 'it is a secret key. Take it out of here and out of the history, make a new one with `age-keygen`, and give its public key, which starts with `age1`'
  }
  if (/^ssh-|^ecdsa-/.test(text)) {
    return 'it is an SSH key; an age public key, which starts with `age1`, is needed (`age-keygen` makes one)'
  }
  if (!text.startsWith('age1')) return 'an age public key starts with `age1` (`age-keygen` prints it)'
  try {
    new Encrypter().addRecipient(text)
    return undefined
  } catch {
    return /^age1[a-z0-9]*1/.test(text)
      ? 'it is the key of a plugin or of a kind that this release does not know; it knows age1… and age1pq1…'
      : 'it is not whole, or a character is wrong: its checksum does not fit'
  }
}

export function recipientsInvalid(
  recipients: readonly string[],
  /** `encrypt-to` of airlock.yml, `--encrypt-to`. */
  where: string,
): Failure | undefined {
  const problems = recipients.flatMap((text, index) => {
    const problem = recipientProblem(text)
    if (problem !== undefined) return [`${where}, recipient ${index + 1}: ${problem}.`]
    return recipients.indexOf(text) < index ? [`${where}, recipient ${index + 1}: it is there twice.`] : []
  })
  if (recipients.length === 0) problems.push(`${where}: there is no recipient, so nobody could open the backup.`)
  if (problems.length === 0) return undefined
  return {
    code: 'BACKUP.RECIPIENT_INVALID',
    what: 'The backup cannot be encrypted to the recipients that are named.',
    why: problems.join('\n'),
    next: ['Correct them; `age-keygen -y IDENTITY_FILE` prints the public key of an identity.'],
  }
}

/** The kind that every version of the `age` program knows. */
export function isClassic(recipient: string): boolean {
  return /^age1[a-z0-9]{58}$/.test(recipient)
}
