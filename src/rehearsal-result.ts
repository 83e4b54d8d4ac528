import { z } from 'zod'
import { lockModes } from './sql/model.ts'
import { dataCheckKinds, dataCheckOutcomes } from './stages/rehearse/data/data-check.ts'
import { blockings } from './stages/rehearse/estimate/estimate.ts'
import { nextDeploys } from './stages/rehearse/halfway/halfway.ts'
import { rehearsedUndo } from './undo-result.ts'

/** The part of a result about a rehearsal. It only grows, as everything of a result. */

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const milliseconds = z.number()

const range = z
  .object({ low: milliseconds, likely: milliseconds, high: milliseconds })
  .readonly()
  .describe('nine of ten real times are meant to lie between low and high')

const duration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('range'), ms: range }).readonly(),
  z.object({ kind: z.literal('unknown'), because: z.string() }).readonly(),
])

const total = z
  .object({
    ms: range,
    unknown: z.int().describe('statements of which the time is not known: the whole takes longer by as much'),
  })
  .readonly()

const tracedStatement = z
  .object({
    index: z.int(),
    line: z.int(),
    kind: z.string(),
    ms: milliseconds,
    transaction: z
      .int()
      .describe('statements with the same number stood in one transaction; counted from 0 in each file'),
    locks: list(z.object({ relation: z.string(), mode: z.enum(lockModes), heldMs: milliseconds }).readonly()),
    rewrites: list(z.string()),
    scans: list(z.string()),
    rows: z.number().nullable(),
    walBytes: z.number(),
    temporaryBytes: z.number(),
    indexes: list(z.object({ name: z.string(), relation: z.string(), bytes: z.number() }).readonly()),
    notObserved: list(z.string()),
  })
  .readonly()

const stopped = z
  .object({
    migration: z.string(),
    index: z.int(),
    line: z.int(),
    sql: z.string(),
    sqlState: z.string().optional(),
    message: z.string(),
    cause: z.string(),
    offending: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('counted'), rows: z.number() }).readonly(),
      z.object({ kind: z.literal('not-counted'), because: z.string() }).readonly(),
    ]),
    find: z.string().optional().describe('SQL that lists the rows that stand in the way'),
  })
  .readonly()

const estimatedStatement = z
  .object({
    migration: z.string(),
    index: z.int(),
    line: z.int(),
    kind: z.string(),
    transaction: z.int(),
    copyMs: milliseconds,
    rows: z.number().nullable(),
    grows: z.boolean().describe('it lasts as long as tables are large'),
    duration: duration.describe('from a warm cache to a cold one'),
    warm: duration,
    cold: duration,
    waitsForOthers: z.boolean().describe('CONCURRENTLY waits for transactions of others, which comes on top'),
    locks: list(
      z
        .object({
          relation: z.string(),
          mode: z.enum(lockModes),
          source: z.enum(['observed', 'static']),
          blocks: z.enum(blockings),
          waits: list(z.string()),
          held: duration,
        })
        .readonly(),
    ),
  })
  .readonly()

const dataCheck = z
  .object({
    kind: z.enum(dataCheckKinds),
    name: z.string(),
    outcome: z.enum(dataCheckOutcomes),
    text: z.string(),
    rows: list(
      z
        .object({
          table: z.string(),
          counts: list(z.int().nullable()).describe('in the order in which they were counted; null: not known'),
        })
        .readonly(),
    ).optional(),
  })
  .readonly()

const ending = z
  .object({
    next: z.enum(nextDeploys).describe('of the next deploy: it applies the file again, records it as applied, or asks'),
    says: z.string(),
    wrong: z.boolean().describe('true where that is not what is in force'),
  })
  .readonly()

const halfway = z
  .object({
    migration: z.string(),
    states: list(
      z
        .object({
          line: z.int().nullable().describe('of the last statement in force; null: none is'),
          inForce: z.int(),
          of: z.int(),
          killed: ending,
          refused: ending.optional(),
        })
        .readonly(),
    ),
    notTried: list(z.string()),
  })
  .readonly()

export const rehearsalSchema = z
  .object({
    mode: z.enum(['data', 'schema']),
    schema: z.string().describe('the one whose names need no prefix'),
    engineMs: milliseconds.describe('the engine that applies them, from its start to its end'),
    trace: z
      .object({
        files: list(
          z.object({ migration: z.string(), ms: milliseconds, statements: list(tracedStatement) }).readonly(),
        ),
        stopped: stopped.optional(),
      })
      .readonly(),
    estimate: z
      .object({
        mode: z.enum(['data', 'schema']),
        files: list(
          z
            .object({ migration: z.string(), copyMs: milliseconds, total, statements: list(estimatedStatement) })
            .readonly(),
        ),
        total,
        notRun: z.int(),
      })
      .readonly()
      .describe('what production is going to see'),
    disagreements: list(
      z
        .object({
          migration: z.string(),
          line: z.int(),
          what: z.enum(['lock', 'rewrite', 'scan']),
          said: z.string().optional().describe('by the plan'),
          seen: z.string().optional().describe('on the copy'),
          text: z.string(),
        })
        .readonly(),
    ),
    checks: list(dataCheck).describe('what was asked of the data on the copy; empty where the migrations stopped'),
    undo: list(rehearsedUndo)
      .optional()
      .describe('the way back of each migration, tried on the copy; empty where airlock.yml says `undo: off`'),
    halfway: list(halfway)
      .optional()
      .describe(
        'what a deploy leaves behind that ends inside of a migration, and what the next one does; where Prisma applies them',
      ),
    notChecked: list(z.string()),
  })
  .readonly()

export type RehearsalResult = z.infer<typeof rehearsalSchema>
