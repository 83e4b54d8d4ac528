import { z } from 'zod'
import { undoLossKinds } from './stages/rehearse/undo/undo.ts'

/** The parts of a result about ways back. They only grow, as everything of a result. */

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()

export const undoOrigin = z.union([
  z.object({ kind: z.literal('own'), file: z.string() }).readonly(),
  z.object({ kind: z.literal('generated') }).readonly(),
])

export const undoLoss = z
  .object({ kind: z.enum(undoLossKinds), name: z.string(), rows: z.int().nullable(), text: z.string() })
  .readonly()

export const writtenSince = list(z.object({ what: z.string(), sql: z.string() }).readonly()).describe(
  'counts what was written after the migration and would be lost, to be run before the undo',
)

const common = { migration: z.string(), origin: undoOrigin }
const written = { ...common, sql: z.string(), checked: list(z.string()), notChecked: list(z.string()), writtenSince }

export const rehearsedUndo = z.discriminatedUnion('kind', [
  z.object({ ...written, kind: z.literal('proven'), loses: z.tuple([]).readonly() }).readonly(),
  z.object({ ...written, kind: z.literal('lossy'), loses: list(undoLoss) }).readonly(),
  z.object({ ...common, kind: z.literal('impossible'), because: z.string() }).readonly(),
  z.object({ ...common, kind: z.literal('not-proven'), because: z.string(), sql: z.string() }).readonly(),
])
