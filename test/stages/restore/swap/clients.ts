import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** What an application looks like from the server: a pool, sessions that come back at once, transactions left open. */
export interface Clients {
  /** Rows that the server has confirmed, by the value of the row that says which database it was. */
  readonly confirmed: ReadonlyMap<string, number>
  readonly rows: readonly string[]
  /** The longest time between two answers, over all clients that come back. */
  longestGapMs(): number
  readonly errors: ReadonlySet<string>
  stop(): Promise<void>
}

export async function startClients(url: string, options: { readonly writes: boolean }): Promise<Clients> {
  const state = { stopped: false, gapMs: 0 }
  const confirmed = new Map<string, number>()
  const rows: string[] = []
  const errors = new Set<string>()
  const failed = (error: unknown) => {
    errors.add(error instanceof Error && 'code' in error ? String(error.code) : String(error))
  }

  const note = (which: string) => {
    rows.push(which)
    confirmed.set(which, (confirmed.get(which) ?? 0) + 1)
  }
  const statement = options.writes
    ? `WITH i AS (INSERT INTO "T" VALUES ('written') RETURNING 1) SELECT t.v FROM "T" t, i WHERE t.v <> 'written'`
    : `SELECT v FROM "T" WHERE v <> 'written'`

  const pool = new pg.Pool({ connectionString: url, max: 4 })
  pool.on('error', failed)
  const pooled = Array.from({ length: 4 }, async () => {
    while (!state.stopped) {
      const answer = await pool.query<{ v: string }>(statement).catch(failed)
      if (answer) note(answer.rows[0]?.v ?? 'nothing')
      await sleep(options.writes ? 25 : 5)
    }
  })

  let last = performance.now()
  const reconnecting = (async () => {
    while (!state.stopped) {
      const client = new pg.Client({ connectionString: url })
      client.on('error', failed)
      try {
        await client.connect()
        const answer = await client.query<{ v: string }>(statement)
        note(answer.rows[0]?.v ?? 'nothing')
        state.gapMs = Math.max(state.gapMs, performance.now() - last)
        last = performance.now()
      } catch (error) {
        failed(error)
      }
      await client.end().catch(failed)
    }
  })()

  const idle = new pg.Client({ connectionString: url })
  idle.on('error', failed)
  await idle.connect()
  await idle.query(`BEGIN; SELECT * FROM "T"`)

  return {
    confirmed,
    rows,
    errors,
    longestGapMs: () => Math.max(state.gapMs, performance.now() - last),
    async stop() {
      state.stopped = true
      await Promise.all([...pooled, reconnecting])
      await pool.end()
      await idle.end().catch(failed)
    },
  }
}
