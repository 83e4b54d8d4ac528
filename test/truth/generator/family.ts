import type { Random } from './random.ts'
import type { World, WorldTable } from './world.ts'

/** Draws a statement of one kind about what there is, where there is something to say it about. */
export type Family = (world: World, random: Random) => string | undefined

/** About a table that there is. */
export const onTable =
  (statement: (table: WorldTable, random: Random, world: World) => string | undefined): Family =>
  (world, random) => {
    const table = random.maybe(world.tables)
    return table === undefined ? undefined : statement(table, random, world)
  }

export const onView =
  (kind: 'v' | 'm', statement: (view: World['views'][number], random: Random) => string): Family =>
  (world, random) => {
    const view = random.maybe(world.views.filter((one) => one.kind === kind))
    return view === undefined ? undefined : statement(view, random)
  }

export const cascade = (random: Random) => random.pick(['', '', ' CASCADE'])
export const column = (table: WorldTable, random: Random) => random.maybe(table.columns)?.name ?? 'nope'
export const ifExists = (random: Random) => (random.percent(20) ? 'IF EXISTS ' : '')
