import { z } from 'zod'
import { duration, milliseconds } from './units.ts'

/** What airlock.yml says about backups that somebody else makes. */

const argv = z.array(z.string().min(1)).min(1).readonly()

export const commandSchema = z
  .strictObject({
    take: argv.describe(
      'program and arguments that make a backup and end when it is there; no shell reads them; `{name}` stands for a name of Airlock’s',
    ),
    list: argv
      .optional()
      .describe(
        'prints the backups that are there: JSON of pgBackRest or WAL-G, or lines that start with a name. Without it only the exit code says that one was made',
      ),
    verify: argv.optional().describe('checks what is stored; `{id}` stands for the name in the list'),
    'verify-says': z
      .string()
      .min(1)
      .optional()
      .describe('a line that `verify` must print besides ending with 0; `pgbackrest verify` ends with 0 on damage too'),
    restore: z.string().min(1).describe('for a person: how to restore; printed with the report, `{id}` filled in'),
    'time-limit': duration
      .refine((text) => milliseconds(text) > 0, 'must be more than 0')
      .default('1h')
      .describe('for each of the programs')
      .transform(milliseconds),
  })
  .transform(({ 'time-limit': timeLimitMs, 'verify-says': verifySays, ...settings }) => ({
    ...settings,
    timeLimitMs,
    verifySays,
  }))

export const neonSchema = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'the id of a project, as in `shiny-wind-028834`')
    .describe('id of the project; the branch is the one that the connection URL leads to'),
})
