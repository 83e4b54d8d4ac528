import { z } from 'zod'
import { activitySchema } from './activity.ts'
import { contentMethod } from './content/content.ts'
import { type DumpFormat, dumpFormats } from './dump/shape.ts'
import { backupTiers } from './tiers.ts'

/**
 * What a backup says about itself, beside the dump, readable without Airlock. Versioned: a reader refuses a version it
 * does not know. It contains no password and no data.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits')
const md5 = z.string().regex(/^[0-9a-f]{32}$/, 'an MD5 in hexadecimal digits')
// Only a name beside the manifest, or one folder below: a manifest must not be able to point anywhere else.
const fileName = z
  .string()
  .regex(/^[^/\\\0]+(\/[^/\\\0]+)?$/, 'a file name with at most one folder')
  .refine((name) => name.split('/').every((part) => !/^\.+$/.test(part)), 'a name that is more than dots')
const count = z.int().nonnegative()

const tableSchema = z
  .object({
    schema: z.string(),
    name: z.string(),
    rows: count.nullable().describe('exact, in the same snapshot as the dump; null where it was not counted'),
    notCounted: z.string().optional().describe('why `rows` is null'),
    hash: z.string().nullable().describe('the sum of the hashes of its rows; null where they were only counted'),
  })
  .readonly()

const named = { schema: z.string(), name: z.string() }
const position = z.object({ lastValue: z.string(), isCalled: z.boolean() }).readonly()

/** With the rows and hashes of the tables, all that a copy is compared with: see content/content.ts. */
const contentSchema = z
  .object({
    method: z.literal(contentMethod),
    serverMajor: z.int(),
    sequences: z
      .array(
        z.discriminatedUnion('kind', [
          z
            .object({
              kind: z.literal('read'),
              ...named,
              ascending: z.boolean(),
              cycles: z.boolean(),
              from: position,
              to: position,
            })
            .readonly(),
          z.object({ kind: z.literal('not-read'), ...named, because: z.string() }).readonly(),
        ]),
      )
      .readonly(),
    largeObjects: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('read'), count, hash: z.string() }).readonly(),
      z.object({ kind: z.literal('not-read'), because: z.string() }).readonly(),
    ]),
    notComparable: z.array(z.string()).readonly(),
  })
  .readonly()

const sqlLines = z.array(z.string()).readonly()
const globalsSchema = z
  .object({ roles: sqlLines, memberships: sqlLines, settings: sqlLines, grants: sqlLines })
  .readonly()

export const manifestSchema = z
  .object({
    manifestVersion: z.union([z.literal(1), z.literal(2)]),
    name: z.string(),
    airlock: z.string().describe('the version that made the backup'),
    environment: z
      .string()
      .optional()
      .describe('of airlock.yml, whose policy keeps or removes it; left out by earlier releases'),
    strategy: z.literal('pg_dump'),
    tier: z.enum(backupTiers).describe('how far the backup was proven'),
    notChecked: z.array(z.string()).readonly(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    tookMs: z
      .object({ dump: count, proof: count })
      .readonly()
      .optional()
      .describe('the dump with what was read beside it, and its proof; left out by earlier releases'),
    source: z
      .object({
        host: z.string(),
        port: z.int(),
        // It stands in SQL that people paste.
        database: z.string().regex(/^\P{Cc}+$/u, 'a name without control characters'),
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
    format: z.enum(dumpFormats),
    compression: z.string().nullable().describe('as in `zstd:1`; null where it was not recorded'),
    files: z
      .array(
        z
          .object({ name: fileName, bytes: count, sha256, md5: md5.nullable().describe('null where it was not taken') })
          .readonly(),
      )
      .min(1)
      .readonly()
      .describe('what is stored: one file, or the files of the folder of a dump in the format `directory`'),
    encryption: z
      .object({
        kind: z.literal('age'),
        recipients: z.array(z.string()).min(1).readonly().describe('public keys'),
        plain: z
          .object({ bytes: count, sha256 })
          .readonly()
          .describe('what is in the file: the dump, or a tar archive of its folder'),
      })
      .readonly()
      .nullable()
      .describe('null: the dump lies there as it is'),
    migrations: z
      .object({ head: z.string().nullable(), applied: count })
      .readonly()
      .nullable()
      .describe('null where there is no history of migrations that this release knows'),
    tables: z.array(tableSchema).readonly(),
    content: contentSchema.nullable().describe('null where only the rows were counted'),
    activity: activitySchema.nullable(),
    proof: z
      .object({ scratch: z.string().describe('kind and version of the server that it was restored into') })
      .readonly()
      .nullable()
      .describe('null where it was not restored'),
    globals: globalsSchema.nullable().describe('what belongs to the database and is in no dump of it, as SQL'),
    notIncluded: z.array(z.string()).readonly(),
    restoreByHand: z.array(z.string()).readonly(),
    checksum: sha256.nullable().describe('of all the rest, see manifest-checksum.ts; null in version 1'),
  })
  .readonly()
  .superRefine((manifest, context) => {
    for (const message of filesProblems(manifest)) context.addIssue({ code: 'custom', path: ['files'], message })
  })

/** One file beside the manifest; or, for a folder that is not encrypted, files in one folder, the table of contents among them. */
function filesProblems(manifest: {
  readonly format: DumpFormat
  readonly encryption: unknown
  readonly files: readonly { readonly name: string }[]
}): readonly string[] {
  const names = manifest.files.map(({ name }) => name)
  if (manifest.format === 'custom' || manifest.encryption !== null) {
    return names.length === 1 && !names.join().includes('/') ? [] : ['one file without a folder']
  }
  const folders = new Set(names.map((name) => name.slice(0, Math.max(0, name.indexOf('/')))))
  return [
    ...(folders.size === 1 && !folders.has('') ? [] : ['files in one folder']),
    ...(new Set(names).size === names.length ? [] : ['each file once']),
    ...(names.some((name) => name.endsWith('/toc.dat')) ? [] : ['the file toc.dat']),
  ]
}

/** What pg_restore is given, beside the manifest, once it is not encrypted any more. */
export function dumpNameOf(manifest: Pick<Manifest, 'format' | 'encryption' | 'files'>): string {
  const name = manifest.files[0]?.name ?? ''
  if (manifest.encryption !== null) return name.replace(manifest.format === 'directory' ? /\.tar\.age$/ : /\.age$/, '')
  return manifest.format === 'directory' ? name.slice(0, name.indexOf('/')) : name
}

export type Manifest = z.infer<typeof manifestSchema>
export type CountedTable = Omit<z.infer<typeof tableSchema>, 'hash'>
export type SourceDatabase = Manifest['source']

/** Earlier releases did not write it down; `production` is what they took where nobody said anything else. */
export function environmentOf({ environment }: Pick<Manifest, 'environment'>): string {
  return environment ?? 'production'
}
