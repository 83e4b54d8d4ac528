import { createHash } from 'node:crypto'
import { FailureError } from '../../../../errors.ts'
import type { Manifest } from '../../manifest.ts'
import { differs } from '../failures.ts'
import type { S3Location } from '../location.ts'
import { parallel } from '../parallel.ts'
import type { Answer, Call, S3Client } from './client.ts'
import { notS3 } from './explain.ts'
import { expectedChecksum, type HashedPart, hashParts } from './hashed-parts.ts'
import { encodeXml, textOf } from './xml.ts'

/**
 * A file into an object. Every part is sent with its SHA-256, which the signature covers, so that the server takes
 * exactly these bytes or none; afterwards it is asked what it has. Memory does not grow with the file.
 */

export interface Upload {
  readonly client: S3Client
  readonly location: S3Location
  readonly key: string
  readonly path: string
  readonly file: Manifest['files'][number]
  readonly signal: AbortSignal
  readonly onProgress: (sentBytes: number) => void
}

const partsAtATime = 4
/** Putting thousands of parts together takes S3 minutes, in which it says little. */
const completeSilenceMs = 600_000
/** GitHub leaves a cancelled step 7.5 s. */
const abortLimitMs = 3_000

export async function uploadFile(upload: Upload): Promise<void> {
  const parts = await hashParts(upload.path, upload.file, upload.client.store, upload.signal)
  // Left by an upload that was cut off before its manifest: what is there already is not sent again.
  if ((await askBack(upload, parts)).kind === 'same') return
  const [only] = parts
  if (parts.length === 1 && only !== undefined) await putWhole(upload, only)
  else await putInParts(upload, parts)
  const after = await askBack(upload, parts)
  if (after.kind === 'absent')
    throw new FailureError(differs(upload.client.store, upload.file.name, 'After the upload it is not there.'))
}

async function putWhole(upload: Upload, part: HashedPart): Promise<void> {
  const { client, key, location } = upload
  await onlyIfAbsent(client, {
    method: 'PUT',
    key,
    headers: { ...objectHeaders(location), ...checksumHeader(location, part) },
    body: bodyOf(upload, part),
    action: 's3:PutObject',
  })
  upload.onProgress(part.bytes)
}

async function putInParts(upload: Upload, parts: readonly HashedPart[]): Promise<void> {
  const { client, key, location } = upload
  const begun = await client.text({
    method: 'POST',
    key,
    query: [['uploads', '']],
    headers: {
      ...objectHeaders(location),
      ...(location.checksum === 'sha256' ? { 'x-amz-checksum-algorithm': 'SHA256' } : {}),
    },
    action: 's3:PutObject',
  })
  const id = begun.kind === 'ok' ? textOf(begun.value, 'UploadId') : undefined
  if (id === undefined) throw notS3(client.store, 'It began an upload and gave it no name.')
  let completed = false
  try {
    completed = await complete(upload, parts, await parallelParts(upload, parts, id), id)
  } finally {
    // Parts of an upload that was given up are kept, and charged for, until somebody ends it. Also after a cancellation.
    const givingUp = { query: [['uploadId', id]], signal: AbortSignal.timeout(abortLimitMs), expected: [404] } as const
    if (!completed) {
      await client
        .text({ method: 'DELETE', key, action: 's3:AbortMultipartUpload', ...givingUp })
        .catch(() => undefined)
    }
  }
}

async function parallelParts(upload: Upload, parts: readonly HashedPart[], id: string): Promise<readonly string[]> {
  const { client, key, location } = upload
  let sent = 0
  return parallel(parts, partsAtATime, async (part) => {
    const answer = await client.text({
      method: 'PUT',
      key,
      query: [
        ['partNumber', String(part.number)],
        ['uploadId', id],
      ],
      headers: checksumHeader(location, part),
      body: bodyOf(upload, part),
      action: 's3:PutObject',
    })
    sent += part.bytes
    upload.onProgress(sent)
    const tag = answer.kind === 'ok' ? answer.headers.etag : undefined
    if (tag === undefined) throw notS3(client.store, 'It took a part and gave it no ETag.')
    return tag
  })
}

async function complete(
  upload: Upload,
  parts: readonly HashedPart[],
  tags: readonly string[],
  id: string,
): Promise<boolean> {
  const { client, key, location } = upload
  const listed = parts.map((part, index) => {
    const checksum =
      location.checksum === 'sha256' ? `<ChecksumSHA256>${part.sha256.toString('base64')}</ChecksumSHA256>` : ''
    return `<Part><PartNumber>${part.number}</PartNumber><ETag>${encodeXml(tags[index] ?? '')}</ETag>${checksum}</Part>`
  })
  const xml = Buffer.from(
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join('')}</CompleteMultipartUpload>`,
  )
  const call: Call = {
    method: 'POST',
    key,
    query: [['uploadId', id]],
    headers: { 'content-type': 'application/xml' },
    body: { content: { kind: 'bytes', bytes: xml }, sha256: createHash('sha256').update(xml).digest('hex') },
    action: 's3:PutObject',
    // Asked again after an answer that got lost: whether the object is there is checked next in any case.
    expected: ['NoSuchUpload'],
    idleMs: completeSilenceMs,
  }
  const answer = await onlyIfAbsent(client, call)
  // S3 sends 200 before it has finished, and says later whether it could.
  if (answer.kind === 'ok' && textOf(answer.value, 'Code') !== undefined) throw client.refusal(answer.value, call)
  return answer.kind === 'ok'
}

/**
 * Two runners may send under one name at the same time: the first one wins
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html). That something is there already may
 * also be this very request, sent again after its answer got lost; what it is, the caller asks next.
 */
export async function onlyIfAbsent(client: S3Client, call: Call): Promise<Answer<string>> {
  const expected = [...(call.expected ?? []), 412, 'NotImplemented']
  const answer = await client.text({ ...call, headers: { ...call.headers, 'if-none-match': '*' }, expected })
  const unknown = answer.kind === 'refused' && answer.refused.code === 'NotImplemented'
  return unknown ? client.text(call) : answer
}

/** The size always, and the checksum where the server knows it. Another object under that name is never written over. */
async function askBack({ client, key, location, file }: Upload, parts: readonly HashedPart[]) {
  const answer = await client.text({
    method: 'HEAD',
    key,
    headers: location.checksum === 'sha256' ? { 'x-amz-checksum-mode': 'ENABLED' } : {},
    action: 's3:GetObject',
    expected: [404],
  })
  if (answer.kind === 'refused') return { kind: 'absent' } as const
  const bytes = answer.headers['content-length']
  const has = answer.headers['x-amz-checksum-sha256']
  const expected = expectedChecksum(parts)
  if (bytes !== String(file.bytes) || (typeof has === 'string' && has !== expected)) {
    const found = `${bytes ?? 'an unknown number of'} bytes with the checksum ${has ?? 'unknown'}`
    throw new FailureError(
      differs(
        client.store,
        file.name,
        `The store has ${found} under that name; this file has ${file.bytes} bytes with ${expected}.`,
      ),
    )
  }
  return { kind: 'same' } as const
}

function bodyOf({ path }: Upload, { start, bytes, sha256 }: HashedPart): NonNullable<Call['body']> {
  const content =
    bytes === 0
      ? ({ kind: 'bytes', bytes: new Uint8Array() } as const)
      : ({ kind: 'file', path, start, bytes } as const)
  return { content, sha256: sha256.toString('hex') }
}

function checksumHeader(location: S3Location, { sha256 }: { readonly sha256: Buffer }): Record<string, string> {
  return location.checksum === 'sha256' ? { 'x-amz-checksum-sha256': sha256.toString('base64') } : {}
}

/** What the object is to be like; said when it is begun. */
export function objectHeaders({ encryption, lock, storageClass }: S3Location): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    ...(encryption === undefined ? {} : { 'x-amz-server-side-encryption': encryption.kind }),
    ...(encryption?.kind === 'aws:kms' && encryption.keyId !== undefined
      ? { 'x-amz-server-side-encryption-aws-kms-key-id': encryption.keyId }
      : {}),
    ...(storageClass === undefined ? {} : { 'x-amz-storage-class': storageClass }),
    ...(lock === undefined
      ? {}
      : {
          'x-amz-object-lock-mode': lock.mode,
          'x-amz-object-lock-retain-until-date': new Date(Date.now() + lock.days * 86_400_000).toISOString(),
        }),
  }
}
