import { z } from 'zod'
import { duration, milliseconds } from './units.ts'

/** How a deploy behaves beside an application that works: what it waits for, how long, how often, and when it gives way. */

export const lockDiscipline = {
  'lock-timeout': duration
    .refine((text) => milliseconds(text) > 0, 'must be more than 0 (PostgreSQL reads 0 as "no limit")')
    .default('2s')
    .describe('how long a statement may wait for a lock, and with it queue the application')
    .transform(milliseconds),
  'statement-timeout': duration
    .refine((text) => milliseconds(text) > 0, 'must be more than 0 (PostgreSQL reads 0 as "no limit")')
    .optional()
    .describe(
      'how long a statement may take; what the role has where nothing is said, and none where the migrations only build indexes CONCURRENTLY and validate constraints',
    )
    .transform((text) => (text === undefined ? undefined : milliseconds(text))),
  retry: z
    .strictObject({
      attempts: z.int().min(1).default(10).describe('for a migration that PostgreSQL took back; 1 is no second one'),
      budget: duration.default('10m').describe('for all of them and the waiting in between').transform(milliseconds),
    })
    .prefault({})
    .describe('after a lock that was not free in time, a deadlock or a serialization failure'),
  blockers: z
    .enum(['wait', 'refuse', 'ignore'])
    .default('wait')
    .describe(
      'where transactions that run for longer than `lock-timeout` hold what the migrations need, a replica is behind, or no connection is free: wait for it, refuse, or begin all the same',
    ),
  'blocker-wait': duration
    .default('5m')
    .describe(
      'how long `blockers: wait` waits, and CONCURRENTLY and VALIDATE CONSTRAINT for their locks, which nobody queues behind',
    )
    .transform(milliseconds),
  'replica-lag': duration
    .default('30s')
    .describe('a replica further behind than this is waited for')
    .transform(milliseconds),
  queue: z
    .strictObject({
      longest: duration
        .optional()
        .describe(
          'how long a session of the application may wait behind a migration; as `lock-timeout` where nothing is said',
        )
        .transform((text) => (text === undefined ? undefined : milliseconds(text))),
      'while-holding': z
        .enum(['cancel', 'unless-approved', 'allow'])
        .default('unless-approved')
        .describe(
          'a migration that works under its lock for longer than that is cancelled: always (`cancel`), unless it was approved as a `long-lock` (`unless-approved`), or never (`allow`)',
        ),
    })
    .prefault({}),
} as const
