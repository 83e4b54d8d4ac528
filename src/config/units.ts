import { z } from 'zod'

const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

export function milliseconds(text: string): number {
  const [, amount, unit] = durationPattern.exec(text) ?? []
  return Math.round(Number(amount) * unitMs[unit as keyof typeof unitMs])
}

export const duration = z.string().regex(durationPattern, 'a duration such as `500ms`, `2s` or `10m`')

const sizePattern = /^(\d+(?:\.\d+)?)(kB|MB|GB|TB)$/
/** As PostgreSQL counts its memory units: https://www.postgresql.org/docs/18/config-setting.html */
const unitBytes = { kB: 1_024, MB: 1_024 ** 2, GB: 1_024 ** 3, TB: 1_024 ** 4 } as const

export function bytesIn(text: string): number {
  const [, amount, unit] = sizePattern.exec(text) ?? []
  return Math.round(Number(amount) * unitBytes[unit as keyof typeof unitBytes])
}

export const size = z.string().regex(sizePattern, 'a size such as `500kB`, `100MB` or `2GB`')
