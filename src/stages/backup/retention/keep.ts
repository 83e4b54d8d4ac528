import { z } from 'zod'

/** `keep` of airlock.yml: how many backups of each database stay. */

const agePattern = /^(\d{1,5})(h|d|w)$/
const unitMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const

function ageMs(text: string): number {
  const [, amount, unit] = agePattern.exec(text) ?? []
  return Number(amount) * unitMs[unit as keyof typeof unitMs]
}

const count = z.int().min(0).max(10_000)

export const keepSchema = z
  .strictObject({
    daily: count.default(7).describe('of the last N days that have a backup, one each'),
    weekly: count.default(4).describe('of the last N ISO weeks that have a backup, one each'),
    monthly: count.default(12).describe('of the last N months that have a backup, one each'),
    'min-age': z
      .string()
      .regex(agePattern, 'an age such as `12h`, `30d` or `8w`')
      .default('30d')
      .describe('nothing younger is removed')
      .transform(ageMs),
    'min-count': count
      .min(1, 'must be 1 or more: the last backup is never removed')
      .default(3)
      .describe('never fewer than this are left'),
  })
  .readonly()

export type Keep = z.output<typeof keepSchema>
