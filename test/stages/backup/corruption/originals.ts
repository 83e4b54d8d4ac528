import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientTools } from '../../../../src/postgres/client-choice.ts'
import { compressionsOf } from '../../../../src/stages/backup/dump/compressions.ts'
import { dumpFormats, writeCompression } from '../../../../src/stages/backup/dump/shape.ts'
import { newIdentity } from '../../../lab/age.ts'
import { query } from '../../../lab/query.ts'
import type { LabServer } from '../../../lab/server.ts'
import { backUp } from '../lab-backup.ts'
import type { Files } from './mutations.ts'

export interface Original {
  /** `directory, zstd:1, sealed` */
  readonly shape: string
  readonly sealed: boolean
  readonly files: Files
}

export interface Originals {
  readonly all: readonly Original[]
  readonly identityFile: string
  readonly strangersFile: string
}

/** One backup of the same database in every shape there is. */
export async function makeOriginals(server: LabServer, client: ClientTools, folder: string): Promise<Originals> {
  const url = await server.createDatabase('shop')
  await query(
    url,
    `CREATE TABLE "Order" AS SELECT i AS id, md5(i::text) AS text, now() AS at FROM generate_series(1, 3000) i;
     CREATE TABLE item AS SELECT i AS id, repeat('x', i % 90) AS text FROM generate_series(1, 800) i;
     CREATE TABLE nothing (id int); CREATE TABLE twin_a AS SELECT 1 AS id; CREATE TABLE twin_b AS SELECT 2 AS id;
     CREATE INDEX ON "Order" (text); SELECT lo_from_bytea(0, 'a large object')`,
  )
  const { identity, recipient } = await newIdentity()
  const identityFile = join(folder, 'identity.txt')
  const strangersFile = join(folder, 'stranger.txt')
  await writeFile(identityFile, identity)
  await writeFile(strangersFile, (await newIdentity()).identity)

  const all: Original[] = []
  for (const format of dumpFormats) {
    for (const method of await compressionsOf(client, new AbortController().signal)) {
      for (const sealed of [false, true]) {
        const directory = join(folder, 'originals', String(all.length))
        const compression = { method, level: method === 'zstd' ? 1 : null }
        await backUp(url, directory, {
          shape: { format, jobs: 'auto', compression },
          recipients: sealed ? [recipient] : [],
        })
        const shape = [format, writeCompression(compression), ...(sealed ? ['sealed'] : [])].join(', ')
        all.push({ shape, sealed, files: await readFiles(directory) })
      }
    }
  }
  return { all, identityFile, strangersFile }
}

async function readFiles(directory: string): Promise<Files> {
  const names = (await readdir(directory, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile())
  const files = new Map<string, Buffer>()
  for (const { parentPath, name } of names) {
    const path = join(parentPath, name)
    files.set(path.slice(directory.length + 1), await readFile(path))
  }
  return files
}
