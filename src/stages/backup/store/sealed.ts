import type { Failure } from '../../../errors.ts'
import type { Manifest } from '../manifest.ts'
import { checkOwn, manifestFile } from './names.ts'

/**
 * What may go where others can read it. An artifact of a workflow run can be downloaded by everybody who can read the
 * repository, and of a public one by everybody who is signed in
 * (https://docs.github.com/en/actions/how-tos/manage-workflow-runs/download-workflow-artifacts). Pure.
 */

/** Only the manifest's own word counts, never the ending of a name. */
export function isSealed(manifest: Manifest): boolean {
  const encryption: unknown = 'encryption' in manifest ? manifest.encryption : null
  return typeof encryption === 'object' && encryption !== null && 'kind' in encryption && encryption.kind === 'age'
}

export function requireSealed(manifest: Manifest, store: string): Failure | undefined {
  if (isSealed(manifest)) return undefined
  return {
    code: 'STORE.PLAINTEXT',
    what: `The backup \`${manifest.name}\` is not encrypted and was not put into ${store}.`,
    why: 'Whoever can read that store would read the whole database.',
    next: [
      'Make a key pair, keep the identity file away from the repository: age-keygen -o airlock-identity.txt',
      'Name its public key under `backup` in airlock.yml: encrypt-to: [age1…]',
    ],
  }
}

export type ArtifactFiles =
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'refused'; readonly failure: Failure }

/** The files, beside the manifest, that a workflow may upload as an artifact: all of a sealed backup, or none. */
export function artifactFiles(manifest: Manifest): ArtifactFiles {
  const plaintext = requireSealed(manifest, 'an artifact of the workflow run')
  if (plaintext !== undefined) return { kind: 'refused', failure: plaintext }
  const own = checkOwn(manifest, manifest.name)
  // Sealed, a backup is one file: anything else beside it was not encrypted.
  const unsealed = manifest.files.find((file) => !file.name.endsWith('.age') || file.name.includes('/'))
  if (own.kind === 'ok' && unsealed === undefined) {
    return { kind: 'files', files: [...manifest.files.map((file) => file.name), manifestFile(manifest.name)] }
  }
  return {
    kind: 'refused',
    failure: {
      code: 'STORE.PLAINTEXT',
      what: `The backup \`${manifest.name}\` was not put into an artifact of the workflow run.`,
      why:
        own.kind === 'unreadable'
          ? `Its manifest cannot be followed: ${own.because}.`
          : `Its manifest says that it is encrypted, and names \`${unsealed?.name ?? ''}\`, which is not.`,
      next: ['Make the backup again: airlock backup --out DIR'],
    },
  }
}
