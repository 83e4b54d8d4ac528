import { resolve } from 'node:path'
import { fail } from '../../../errors.ts'
import { FolderStore } from './folder.ts'
import { parseStore, type StoreLocation } from './location.ts'
import { resolveEndpoint } from './s3/endpoint.ts'
import { S3Store } from './s3/s3-store.ts'
import type { BackupStore, StoreAccess } from './store.ts'

/** Nothing is asked of the store yet: a wrong key shows with the first request. */
export function openStore(location: StoreLocation, cwd: string, access: StoreAccess): BackupStore {
  if (location.kind === 'folder') return new FolderStore(resolve(cwd, location.path), access)
  const resolved = resolveEndpoint(location, access.env)
  if (resolved.kind === 'invalid') throw notAStore(`s3://${location.bucket}/${location.prefix}`, resolved.problems)
  return new S3Store(location, resolved.endpoint, access)
}

/** `text` as it was given on the command line. */
export function openStoreText(text: string, cwd: string, access: StoreAccess): BackupStore {
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
