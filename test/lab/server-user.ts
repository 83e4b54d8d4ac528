/** A process of its own for the tests of the lab: starts a server, says where, and then ends in the way it is told. */
import { startServer } from './server.ts'

const [major, ending] = process.argv.slice(2)
const known = ([14, 15, 16, 17, 18] as const).find((candidate) => String(candidate) === major)
if (known === undefined) throw new Error(`Unknown major ${major}`)

const server = await startServer(known)
const url = await server.createDatabase()
process.stdout.write(`${JSON.stringify({ folder: server.folder, port: server.port, url })}\n`)

const endings: Record<string, () => unknown> = {
  dispose: () => server[Symbol.asyncDispose](),
  'run out': () => undefined,
  exit: () => process.exit(0),
  crash: () => {
    throw new Error('crashed on purpose')
  },
  wait: () => setInterval(() => undefined, 1_000),
}
await endings[ending ?? '']?.()
