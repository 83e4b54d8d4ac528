/** A process of its own for the tests of scratch servers: starts one, keeps it busy, says where, and waits to be ended. */
import { startJanitor } from '../../../src/janitor/janitor.ts'
import { connect } from '../../../src/postgres/connection.ts'
import { openScratchServer } from '../../../src/postgres/scratch/scratch-server.ts'

const [bin = '', parent = '', ending = ''] = process.argv.slice(2)
const janitor = await startJanitor()
const server = await openScratchServer({
  source: { kind: 'installed' },
  major: 17,
  environment: { AIRLOCK_PG_BIN: bin, PATH: process.env.PATH },
  parent,
  janitor,
  signal: new AbortController().signal,
  onProgress: () => undefined,
})
const session = await connect(server.url)
const [row] = await session.query<{ pid: number; postmaster: string }>('SELECT pg_backend_pid() AS pid')
// Does not look whether anybody is still there to read the answer.
const busy = session.query('SELECT count(*) FROM generate_series(1, 1000000000000)')
busy.catch(() => undefined)
process.stdout.write(`${JSON.stringify({ backend: row?.pid, janitor: janitor.processId, socket: server.url.host })}\n`)
if (ending === 'exit') process.exit(0)
