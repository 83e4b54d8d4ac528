import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../scripts/bench/made-history.ts'
import { VersionedMap } from '../../src/sql/catalog/versioned-map.ts'

describe('a version', () => {
  it('keeps what it says, whatever is written to the ones made from it', () => {
    const first = new VersionedMap(new Map([['a', 1]])).set('b', 2)
    const second = new VersionedMap(first).set('a', 10)
    second.delete('b')
    const third = new VersionedMap(second).set('c', 3)
    expect([...first]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    expect([...second]).toEqual([['a', 10]])
    expect([...third]).toEqual([
      ['a', 10],
      ['c', 3],
    ])
    expect([first.has('b'), second.has('b'), first.get('c')]).toEqual([true, false, undefined])
  })

  it('can be written to after another was made from it, and neither sees the other', () => {
    const main = new VersionedMap<string, number>(new Map([['a', 1]]))
    const branch = new VersionedMap(main).set('a', 2).set('b', 2)
    main.set('a', 3).set('c', 3)
    expect(Object.fromEntries(branch)).toEqual({ a: 2, b: 2 })
    expect(Object.fromEntries(main)).toEqual({ a: 3, c: 3 })
  })
})

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('random versions (seed %i)', (seed) => {
  it('are what copies would be', () => {
    const random = randomFrom(seed)
    const versions = [{ map: new VersionedMap<number, number>(new Map([[0, 0]])), copy: new Map([[0, 0]]) }]
    for (let step = 0; step < 2_000; step += 1) {
      // Mostly the newest one, as in a history; now and then any.
      const one = versions[random(4) === 0 ? random(versions.length) : versions.length - 1]
      if (one === undefined) continue
      const key = random(12)
      const what = random(10)
      if (what === 0) versions.push({ map: new VersionedMap(one.map), copy: new Map(one.copy) })
      else if (what < 4) expect(one.map.delete(key)).toBe(one.copy.delete(key))
      else {
        one.map.set(key, step)
        one.copy.set(key, step)
      }
    }
    const sorted = (map: ReadonlyMap<number, number>) => [...map].toSorted(([a], [b]) => a - b)
    expect(versions.length).toBeGreaterThan(100)
    for (const { map, copy } of versions) {
      expect(sorted(map)).toEqual(sorted(copy))
      expect(map.size).toBe(copy.size)
      for (let key = 0; key < 12; key += 1) expect(map.get(key)).toBe(copy.get(key))
    }
  })
})
