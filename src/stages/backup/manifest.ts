import { z } from 'zod'
import { type Failure, messageOf } from '../../errors.ts'
import { activitySchema } from './activity.ts'
import { contentMethod, type DatabaseContent } from './content/content.ts'
import { type DumpFormat, dumpFormats } from './dump/shape.ts'
import { checksumOf } from './manifest-checksum.ts'

/**
 * What a backup says about itself, beside the dump, readable without Airlock. Versioned: a reader refuses a version it
 * does not know. It contains no password and no data.
 */

export const backupTiers = ['checksum', 'decoded', 'restored', 'compared'] as const
export type BackupTier = (typeof backupTiers)[number]

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

const manifestSchema = z
  .object({
    manifestVersion: z.union([z.literal(1), z.literal(2)]),
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
      .describe('null where there is no Prisma history table'),
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

/** What version 1 did not say: it knew one shape and no proof but decoding. */
const notSaidByVersion1 = {
  format: 'custom',
  compression: null,
  encryption: null,
  content: null,
  activity: null,
  proof: null,
  globals: null,
  checksum: null,
} as const

function asCurrent(json: object): unknown {
  const old = z
    .object({
      manifestVersion: z.literal(1),
      files: z.array(z.object({}).loose()),
      tables: z.array(z.object({}).loose()),
    })
    .loose()
    .safeParse(json)
  if (!old.success) return json
  return {
    ...old.data,
    files: old.data.files.map((file) => ({ ...file, md5: null })),
    tables: old.data.tables.map((table) => ({ ...table, hash: null })),
    ...notSaidByVersion1,
  }
}

export type Manifest = z.infer<typeof manifestSchema>
export type CountedTable = Omit<z.infer<typeof tableSchema>, 'hash'>
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
  const version = z.object({ manifestVersion: z.unknown() }).loose().safeParse(json)
  if (version.success && version.data.manifestVersion !== 1 && version.data.manifestVersion !== 2) {
    return invalid(
      `Its manifestVersion is ${JSON.stringify(version.data.manifestVersion)}; this release of Airlock reads the versions 1 and 2.`,
    )
  }
  const parsed = manifestSchema.safeParse(version.success ? asCurrent(version.data) : json)
  if (parsed.success) {
    // Version 1 had no checksum; one that has it is a newer one whose version was edited.
    const { manifestVersion, checksum } = parsed.data
    const said = version.success ? version.data : {}
    const fits = manifestVersion === 1 ? !('checksum' in said) : checksum === checksumOf(said)
    if (fits) return { kind: 'ok', manifest: parsed.data }
    return invalid('Its own checksum does not fit: it was edited or damaged since it was written.')
  }
  return invalid(
    parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`).join('\n'),
  )
}

/** What was in the database in the snapshot of the dump; undefined where only rows were counted. */
export function contentOf({ content, tables }: Pick<Manifest, 'content' | 'tables'>): DatabaseContent | undefined {
  if (content === null) return undefined
  return {
    ...content,
    tables: tables.map(({ schema, name, rows, hash, notCounted }) =>
      rows === null || hash === null
        ? { kind: 'not-read', schema, name, because: notCounted ?? 'its content was not read' }
        : { kind: 'read', schema, name, rows, hash },
    ),
  }
}

/** The other way round. */
export function describeContent({ tables, ...content }: DatabaseContent): Pick<Manifest, 'content' | 'tables'> {
  return {
    content,
    tables: tables.map((table) =>
      table.kind === 'read'
        ? { schema: table.schema, name: table.name, rows: table.rows, hash: table.hash }
        : { schema: table.schema, name: table.name, rows: null, hash: null, notCounted: table.because },
    ),
  }
}
