import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { Session } from '../../src/ports.ts'
import type { LabServer } from '../../test/lab/server.ts'

/** What a commit costs: of a transaction that leaves something in the WAL, and nothing in any table. */
export async function commitMsOf(client: Client): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 11; round += 1)
    times.push(await timed(client, "SELECT pg_logical_emit_message(true, 'probe', '')"))
  return times.toSorted((a, b) => a - b)[5] ?? 0
}

export function asSession(client: Client): Session {
  return { query: async <Row>(text: string) => (await client.query(text)).rows as Row[] }
}

async function timed(client: Client, sql: string): Promise<number> {
  const startedMs = performance.now()
  await client.query(sql)
  return performance.now() - startedMs
}

/** The server starts again with nothing of its data in any cache, and nobody else's data is touched. */
export async function coolDown(server: LabServer): Promise<void> {
  await server.stop()
  for (const entry of readdirSync(join(server.folder, 'data', 'base'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    // Without a count dd reads; with 0 it only advises the kernel to forget the file (coreutils manual, `nocache`).
    spawnSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none'])
  }
  await server.restart()
}
