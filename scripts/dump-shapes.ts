// `npm run bench:dump -- --rounds 3 --gigabytes 1`: the invocations of pg_dump that somebody would tune by hand, and the shape
// that is chosen by itself, one after another on the same database. DATABASE_URL names one that is there already.
import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startJanitor } from '../src/janitor/janitor.ts'
import { chooseClient } from '../src/postgres/client-choice.ts'
import { connectionFor } from '../src/postgres/client-connection.ts'
import { connect } from '../src/postgres/connection.ts'
import { serverVersionOf } from '../src/postgres/server-identity.ts'
import { compressionsOf } from '../src/stages/backup/dump/compressions.ts'
import { decideShape, describeShape } from '../src/stages/backup/dump/decide-shape.ts'
import { writeDump } from '../src/stages/backup/dump/write-dump.ts'
import { openSnapshot, readSource } from '../src/stages/backup/source.ts'
import { labClients, labMachine } from '../test/lab/clients.ts'
import { query } from '../test/lab/query.ts'
import { startServer } from '../test/lab/server.ts'
import { tempFolder } from '../test/lab/temp.ts'
import { parsed } from '../test/stages/backup/lab-backup.ts'

const byHand: readonly (readonly string[])[] = [
  ['-Fc'],
  ['-Fc', '-Z', 'zstd:1'],
  ['-Fc', '-Z', 'lz4'],
  ['-Fd', '-j2', '-Z', 'zstd:1'],
  ['-Fd', '-j3', '-Z', 'zstd:1'],
  ['-Fd', '-j4', '-Z', 'zstd:1'],
  ['-Fd', '-j2', '-Z', 'lz4'],
  ['-Fd', '-j2', '-Z', 'none'],
]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    gigabytes: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})
await using folder = await tempFolder()
await using server = process.env.DATABASE_URL
  ? undefined
  : await startServer(17, { settings: { max_wal_size: '4GB', shared_buffers: '512MB' } })
const url =
  server === undefined
    ? (process.env.DATABASE_URL ?? '')
    : await fill(await server.createDatabase('big'), Number(values.gigabytes))
const target = parsed(url)
const choice = chooseClient(await labClients(), 17, await labMachine())
if (choice.kind === 'none') throw new Error(choice.failure.what)
const { client } = choice
const connection = connectionFor(target)(client)
const out = join(folder.path, 'out')

const invocations = byHand.filter((args) => values.only === '' || args.join(' ').includes(values.only))
const times = new Map<string, number[]>()
let tableBytes = 0
for (let round = 0; round < Number(values.rounds); round += 1) {
  // Every other round the other way round: what comes first or last is not always the same.
  const order = round % 2 === 0 ? [...invocations, undefined] : [undefined, ...invocations.toReversed()]
  for (const args of order) {
    await rm(out, { recursive: true, force: true })
    const startedMs = performance.now()
    const name = args === undefined ? await ours() : await handTuned(args)
    const seconds = (performance.now() - startedMs) / 1_000
    times.set(name, [...(times.get(name) ?? []), seconds])
    console.error(`${name}: ${seconds.toFixed(1)} s`)
  }
}
report()

async function ours(): Promise<string> {
  const signal = new AbortController().signal
  const before = process.cpuUsage()
  await using janitor = await startJanitor()
  await using session = await connect(target, 'dump shapes', signal)
  const version = await serverVersionOf(session)
  const snapshot = await openSnapshot(session, version.major, 2_000)
  tableBytes = (await readSource(session, version)).tableBytes
  const compressions = await compressionsOf(client, signal)
  const facts = {
    tableBytes,
    tables: 49,
    cpus: availableParallelism(),
    travels: false,
    client: { major: client.major, compressions },
  }
  const decided = decideShape(facts, { format: 'auto', jobs: 'auto', compression: 'auto' })
  if (decided.kind === 'impossible') throw new Error(decided.failure.why)
  await writeDump(
    {
      client,
      connection,
      database: target.database,
      user: target.user,
      snapshot,
      lockTimeoutMs: 2_000,
      partial: out,
      name: 'out.dump',
      tables: facts.tables,
      tableBytes,
      janitor,
      signal,
      onProgress: () => undefined,
    },
    decided.shape,
  )
  const { user, system } = process.cpuUsage(before)
  console.error(`processor time of this process, for reading and hashing: ${((user + system) / 1e6).toFixed(2)} s`)
  return `auto: ${describeShape(decided.shape)}`
}

async function handTuned(args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, ...connection.environment, PGPASSWORD: connection.password }
  const child = spawn(client.dump, [...args, '-f', out], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`pg_dump ${args.join(' ')} ended with ${String(code)}`)
  return `pg_dump ${args.join(' ')}`
}

/** One table that outweighs the others, some of middle size, many small ones. */
async function fill(to: string, gigabytes: number): Promise<string> {
  const rows = (share: number) => Math.round(share * gigabytes)
  await query(
    to,
    `CREATE TABLE "Order" AS SELECT i::bigint AS id, gen_random_uuid() AS customer, (ARRAY['new','paid','sent'])[1 + i % 3] AS status,
       (i % 100000) / 100.0 AS total, now() - i * interval '1 second' AS created, 'Order ' || i || ' for ' || md5(i::text) AS note,
       jsonb_build_object('n', i, 'sku', md5((i * 7)::text), 'tags', ARRAY['a', 'b', md5((i % 1000)::text)]) AS data
       FROM generate_series(1, ${rows(2_400_000)}) i`,
  )
  for (let table = 1; table <= 8; table += 1) {
    await query(
      to,
      `CREATE TABLE item_${table} AS SELECT i AS id, i % 5000 AS product, gen_random_uuid() AS u,
         repeat(md5((i % 777)::text), 2) AS text, random() AS price FROM generate_series(1, ${rows(350_000)}) i`,
    )
  }
  for (let table = 1; table <= 40; table += 1) {
    await query(to, `CREATE TABLE small_${table} AS SELECT i AS id, md5(i::text) AS t FROM generate_series(1, 1000) i`)
  }
  await query(to, 'ANALYZE')
  return to
}

function report(): void {
  const middle = (list: readonly number[]) => list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) / 2)] ?? 0
  const lines = [...times].map(([name, list]) => ({ name, middle: middle(list), best: Math.min(...list) }))
  const hand = lines.filter(({ name }) => name.startsWith('pg_dump')).toSorted((a, b) => a.middle - b.middle)[0]
  const own = lines.find(({ name }) => name.startsWith('auto'))
  for (const line of lines.toSorted((a, b) => a.middle - b.middle)) {
    const speed = tableBytes / 1_048_576 / line.middle
    console.log(
      `${line.name} | ${line.middle.toFixed(1)} s | best ${line.best.toFixed(1)} s | ${speed.toFixed(0)} MiB/s`,
    )
  }
  if (hand === undefined || own === undefined) return
  console.log(
    `${own.name} has ${(hand.middle / own.middle).toFixed(2)} of the throughput of ${hand.name} (by the best runs: ${(hand.best / own.best).toFixed(2)})`,
  )
}
