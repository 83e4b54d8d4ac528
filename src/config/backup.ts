import { z } from 'zod'
import { parseCompression } from '../stages/backup/dump/shape.ts'
import { keepSchema } from '../stages/backup/retention/keep.ts'
import { parseStore } from '../stages/backup/store/location.ts'
import { backupTiers } from '../stages/backup/tiers.ts'
import { commandSchema, neonSchema } from './providers.ts'
import { bytesIn, duration, milliseconds, size } from './units.ts'

const tier = z.enum(backupTiers)
const atLeast = (least: number) => z.int().min(least)

const settings = z.strictObject({
  strategy: z
    .enum(['pg_dump', 'command', 'neon', 'rds', 'supabase', 'none'])
    .default('pg_dump')
    .describe(
      '`pg_dump` is restored and compared; `command`: a program of yours (pgBackRest, WAL-G); `neon`, `rds`, `supabase`: a snapshot by the provider; `none` is the explicit waiver: nothing to restore from',
    ),
  dir: z.string().min(1).optional().describe('where backups are written'),
  tier: tier
    .default('compared')
    .describe(
      'how far a backup must be proven: `checksum` (written and read back), `decoded` (every byte read by pg_restore), `restored` (into a scratch server), `compared` (schema, row counts and contents equal)',
    ),
  'trust-provider': z
    .boolean()
    .default(false)
    .describe(
      'a snapshot that nobody restored is enough; without it `command`, `neon`, `rds` and `supabase` stop at the `tier`',
    ),
  command: commandSchema.optional().describe('with `strategy: command`'),
  neon: neonSchema.optional().describe('with `strategy: neon`; the key is read from NEON_API_KEY'),
  above: z
    .strictObject({
      size: size.describe('of the tables of the database').transform(bytesIn),
      tier: tier.describe('what is enough there'),
    })
    .optional()
    .describe('another tier for databases too large to restore at every deploy'),
  scratch: z
    .enum(['auto', 'installed', 'embedded', 'url'])
    .default('auto')
    .describe(
      'where a backup is restored to prove it: a PostgreSQL of the same major that is `installed`, one that is downloaded (`embedded`), the first of these that is there (`auto`), or the server in AIRLOCK_SCRATCH_URL (`url`)',
    ),
  'content-budget': duration
    .default('60m')
    .describe('for reading the content of all tables, once in the database and once in the copy')
    .transform(milliseconds),
  'install-client': z
    .boolean()
    .optional()
    .describe(
      'install a missing pg_dump with apt, dnf or apk; where nothing is said, on the runners that GitHub hosts',
    ),
  format: z
    .enum(['auto', 'custom', 'directory'])
    .default('auto')
    .describe('of pg_dump; `auto` takes `directory`, which dumps several tables at once, for large databases'),
  jobs: atLeast(1)
    .optional()
    .describe('connections that dump and restore at once; by the processors where nothing is said'),
  compression: z
    .string()
    .superRefine((text, context) => {
      const parsed = parseCompression(text)
      if (parsed.kind === 'invalid') context.addIssue({ code: 'custom', message: parsed.because })
    })
    .default('auto')
    .describe('of the dump; `auto` takes the best that the installed pg_dump has'),
  'encrypt-to': z
    .array(z.string().min(1))
    .readonly()
    .default([])
    .describe('age recipients (`age1…`): with one or more, nothing leaves the runner’s temporary folder unencrypted'),
  store: z
    .string()
    .superRefine((text, context) => {
      const parsed = parseStore(text)
      if (parsed.kind === 'invalid') context.addIssue({ code: 'custom', message: parsed.problems.join('; ') })
    })
    .optional()
    .describe('where backups are kept besides: a folder, or `s3://BUCKET/PREFIX?region=…`'),
  keep: keepSchema.prefault({}).describe('what `airlock prune` leaves of each database'),
})

/** A section that is not acted on would be believed to be; a strategy without its own cannot be followed. */
export const backupSchema = settings.superRefine((backup, context) => {
  for (const name of ['command', 'neon'] as const) {
    if (backup.strategy === name && backup[name] === undefined) {
      context.addIssue({ code: 'custom', path: [name], message: `\`strategy: ${name}\` needs it` })
    }
    if (backup.strategy !== name && backup[name] !== undefined) {
      context.addIssue({ code: 'custom', path: [name], message: `is for \`strategy: ${name}\`, and would not be used` })
    }
  }
  if (backup['trust-provider'] && (backup.strategy === 'pg_dump' || backup.strategy === 'none')) {
    context.addIssue({
      code: 'custom',
      path: ['trust-provider'],
      message: `is for a snapshot by somebody else, not for \`strategy: ${backup.strategy}\``,
    })
  }
})
