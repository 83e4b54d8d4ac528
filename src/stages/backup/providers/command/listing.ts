import { z } from 'zod'
import { type Failure, messageOf } from '../../../../errors.ts'

/**
 * What a program that lists backups prints: pgBackRest's and WAL-G's JSON, or lines of which the first word names a backup.
 * Nothing that looks like one of the known forms and is not is read as "no backups". Pure.
 */

export interface ListedBackup {
  readonly id: string
  readonly at: Date | null
  readonly lsn: string | null
  readonly bytes: number | null
  /** The backup says of itself that it is damaged. */
  readonly damaged: boolean
}

export type Listing =
  | { readonly kind: 'read'; readonly backups: readonly ListedBackup[] }
  | { readonly kind: 'unreadable'; readonly failure: Failure }

/** https://pgbackrest.org/command.html#command-info, measured with 2.45. Seconds since 1970. */
const pgbackrest = z
  .array(
    z.looseObject({
      name: z.string(),
      backup: z.array(
        z.looseObject({
          label: z.string().min(1),
          error: z.boolean().nullish(),
          timestamp: z.looseObject({ stop: z.number() }),
          lsn: z.looseObject({ stop: z.string() }).nullish(),
          info: z.looseObject({ size: z.number() }).nullish(),
        }),
      ),
      status: z.looseObject({ code: z.number(), message: z.string() }),
    }),
  )
  .min(1)

/** `wal-g backup-list --json`, with and without --detail. */
const walg = z.array(
  z.looseObject({
    backup_name: z.string().min(1),
    time: z.string(),
    finish_time: z.string().nullish(),
    finish_lsn: z.union([z.number(), z.string()]).nullish(),
    uncompressed_size: z.number().nullish(),
  }),
)

/** pgBackRest: 0 is well, 2 a stanza without a backup yet; all others are trouble in which the list means nothing. */
const readableStatus: ReadonlySet<number> = new Set([0, 2])

export function readListing(text: string, program: string): Listing {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) return readLines(trimmed, program)
  let json: unknown
  try {
    json = JSON.parse(trimmed)
  } catch (error) {
    return unreadable(program, `It looks like JSON and is none: ${messageOf(error)}`)
  }
  const stanzas = pgbackrest.safeParse(json)
  if (stanzas.success) {
    const bad = stanzas.data.find(({ status }) => !readableStatus.has(status.code))
    if (bad !== undefined) return unreadable(program, `Stanza ${bad.name}: ${bad.status.message}`)
    if (stanzas.data.length > 1) {
      return unreadable(program, `It lists ${stanzas.data.length} stanzas: name one with --stanza`)
    }
    return { kind: 'read', backups: stanzas.data.flatMap(({ backup }) => backup.map(fromPgbackrest)) }
  }
  const backups = walg.safeParse(json)
  if (backups.success) return { kind: 'read', backups: backups.data.map(fromWalg) }
  return unreadable(program, 'It is JSON, and of neither pgBackRest’s nor WAL-G’s form.')
}

type Stanza = z.infer<typeof pgbackrest>[number]

function fromPgbackrest({ label, error, timestamp, lsn, info }: Stanza['backup'][number]): ListedBackup {
  return {
    id: label,
    at: new Date(timestamp.stop * 1_000),
    lsn: lsn?.stop ?? null,
    bytes: info?.size ?? null,
    damaged: error ?? false,
  }
}

function fromWalg(entry: z.infer<typeof walg>[number]): ListedBackup {
  const at = Date.parse(entry.finish_time ?? entry.time)
  return {
    id: entry.backup_name,
    at: Number.isNaN(at) ? null : new Date(at),
    lsn: typeof entry.finish_lsn === 'number' ? sayLsn(entry.finish_lsn) : (entry.finish_lsn ?? null),
    bytes: entry.uncompressed_size ?? null,
    damaged: false,
  }
}

/** A number as far as JSON's numbers are exact; what is larger is not told. */
function sayLsn(lsn: number): string | null {
  if (!Number.isSafeInteger(lsn) || lsn < 0) return null
  return `${Math.floor(lsn / 2 ** 32).toString(16)}/${(lsn % 2 ** 32).toString(16)}`.toUpperCase()
}

function readLines(text: string, program: string): Listing {
  const ids = text.split('\n').flatMap((line) => line.trim().split(/\s+/)[0] || [])
  if (new Set(ids).size !== ids.length) {
    return unreadable(program, 'Lines start with the same word; the first word of each has to name one backup.')
  }
  return {
    kind: 'read',
    backups: ids.map((id) => ({ id, at: null, lsn: null, bytes: null, damaged: false })),
  }
}

function unreadable(program: string, why: string): Listing {
  return {
    kind: 'unreadable',
    failure: {
      code: 'BACKUP.COMMAND_FAILED',
      what: `The list of backups that \`${program}\` prints cannot be read.`,
      why,
      next: [
        'Let `backup.command.list` print one backup in each line, its name first; or the JSON of `pgbackrest info --output=json` or `wal-g backup-list --json`.',
      ],
    },
  }
}

/** What is there now and was not before: exactly one, or nobody can say which backup is meant. */
export function newBackup(
  before: readonly ListedBackup[],
  after: readonly ListedBackup[],
  program: string,
): { readonly kind: 'new'; readonly backup: ListedBackup } | { readonly kind: 'none'; readonly failure: Failure } {
  const known = new Set(before.map(({ id }) => id))
  const fresh = after.filter(({ id }) => !known.has(id))
  const [backup] = fresh
  if (backup !== undefined && fresh.length === 1 && !backup.damaged) return { kind: 'new', backup }
  const why =
    backup === undefined
      ? `\`${program}\` ended well, and the list shows no backup that was not there before.`
      : fresh.length > 1
        ? `The list shows ${fresh.length} new backups (${fresh.map(({ id }) => id).join(', ')}): somebody else made one at the same time.`
        : `The list says that ${backup.id} has errors.`
  return {
    kind: 'none',
    failure: {
      code: 'BACKUP.COMMAND_FAILED',
      what: 'The program made no backup that can be named.',
      why,
      next: ['Check that `take` and `list` in airlock.yml are about the same repository, and run again.'],
    },
  }
}
