import { Decrypter } from 'age-encryption'
import { type FailureError, fail, messageOf } from '../../../errors.ts'
import { readRegularText } from '../../../regular-file.ts'

/** The secret keys in an identity file as `age-keygen` writes it. No message ever contains a line of it. */
export async function readIdentities(
  path: string | undefined,
  recipients: readonly string[],
): Promise<readonly string[]> {
  if (path === undefined) {
    throw missing('The backup is encrypted, and no identity was given to open it.', forRecipients(recipients))
  }
  const text = await readRegularText(path).catch((thrown: unknown) => {
    throw missing(`The identity file ${path} cannot be read.`, `${messageOf(thrown)}. ${forRecipients(recipients)}`)
  })
  if (/^(age-encryption\.org\/v1|-----BEGIN AGE ENCRYPTED FILE-----)/.test(text)) {
    throw unusable(path, 'It is encrypted with a passphrase itself.', [
      `Open it first, into a file that only you read: (umask 077; age --decrypt --output identity.txt ${path})`,
    ])
  }
  if (text.includes('PRIVATE KEY-----')) {
    throw unusable(path, 'It is an SSH or TLS key; backups are encrypted to age public keys only.', [nextForIdentity])
  }
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }))
  const keys = lines.filter(({ line }) => line !== '' && !line.startsWith('#'))
  if (keys.length === 0) throw missing(`There is no secret key in ${path}.`, forRecipients(recipients))
  for (const { line, number } of keys) {
    try {
      new Decrypter().addIdentity(line)
    } catch {
      throw unusable(path, `Line ${number} is not an age secret key, or not a whole one.`, [nextForIdentity])
    }
  }
  return keys.map(({ line }) => line)
}

export function wrongIdentity(path: string, recipients: readonly string[]): FailureError {
  return fail('RESTORE.WRONG_IDENTITY', {
    what: `The identity in ${path} does not open the backup.`,
    why: forRecipients(recipients),
    next: [nextForIdentity, '`age-keygen -y IDENTITY_FILE` prints the public key that a file belongs to.'],
  })
}

const nextForIdentity = 'Name the file with the secret key of one of these recipients: --identity FILE'

function forRecipients(recipients: readonly string[]): string {
  return `It was encrypted to ${recipients.join(', ')}.`
}

function missing(what: string, why: string): FailureError {
  return fail('RESTORE.IDENTITY_MISSING', { what, why, next: [nextForIdentity] })
}

function unusable(path: string, why: string, next: readonly string[]): FailureError {
  return fail('RESTORE.WRONG_IDENTITY', { what: `${path} cannot be used as an identity.`, why, next })
}
