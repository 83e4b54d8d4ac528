/** Which locks wait for which, and what that means for an application that reads and writes rows. */

import { type LockMode, lockModes } from './model.ts'

/** https://www.postgresql.org/docs/18/explicit-locking.html, table 13.2. */
export const conflicts: Readonly<Record<LockMode, readonly LockMode[]>> = {
  AccessShareLock: ['AccessExclusiveLock'],
  RowShareLock: ['ExclusiveLock', 'AccessExclusiveLock'],
  RowExclusiveLock: ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
  ShareUpdateExclusiveLock: [
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareRowExclusiveLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ExclusiveLock: [
    'RowShareLock',
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  AccessExclusiveLock: lockModes,
}

export const applicationLocks = {
  reads: 'AccessShareLock',
  writes: 'RowExclusiveLock',
  /** `SELECT … FOR UPDATE`, FOR SHARE and their like, and the check of a foreign key. */
  rowLocks: 'RowShareLock',
} as const satisfies Readonly<Record<string, LockMode>>

/** Whoever wants the second waits for whoever has the first. */
export function makesWait(held: LockMode, wanted: LockMode): boolean {
  return conflicts[held].includes(wanted)
}
