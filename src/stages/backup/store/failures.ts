import { type Failure, FailureError, fail, messageOf } from '../../../errors.ts'
import { errnoOf } from '../../../migrations/errno.ts'
import type { Manifest } from '../manifest.ts'
import { manifestFile, readOwnManifest } from './names.ts'

/** What every kind of store says alike, and what a folder says. */

export function existsAlready(store: string, name: string): Failure {
  return {
    code: 'STORE.REFUSED',
    what: `${store} has another backup with the name \`${name}\` already.`,
    why: 'What is there is never written over.',
    next: ['Compare the two manifests, and use another folder or prefix for this database.'],
  }
}

export function differs(store: string, what: string, because: string): Failure {
  return {
    code: 'STORE.CHECKSUM',
    what: `\`${what}\` and its copy in ${store} are not both what the manifest describes.`,
    why: because,
    next: ['Check the disk, then make the backup again; do not rely on this copy.'],
  }
}

export function notRemoved(store: string, name: string, left: readonly string[]): Failure {
  return {
    code: 'STORE.LOCKED',
    what: `The backup \`${name}\` was not removed from ${store} completely.`,
    why: `The store took the request and still has ${left.join(', ')}.`,
    next: ['Look for a lock or a rule of the store that keeps them, then run this again.'],
  }
}

export function notThere(store: string, name: string): FailureError {
  return fail('STORE.REFUSED', {
    what: `${store} has no backup \`${name}\`.`,
    why: `There is no ${manifestFile(name)}.`,
    next: [`See what is there: airlock prune --dry-run --store STORE`],
  })
}

/** The manifest of `name`, or the failure that says why it cannot be followed. */
export function notOwn(store: string, name: string, text: string): Manifest {
  const own = readOwnManifest(text, name)
  if (own.kind === 'ok') return own.manifest
  throw fail('STORE.CHECKSUM', {
    what: `The manifest of \`${name}\` in ${store} cannot be followed.`,
    why: own.because,
    next: ['Use another backup.'],
  })
}

/** The system's own errors about a folder; anything else comes back as it is. */
export function folderFailure(folder: string, thrown: unknown): unknown {
  if (thrown instanceof FailureError) return thrown
  const options = { cause: thrown }
  const why = messageOf(thrown)
  switch (errnoOf(thrown)) {
    case 'ENOENT':
      return fail(
        'STORE.NO_BUCKET',
        {
          what: `The folder ${folder}, or a file that belongs into it, is not there.`,
          why,
          next: ['Check the path, and that the disk is mounted.'],
        },
        options,
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return refused(folder, why, 'Free space there, or keep fewer backups: airlock prune', options)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return refused(folder, why, 'Name a folder that this user may read and write.', options)
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
      return fail(
        'STORE.UNREACHABLE',
        { what: `${folder} does not answer.`, why, next: ['Check the disk or the share, then run this again.'] },
        options,
      )
    default:
      return thrown
  }
}

function refused(folder: string, why: string, next: string, options: ErrorOptions): FailureError {
  return fail('STORE.REFUSED', { what: `${folder} cannot be used.`, why, next: [next] }, options)
}
