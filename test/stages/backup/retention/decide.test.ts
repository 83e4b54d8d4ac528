import { describe, expect, it } from 'vitest'
import type { Manifest } from '../../../../src/stages/backup/manifest.ts'
import { decideRetention, isoWeek } from '../../../../src/stages/backup/retention/decide.ts'
import { type Keep, keepSchema } from '../../../../src/stages/backup/retention/keep.ts'
import { manifestOf } from '../store/made-backup.ts'

const dayMs = 86_400_000
const now = new Date('2026-11-21T12:00:00Z')

interface Made {
  readonly name: string
  readonly manifest: Manifest
}

function made(startedAt: string, tier: Manifest['tier'] = 'compared', database = 'shop'): Made {
  const manifest = manifestOf({ startedAt: new Date(startedAt).toISOString(), tier, database })
  return { name: manifest.name, manifest }
}

function daily(count: number, hour = '03:00'): readonly Made[] {
  return Array.from({ length: count }, (_, days) =>
    made(`${new Date(now.getTime() - days * dayMs).toISOString().slice(0, 10)}T${hour}:00Z`),
  )
}

const strict: Keep = keepSchema.parse({ daily: 0, weekly: 0, monthly: 0, 'min-age': '0d', 'min-count': 1 })
const kept = (backups: readonly Made[], keep: Keep) =>
  decideRetention(backups, keep, now).flatMap((one) => (one.kind === 'keep' ? [one.backup.name] : []))
const days = (backups: readonly Made[], keep: Keep) => kept(backups, keep).map((name) => name.slice(5, 13))

describe('what is kept', () => {
  it('is the newest, whatever the policy says', () => {
    expect(days(daily(40), strict)).toEqual(['20261121'])
  })

  it('is one a day for the last days that have a backup, also after days without', () => {
    const gap = [...daily(10).slice(0, 2), ...daily(10).slice(6)]
    expect(days(gap, { ...strict, daily: 4 })).toEqual(['20261121', '20261120', '20261115', '20261114'])
  })

  it('is one a week and one a month', () => {
    expect(days(daily(100), { ...strict, weekly: 3 })).toEqual(['20261121', '20261115', '20261108'])
    expect(days(daily(100), { ...strict, monthly: 3 })).toEqual(['20261121', '20261031', '20260930'])
  })

  it('is what is younger than the least age', () => {
    expect(days(daily(10), { ...strict, 'min-age': 2 * dayMs })).toEqual(['20261121', '20261120'])
  })

  it('is never less than the least number', () => {
    expect(days(daily(10), { ...strict, 'min-count': 4 })).toEqual(['20261121', '20261120', '20261119', '20261118'])
  })

  it('is the best proven backup of a day rather than the last one', () => {
    const backups = [
      made('2026-11-20T01:00:00Z', 'compared'),
      made('2026-11-20T05:00:00Z', 'decoded'),
      made('2026-11-21T01:00:00Z', 'decoded'),
    ]
    expect(kept(backups, { ...strict, daily: 2 })).toEqual(['shop-20261121T010000Z', 'shop-20261120T010000Z'])
  })

  it('is the newest compared one, when everything after it was proven less', () => {
    const backups = [
      ...daily(20)
        .slice(0, 19)
        .map((one) => ({ ...one, manifest: { ...one.manifest, tier: 'decoded' as const } })),
      ...daily(20).slice(19),
    ]
    expect(days(backups, strict)).toEqual(['20261121', '20261102'])
  })

  it('is decided for each database by itself', () => {
    const backups = [...daily(3), made('2020-01-01T00:00:00Z', 'compared', 'crm')]
    expect(kept(backups, strict)).toEqual(['shop-20261121T030000Z', 'crm-20200101T000000Z'])
  })

  it('is what is dated in the future, without counting as the newest', () => {
    const backups = [made('2027-01-01T00:00:00Z'), ...daily(2)]
    expect(days(backups, strict)).toEqual(['20270101', '20261121'])
  })

  it('is the same in any order of the listing', () => {
    const backups = daily(60)
    const keep = keepSchema.parse({})
    expect([...kept([...backups].reverse(), keep)].sort()).toEqual([...kept(backups, keep)].sort())
  })

  it('by default is 7 days, 4 weeks, 12 months, everything of 30 days, and at least 3', () => {
    expect(keepSchema.parse({})).toEqual({ daily: 7, weekly: 4, monthly: 12, 'min-age': 30 * dayMs, 'min-count': 3 })
  })
})

it.each([
  ['2026-01-01', '2026-W01'],
  ['2027-01-01', '2026-W53'],
  ['2024-12-30', '2025-W01'],
  ['2026-11-22', '2026-W47'],
  ['2026-11-23', '2026-W48'],
])('%s is in the week %s', (day, week) => {
  expect(isoWeek(Date.parse(`${day}T23:59:59Z`))).toBe(week)
})

/** Seeded: the same 300 histories every time. */
function random(seed: number) {
  let state = seed
  return (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

describe('in 300 random histories', () => {
  const tiers = ['checksum', 'decoded', 'restored', 'compared'] as const
  const histories = Array.from({ length: 300 }, (_, seed) => {
    const next = random(seed + 1)
    const backups = Array.from({ length: next(60) }, () => {
      const at = now.getTime() - next(800 * 24) * 3_600_000 - next(3_600) * 1_000
      return made(new Date(at).toISOString(), tiers[next(4)], next(3) === 0 ? 'crm' : 'shop')
    })
    const keep: Keep = {
      daily: next(9),
      weekly: next(6),
      monthly: next(14),
      'min-age': next(40) * dayMs,
      'min-count': 1 + next(6),
    }
    const unique = [...new Map(backups.map((backup) => [backup.name, backup])).values()]
    return { keep, backups: unique }
  })
  const of = (backups: readonly Made[], database: string) =>
    backups.filter(({ manifest }) => manifest.source.database === database)

  it('every backup gets one answer with a reason', () => {
    for (const { backups, keep } of histories) {
      const decided = decideRetention(backups, keep, now)
      expect(decided.map(({ backup }) => backup.name).sort()).toEqual(backups.map(({ name }) => name).sort())
      expect(decided.every(({ because }) => because.length > 0)).toBe(true)
    }
  })

  it('the newest, the newest of the highest tier, the young and the least number always stay', () => {
    for (const { backups, keep } of histories) {
      const names = new Set(kept(backups, keep))
      for (const database of ['shop', 'crm']) {
        const series = of(backups, database).sort((a, b) => b.manifest.startedAt.localeCompare(a.manifest.startedAt))
        const highest = Math.max(...series.map(({ manifest }) => tiers.indexOf(manifest.tier)))
        const must = [
          series[0],
          series.find(({ manifest }) => tiers.indexOf(manifest.tier) === highest),
          ...series.filter(({ manifest }) => now.getTime() - Date.parse(manifest.startedAt) < keep['min-age']),
        ]
        expect(must.every((one) => one === undefined || names.has(one.name))).toBe(true)
        expect(series.filter(({ name }) => names.has(name)).length).toBeGreaterThanOrEqual(
          Math.min(series.length, keep['min-count']),
        )
      }
    }
  })

  it('what a policy keeps, a more generous one keeps', () => {
    for (const { backups, keep } of histories) {
      const more = { ...keep, daily: keep.daily + 2, monthly: keep.monthly + 1, 'min-age': keep['min-age'] + dayMs }
      const generous = new Set(kept(backups, { ...more, 'min-count': 1 }))
      expect(kept(backups, { ...keep, 'min-count': 1 }).filter((name) => !generous.has(name))).toEqual([])
    }
  })

  it('pruning again removes nothing more', () => {
    for (const { backups, keep } of histories) {
      const names = kept(backups, keep)
      const left = backups.filter(({ name }) => names.includes(name))
      expect(kept(left, keep).length).toBe(left.length)
    }
  })
})
