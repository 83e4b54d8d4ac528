import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { NamedSql } from '../../test/stages/apply/atomic/two-ways.ts'
import { readHistory } from '../histories/runnable.ts'

export const engines = ['Prisma 7', 'Prisma 6', 'atomic'] as const
export type Engine = (typeof engines)[number]

/**
 * `fitting`: rows that the pending migrations are meant to meet, as production has them when people deploy: where a migration
 * does not allow any, the table is empty. `any`: rows with repeated values and gaps, whatever the migrations want.
 */
export type Data = 'fitting' | 'any'

/** So many migrations are applied, and the next ones are pending. */
export interface Point {
  readonly history: string
  readonly number: number
  readonly applied: readonly NamedSql[]
  readonly pending: readonly NamedSql[]
  readonly engine: Engine
  readonly data: Data
}

export const histories = ['shop', 'documenso', 'formbricks', 'langfuse', 'rallly'] as const

export function migrationsOf(history: string): readonly NamedSql[] {
  if (history === 'shop') return shop()
  const folder = readdirSync('.cache/histories').find((name) => name.includes(history))
  if (folder === undefined) throw new Error(`no history of that name is there: npx tsx scripts/histories.ts fetch`)
  return readHistory(join('.cache/histories', folder))
}

/** The example project, with all that its demo has pending. */
function shop(): readonly NamedSql[] {
  const pending = 'examples/shop/pending'
  return [
    ...readHistory('examples/shop/prisma/migrations'),
    ...readdirSync(pending).flatMap((scenario) => readHistory(join(pending, scenario))),
  ].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const mostPending = 10

/** One in each of so many equal parts of the history, anywhere in it. The third of four has rows of any kind. */
export function pointsOf(
  history: string,
  migrations: readonly NamedSql[],
  count: number,
  random: () => number,
): readonly Point[] {
  return Array.from({ length: count }, (_, at): Point => {
    const part = migrations.length / count
    const k = Math.min(migrations.length - 1, Math.max(1, Math.floor((at + random()) * part)))
    return {
      history,
      number: at + 1,
      applied: migrations.slice(0, k),
      pending: migrations.slice(k, k + mostPending),
      engine: engines[at % engines.length] ?? 'Prisma 7',
      data: at % 4 === 2 ? 'any' : 'fitting',
    }
  })
}
