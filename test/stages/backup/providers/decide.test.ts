import { describe, expect, it } from 'vitest'
import { hasOwnName, nameSnapshot, nextDelay } from '../../../../src/stages/backup/providers/decide.ts'

describe('names of snapshots', () => {
  const at = new Date('2026-11-21T16:05:00.123Z')

  it.each(['shop', 'Shop DB', '__', 'ünïcode', 'a'.repeat(200), 'x-'.repeat(40), '9lives', ''])(
    'of the database %j are ones that every provider takes, and are recognised as ours',
    (database) => {
      const name = nameSnapshot(database, at)
      expect(name).toMatch(/^[a-z](?:-?[a-z0-9])*$/)
      expect(name.length).toBeLessThanOrEqual(63)
      expect(name).toMatch(/-20261121t160500z$/)
      expect(hasOwnName(name)).toBe(true)
    },
  )

  it.each([
    'airlock-',
    'airlock-shop',
    'airlock-20261121',
    'my-airlock-shop-20261121t160500z',
    'airlock-shop-20261121t160500z-2',
  ])('are not recognised in %s', (name) => {
    expect(hasOwnName(name)).toBe(false)
  })
})

describe('waiting', () => {
  it('asks less and less often, a last time at the deadline, and then no more', () => {
    const patience = { firstDelayMs: 1_000, longestDelayMs: 10_000, deadlineMs: 60_000 }
    const asked: number[] = []
    let waited = 0
    for (
      let delay = nextDelay(patience, 0, 0);
      delay !== undefined;
      delay = nextDelay(patience, asked.length, waited)
    ) {
      waited += delay
      asked.push(waited)
    }
    expect(asked[0]).toBe(1_000)
    expect(asked.at(-1)).toBe(60_000)
    expect(asked.length).toBeLessThan(15)
  })
})
