import { z } from 'zod'
import { duration, milliseconds } from './units.ts'

const commands = z
  .array(z.array(z.string().min(1)).min(1).readonly())
  .readonly()
  .default([])

/** Programs of the user's own around a deploy. */
export const hooks = {
  hooks: z
    .strictObject({
      'before-deploy': commands.describe(
        'programs with their arguments, which no shell reads, in order, before anything is applied; one that fails stops the deploy',
      ),
      'after-deploy': commands.describe(
        'the same once the deploy is verified; one that fails is told, and the deploy stands',
      ),
      seed: commands.describe(
        'programs that fill in what the application needs, run once the deploy is verified, before `after-deploy` and told in the same way; a rehearsal runs them twice on the copy, with its URL, and refuses a deploy where the second run fails or leaves other numbers of rows',
      ),
      'time-limit': duration
        .refine((text) => milliseconds(text) > 0, 'must be more than 0')
        .default('10m')
        .describe('for each of the programs')
        .transform(milliseconds),
    })
    .prefault({}),
  analyze: z
    .boolean()
    .default(false)
    .describe('ANALYZE of the tables that the migrations changed, once the deploy is verified'),
} as const
