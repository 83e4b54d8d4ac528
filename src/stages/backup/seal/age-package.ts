import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'

/** The age format by the package of its author, in this process. */

/** Gives the key of this one file, which opens it once more and is known to nobody else. */
export async function encryptWithPackage(
  source: Readable,
  recipients: readonly string[],
  take: (output: Readable) => Promise<void>,
): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  let key: Uint8Array | undefined
  // Adds nothing to the header: only the recipients that were named can open the file.
  encrypter.addRecipient({
    wrapFileKey: (fileKey) => {
      key = fileKey.slice()
      return []
    },
  })
  await take(fromWeb(await encrypter.encrypt(toWeb(source))))
  if (key === undefined) throw new Error('The package sealed without a key')
  return key
}

/** Throws while it is read where the file is not whole. */
export async function decryptWithKey(source: Readable, key: Uint8Array): Promise<Readable> {
  const decrypter = new Decrypter()
  decrypter.addIdentity({ unwrapFileKey: () => key.slice() })
  return fromWeb(await decrypter.decrypt(toWeb(source)))
}

/** The key of the file, where one of the identities opens its header. */
export async function fileKeyOf(header: Uint8Array, identities: readonly string[]): Promise<Uint8Array | undefined> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  try {
    return await decrypter.decryptHeader(header)
  } catch {
    return undefined
  }
}

function toWeb(stream: Readable): ReadableStream<Uint8Array> {
  // The same class at run time; the types of Node.js and of the web do not know of each other.
  return Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>
}

function fromWeb(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as unknown as NodeStream<Uint8Array>)
}
