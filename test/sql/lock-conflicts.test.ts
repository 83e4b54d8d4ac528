import { expect, test } from 'vitest'
import { applicationLocks, conflicts, makesWait } from '../../src/sql/lock-conflicts.ts'
import { lockModes } from '../../src/sql/model.ts'

test('who waits for whom is the same in both directions', () => {
  for (const held of lockModes)
    for (const wanted of lockModes) expect(makesWait(held, wanted), `${held} ${wanted}`).toBe(makesWait(wanted, held))
})

test('readers wait for ACCESS EXCLUSIVE alone, writers for SHARE and what is stronger', () => {
  const waitedFor = (wanted: keyof typeof applicationLocks) =>
    lockModes.filter((held) => conflicts[held].includes(applicationLocks[wanted]))
  expect(waitedFor('reads')).toEqual(['AccessExclusiveLock'])
  expect(waitedFor('rowLocks')).toEqual(['ExclusiveLock', 'AccessExclusiveLock'])
  expect(waitedFor('writes')).toEqual(['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'])
})
