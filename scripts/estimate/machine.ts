import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { LabServer } from '../../test/lab/server.ts'

/** What a rehearsal can find out about two servers without writing a row, in turns: what disturbs one disturbs the other. */
export async function probe(copy: Client, production: Client) {
  const timesOf = async (rounds: number, sql: string) => {
    const times: { readonly copy: number[]; readonly production: number[] } = { copy: [], production: [] }
    for (let round = 0; round < rounds; round += 1) {
      times.copy.push(await timed(copy, sql))
      times.production.push(await timed(production, sql))
    }
    return times
  }
  const middle = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
  const computing = await timesOf(15, 'SELECT sum(hashtext(i::text)) FROM generate_series(1, 100000) i')
  return {
    computing: Math.min(...computing.production) / Math.min(...computing.copy),
    roundTripMs: middle((await timesOf(21, 'SELECT 1')).production),
    // A transaction that leaves something in the WAL, and nothing in any table.
    commitMs: middle((await timesOf(11, "SELECT pg_logical_emit_message(true, 'probe', '')")).production),
  }
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
