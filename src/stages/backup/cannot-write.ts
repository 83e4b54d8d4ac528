import { FailureError, fail, messageOf } from '../../errors.ts'
import { spaceRanOut } from './decide.ts'

/** Why the backup folder could not be written to; anything else comes back as it is. */
export function cannotWrite(directory: string, thrown: unknown): unknown {
  if (thrown instanceof FailureError || !(thrown instanceof Error) || !('code' in thrown)) return thrown
  switch (thrown.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new FailureError(spaceRanOut(directory, messageOf(thrown)))
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return fail(
        'BACKUP.CANNOT_WRITE',
        {
          what: `The backup cannot be written to ${directory}.`,
          why: messageOf(thrown),
          next: ['Name a folder that this user may write to: --backup-dir DIR (the action’s input `backup-dir`).'],
        },
        { cause: thrown },
      )
    default:
      return thrown
  }
}
