// `npm run estimate -- [--seed S] [--rows N,N,…] [--cold] [--commit] [--unmeasured] [--verbose]`: statements on a server tuned like the scratch server,
// predicted for a second one with default settings, which then runs them. How many times were inside their range?
import { spawn } from 'node:child_process'
import { availableParallelism, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { chooseClient } from '../src/postgres/client-choice.ts'
import { connect } from '../src/postgres/connection.ts'
import { readLiveCatalog } from '../src/postgres/live-catalog.ts'
import { scratchSettings } from '../src/postgres/scratch/settings.ts'
import { analyse } from '../src/stages/plan/analyse.ts'
import { readRelations } from '../src/stages/preflight/relations.ts'
import type { Duration } from '../src/stages/rehearse/estimate/estimate.ts'
import { estimateDeploy, relationsOf } from '../src/stages/rehearse/estimate/estimate-deploy.ts'
import { type MeasuredMachines, machinesOf, nothingMeasured } from '../src/stages/rehearse/estimate/machines.ts'
import { measureMachines } from '../src/stages/rehearse/estimate/measure-machines.ts'
import type { StatementTrace, Trace } from '../src/stages/rehearse/trace/trace.ts'
import { labClients, labMachine } from '../test/lab/clients.ts'
import { query } from '../test/lab/query.ts'
import { startServer } from '../test/lab/server.ts'
import { parsed } from '../test/stages/backup/lab-backup.ts'
import { asSession, commitMsOf, coolDown } from './estimate/machine.ts'
import { runTraced } from './estimate/run-traced.ts'
import { randomFrom, setUp, shuffled, statementsFor } from './estimate/statements.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rows: { type: 'string', default: '10000,50000,200000,2000000' },
    cold: { type: 'boolean', default: false },
    commit: { type: 'boolean', default: false },
    unmeasured: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const random = randomFrom(Number(values.seed))
const { listen_addresses, unix_socket_permissions, cluster_name, ...asScratch } = scratchSettings({
  memoryBytes: totalmem(),
  cpus: availableParallelism(),
  sharedMemoryBytes: null,
})
await using copy = await startServer(17, { settings: asScratch })
await using production = await startServer(17, {
  settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', shared_buffers: '128MB' },
})
const results: { readonly what: string; readonly predicted: Duration; readonly copyMs: number; readonly ms: number }[] =
  []
const wholes: typeof results = []
for (const rows of values.rows.split(',').map(Number)) await compare(rows)
report()

async function compare(rows: number): Promise<void> {
  const table = `t${rows}`
  const there = await production.createDatabase(table)
  const here = await copy.createDatabase(table)
  for (const sql of setUp(table, rows).split(/;\n/)) await query(there, sql)
  await query(there, 'ANALYZE')
  await query(production.superuserUrl(), 'CHECKPOINT')
  const tableBytes = await bytesOf(there)
  const dumpMs = await dumpInto(there, here)
  await query(here, 'ANALYZE')

  await using target = await connect(parsed(there))
  await using scratch = await connect(parsed(here))
  const sql = `${shuffled(statementsFor(table, rows), random).join(';\n')};\n`
  const { migrations } = await analyse(
    { applied: [], pending: [{ name: table, file: `${table}.sql`, sql, checksum: '', recordedAs: table } as never] },
    { prismaVersion: undefined, schema: 'public', rules: {}, start: await readLiveCatalog(target), oneRun: true },
  )
  const statements = migrations.flatMap((migration) => migration.statements)
  const client = await open(here)
  await client.query('SELECT 1')
  const names = [...relationsOf({ files: [], stopped: undefined }, migrations)]
  const sizes = {
    production: bySize(await readRelations(target, names)),
    copy: bySize(await readRelations(scratch, names)),
  }
  const traces: StatementTrace[] = []
  for (const [at, statement] of statements.entries()) traces.push(await runTraced(client, statement, at))

  await target[Symbol.asyncDispose]()
  if (values.cold) await coolDown(production)
  const real = await open(there)
  const backup = { tableBytes, ms: dumpMs }
  const measured: MeasuredMachines = {
    ...(await measureMachines({ production: asSession(real), copy: asSession(client), backup })),
    commitMs: values.commit ? await commitMsOf(real) : null,
  }
  await client.end()
  console.error(`${rows} rows, ${Math.round(tableBytes / 1_048_576)} MB: ${JSON.stringify(measured)}`)
  const trace: Trace = { files: [{ migration: table, ms: 0, statements: traces }], stopped: undefined }
  const machines = machinesOf(values.unmeasured ? nothingMeasured : measured)
  const estimate = estimateDeploy({ mode: 'data', trace, plan: migrations, sizes, machines })
  const startedMs = performance.now()
  for (const [at, predicted] of (estimate.files[0]?.statements ?? []).entries()) {
    const began = performance.now()
    await real.query(statements[at]?.sql ?? '')
    const ms = performance.now() - began
    results.push({
      what: `${rows}: ${statements[at]?.sql}`,
      predicted: predicted.duration,
      copyMs: predicted.copyMs,
      ms,
    })
  }
  const total: Duration = { kind: 'range', ms: estimate.total.ms }
  const copyMs = traces.reduce((all, { ms }) => all + ms, 0)
  wholes.push({ what: `${rows}: all`, predicted: total, copyMs, ms: performance.now() - startedMs })
  await real.end()
  await query(production.superuserUrl(), `DROP DATABASE ${table} WITH (FORCE)`)
  await scratch[Symbol.asyncDispose]()
  await query(copy.superuserUrl(), `DROP DATABASE ${table} WITH (FORCE)`)
}

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

function bySize(relations: Awaited<ReturnType<typeof readRelations>>) {
  return new Map(relations.map(({ name, bytes, rows }) => [name, { bytes, rows }]))
}

async function bytesOf(url: string): Promise<number> {
  const [row] = await query<{ bytes: number }>(
    url,
    `SELECT sum(pg_table_size(c.oid))::float8 AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind = 'r'`,
  )
  return row?.bytes ?? 0
}

async function dumpInto(from: string, to: string): Promise<number> {
  const choice = chooseClient(await labClients(), 17, await labMachine())
  if (choice.kind === 'none') throw new Error(choice.failure.what)
  const { dump, restore } = choice.client
  const startedMs = performance.now()
  let dumpMs = 0
  const reading = spawn(dump, ['-Fc', '-Z', '0', '-d', from], { stdio: ['ignore', 'pipe', 'inherit'] })
  const writing = spawn(restore, ['--no-owner', '--no-acl', '-d', to], { stdio: ['pipe', 'inherit', 'inherit'] })
  reading.stdout.pipe(writing.stdin)
  reading.once('close', () => {
    dumpMs = performance.now() - startedMs
  })
  const code = await new Promise((resolve) => writing.once('close', resolve))
  if (code !== 0) throw new Error(`pg_restore ended with ${String(code)}`)
  return dumpMs
}

function report(): void {
  print('statements', results)
  print(
    'statements of 100 ms and more',
    results.filter(({ ms }) => ms >= 100),
  )
  print('whole deploys', wholes)
}

function print(name: string, list: typeof results): void {
  const judged = list.map((one) => {
    if (one.predicted.kind === 'unknown') throw new Error(one.predicted.because)
    const { low, likely, high } = one.predicted.ms
    return { ...one, low, likely, high, within: low <= one.ms && one.ms <= high, width: high / Math.max(low, 0.1) }
  })
  const middle = (numbers: readonly number[]) =>
    numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
  for (const { what, copyMs, low, likely, high, ms, within } of judged) {
    if (within && !values.verbose) continue
    const numbers = [copyMs, low, likely, high, ms].map((value) => value.toFixed(value < 10 ? 1 : 0))
    console.log(
      `${within ? 'within ' : 'OUTSIDE'} copy ${numbers[0]}, predicted ${numbers[1]} ${numbers[2]} ${numbers[3]}, real ${numbers[4]} ms | ${what.slice(0, 110)}`,
    )
  }
  const within = judged.filter((one) => one.within).length
  const widths = middle(judged.map(({ width }) => width))
  const off = middle(judged.map(({ likely, ms }) => Math.max(likely / ms, ms / likely)))
  console.log(
    `${name}: ${within} of ${judged.length} within the range; median width ${widths.toFixed(1)}; likely value off by a factor of ${off.toFixed(2)} in the median`,
  )
}
