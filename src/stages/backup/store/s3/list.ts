import type { ListedFile } from '../sort-files.ts'
import type { S3Client } from './client.ts'
import { notS3 } from './explain.ts'
import { elementsOf, textOf } from './xml.ts'

/** Every key that begins with base and start, without the base; with a delimiter also the folders there, ending with it. */
export async function listKeys(
  client: S3Client,
  base: string,
  start: string,
  delimiter: '/' | undefined,
): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = []
  let next: string | undefined
  do {
    const answer = await client.text({
      method: 'GET',
      key: '',
      query: [
        ['list-type', '2'],
        ['prefix', `${base}${start}`],
        ['encoding-type', 'url'],
        ...(delimiter === undefined ? [] : [['delimiter', delimiter] as const]),
        ...(next === undefined ? [] : [['continuation-token', next] as const]),
      ],
      action: 's3:ListBucket',
    })
    const xml = answer.kind === 'ok' ? answer.value : ''
    // A page that is no listing must not read as an empty store.
    if (!xml.includes('<ListBucketResult'))
      throw notS3(client.store, 's3:ListBucket was answered with something that is no list.')
    const encoded = textOf(xml, 'EncodingType') === 'url'
    const entries = [
      ...elementsOf(xml, 'Contents').map((entry) => ({
        key: textOf(entry, 'Key'),
        bytes: Number(textOf(entry, 'Size')),
      })),
      ...elementsOf(xml, 'CommonPrefixes').map((entry) => ({ key: textOf(entry, 'Prefix'), bytes: 0 })),
    ]
    for (const { key = '', bytes } of entries) {
      const name = encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key
      if (name.startsWith(base) && name !== base) files.push({ name: name.slice(base.length), bytes, ordinary: true })
    }
    const truncated = textOf(xml, 'IsTruncated') === 'true'
    next = truncated ? textOf(xml, 'NextContinuationToken') : undefined
    if (truncated && next === undefined) throw notS3(client.store, 'It cut its list and does not say where it goes on.')
  } while (next !== undefined)
  return files
}
