import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PrismaKind } from './kind.ts'

/** What the real CLIs print for these schemas, which takes two seconds for each; `npx tsx scripts/prisma-kinds.ts` asks them again. */
export interface RecordedSql {
  /** Of the schemas, so that nobody reads the answer to another question. */
  readonly of: string
  readonly before: string
  readonly up: readonly { readonly by: readonly string[]; readonly sql: string }[]
}

export const recordedPath = fileURLToPath(new URL('recorded.json', import.meta.url))

export function keyOf({ from, to, datasource, preview, up }: PrismaKind): string {
  return createHash('sha256')
    .update(JSON.stringify([from, to, datasource, preview, up]))
    .digest('hex')
    .slice(0, 12)
}

export function recordedSql(kind: PrismaKind): RecordedSql {
  const all = JSON.parse(readFileSync(recordedPath, 'utf8')) as Readonly<Record<string, RecordedSql>>
  const recorded = all[kind.name]
  if (recorded?.of !== keyOf(kind)) throw new Error('Another schema was recorded: npx tsx scripts/prisma-kinds.ts')
  return recorded
}
