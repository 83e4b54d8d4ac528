import { z } from 'zod'
import { type Failure, messageOf } from '../../errors.ts'

/**
 * What a backup says about itself, beside the dump, readable without Airlock. Versioned: a reader refuses a version it
 * does not know. It contains no password and no data.
 */

export const backupTiers = ['checksum', 'decoded', 'restored', 'compared'] as const
export type BackupTier = (typeof backupTiers)[number]

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits')
// Only a name beside the manifest: a manifest must not be able to point anywhere else.
const fileName = z
  .string()
  .regex(/^[^/\\\0]+$/, 'a file name without a folder')
  .refine((name) => !/^\.+$/.test(name))
const count = z.int().nonnegative()

const tableSchema = z
  .object({
    schema: z.string(),
    name: z.string(),
    rows: count.nullable().describe('exact, in the same snapshot as the dump; null where it was not counted'),
    notCounted: z.string().optional().describe('why `rows` is null'),
  })
  .readonly()

const manifestSchema = z
  .object({
    manifestVersion: z.literal(1),
    name: z.string(),
    airlock: z.string().describe('the version that made the backup'),
    strategy: z.literal('pg_dump'),
    tier: z.enum(backupTiers).describe('how far the backup was proven'),
    notChecked: z.array(z.string()).readonly(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    source: z
      .object({
        host: z.string(),
        port: z.int(),
        database: z.string(),
        user: z.string(),
        serverVersion: z.string(),
        serverMajor: z.int(),
        systemIdentifier: z.string().nullable().describe('null where the role may not read it'),
        owner: z.string(),
        encoding: z.string(),
        localeProvider: z.enum(['libc', 'icu', 'builtin']),
        collate: z.string(),
        characterType: z.string(),
        locale: z.string().nullable().describe('of the providers icu and builtin'),
        bytes: count.describe('size of the database at the time'),
      })
      .readonly(),
    client: z.object({ version: z.string(), major: z.int() }).readonly(),
    files: z
      .array(z.object({ name: fileName, bytes: count, sha256 }).readonly())
      .length(1)
      .readonly(),
    migrations: z
      .object({ head: z.string().nullable(), applied: count })
      .readonly()
      .nullable()
      .describe('null where there is no Prisma history table'),
    tables: z.array(tableSchema).readonly(),
    notIncluded: z.array(z.string()).readonly(),
    restoreByHand: z.array(z.string()).readonly(),
  })
  .readonly()

export type Manifest = z.infer<typeof manifestSchema>
export type CountedTable = z.infer<typeof tableSchema>
export type SourceDatabase = Manifest['source']

export type ParsedManifest =
  | { readonly kind: 'ok'; readonly manifest: Manifest }
  | { readonly kind: 'invalid'; readonly failure: Failure }

/** `path` is only for the message. */
export function parseManifest(text: string, path: string): ParsedManifest {
  const invalid = (why: string): ParsedManifest => ({
    kind: 'invalid',
    failure: {
      code: 'RESTORE.MANIFEST_INVALID',
      what: `${path} is not a backup manifest that can be used.`,
      why,
      next: [
        'Check that `--from` names the file NAME.manifest.json beside NAME.dump, whole and unedited.',
        'A dump can be restored without its manifest: pg_restore --exit-on-error --dbname=NEW_DATABASE NAME.dump',
      ],
    },
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return invalid(`It is not JSON: ${messageOf(error)}`)
  }
  const version = z.object({ manifestVersion: z.unknown() }).safeParse(json)
  if (version.success && version.data.manifestVersion !== 1) {
    return invalid(
      `Its manifestVersion is ${JSON.stringify(version.data.manifestVersion)}; this release of Airlock reads version 1.`,
    )
  }
  const parsed = manifestSchema.safeParse(json)
  if (parsed.success) return { kind: 'ok', manifest: parsed.data }
  return invalid(
    parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`).join('\n'),
  )
}
