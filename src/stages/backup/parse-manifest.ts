import { z } from 'zod'
import { type Failure, messageOf } from '../../errors.ts'
import { type Manifest, manifestSchema } from './manifest.ts'
import { checksumOf } from './manifest-checksum.ts'

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
    if (fits && manifestVersion === 2 && !text.endsWith('\n'))
      return invalid('It is cut off: its last line has no end.')
    if (fits) return { kind: 'ok', manifest: parsed.data }
    return invalid('Its own checksum does not fit: it was edited or damaged since it was written.')
  }
  return invalid(
    parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`).join('\n'),
  )
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
