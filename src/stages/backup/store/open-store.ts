import { resolve } from 'node:path'
import { fail } from '../../../errors.ts'
import { FolderStore } from './folder.ts'
import { parseStore, type StoreLocation } from './location.ts'
import { resolveEndpoint } from './s3/endpoint.ts'
import type { BackupStore, StoreAccess } from './store.ts'

/** Nothing is asked of the store yet: a wrong key shows with the first request. */
export async function openStore(location: StoreLocation, cwd: string, access: StoreAccess): Promise<BackupStore> {
  if (location.kind === 'folder') return new FolderStore(resolve(cwd, location.path), access)
  const resolved = resolveEndpoint(location, access.env)
  if (resolved.kind === 'invalid') throw notAStore(`s3://${location.bucket}/${location.prefix}`, resolved.problems)
  // A file of its own in the bundle: most runs have nothing to keep, and none pays for what it does not use.
  const { S3Store } = await import('./s3/s3-store.ts')
  return new S3Store(location, resolved.endpoint, access)
}

/** `text` as it was given on the command line. */
export async function openStoreText(text: string, cwd: string, access: StoreAccess): Promise<BackupStore> {
  const parsed = parseStore(text)
  if (parsed.kind === 'invalid') throw notAStore(withoutCredentials(text), parsed.problems)
  return openStore(parsed.location, cwd, access)
}

function notAStore(text: string, problems: readonly string[]) {
  return fail('USAGE.INVALID', {
    what: `\`${text}\` cannot be used as a store.`,
    why: problems.join('\n'),
    next: ['A folder, or s3://bucket/prefix with settings behind a `?`: s3://backups/shop?region=eu-central-1'],
  })
}

function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/?#]*@/g, '//***@')
}
