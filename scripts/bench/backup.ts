import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { manifestSchema } from '../../src/stages/backup/manifest.ts'
import { labClientPath, labClients } from '../../test/lab/clients.ts'
import { query } from '../../test/lab/query.ts'
import { type LabServer, startServer } from '../../test/lab/server.ts'
import { tempFolder } from '../../test/lab/temp.ts'
import { fillWithData } from './backup-data.ts'
import { bundle } from './bundle.ts'
import { type Cost, costOf, median, type Timed } from './processes.ts'
import { tuned } from './tuned.ts'

export interface BackupOptions {
  /** About 110 MB each. */
  readonly scale: number
  readonly rounds: number
}

interface Backup extends Cost {
  /** From the manifest: pg_dump, and what is read in its snapshot beside it. */
  readonly dumpMs: number
}

const leastThroughput = 0.95
const mostForComparing = 1.4
const mostGrowth = 1.25
const major = 17

/** As somebody would write them who knows pg_dump well: the quickest on this machine is what ours is held against. */
const byHand = [
  ['--format=custom'],
  ['--format=custom', '--compress=lz4'],
  ['--format=custom', '--compress=zstd'],
  ['--format=custom', '--compress=zstd:1'],
  ['--format=directory', `--jobs=${availableParallelism()}`],
  ['--format=directory', `--jobs=${availableParallelism()}`, '--compress=lz4'],
  ['--format=directory', `--jobs=${availableParallelism()}`, '--compress=zstd'],
  ['--format=directory', `--jobs=${availableParallelism()}`, '--compress=zstd:1'],
] as const

/** A backup as a user takes it, against the programs of PostgreSQL alone, in turn in one run. */
export async function benchBackup({ scale, rounds }: BackupOptions): Promise<void> {
  const client = (await labClients()).usable.find((found) => found.major === major)
  if (client === undefined) {
    console.error(`backup: NOT MEASURED, there is no pg_dump ${major} here`)
    process.exitCode = 2
    return
  }
  await using folder = await tempFolder('airlock-bench-')
  await using server = await startServer(major, { settings: { shared_buffers: '512MB', max_wal_size: '8GB' } })
  await using scratch = await startServer(major, { settings: tuned })
  const bench = new Bench(folder.path, client, server, scratch)
  const url = await bench.database('shop', scale)
  const [size] = await query<{ mb: number }>(
    url,
    'SELECT (pg_catalog.pg_database_size(pg_catalog.current_database()) / 1048576)::int AS mb',
  )
  const best = await bench.best(url)
  console.log(`backup of ${size?.mb} MB, PostgreSQL ${major}, pg_dump ${client.version}, ${rounds} rounds`)
  console.log(`  best by hand: pg_dump ${best.join(' ')}`)

  const dumps: number[] = []
  const proofs: number[] = []
  const costs: { readonly hand: number; readonly ours: Backup; readonly restore: number; readonly compared: Backup }[] =
    []
  for (let round = 0; round < rounds; round += 1) {
    const hand = await bench.dumpByHand(url, best)
    const ours = await bench.airlock(url, 'checksum')
    const restore = await bench.restoreByHand()
    const compared = await bench.airlock(url, 'compared')
    dumps.push(hand / ours.dumpMs)
    proofs.push(compared.wallMs / (hand + restore))
    costs.push({ hand, ours, restore, compared })
  }
  const small = await bench.airlock(await bench.database('small', 1), 'compared')
  const middle = (of: (cost: (typeof costs)[number]) => number) => median(costs.map(of))
  const growth = middle(({ compared }) => compared.peakMb) / small.peakMb
  const line = (what: string, ms: number, more = '') =>
    console.log(`  ${what.padEnd(44)}${ms.toFixed(0).padStart(8)} ms${more}`)
  line(
    'pg_dump by hand',
    middle(({ hand }) => hand),
  )
  line(
    'the dump of airlock backup, rows counted',
    middle(({ ours }) => ours.dumpMs),
    `   throughput ${median(dumps).toFixed(2)} of it (bar: ${leastThroughput})`,
  )
  line(
    'the whole command, tier checksum',
    middle(({ ours }) => ours.wallMs),
    `   ${median(costs.map(({ hand, ours }) => hand / ours.wallMs)).toFixed(2)} of it, with its start and both hashes of every file`,
  )
  line(
    'pg_restore by hand, parallel',
    middle(({ restore }) => restore),
  )
  line(
    'airlock backup, tier compared',
    middle(({ compared }) => compared.wallMs),
    `   ${median(proofs).toFixed(2)} times both (bar: ${mostForComparing})`,
  )
  console.log(
    `  peak memory ${middle(({ compared }) => compared.peakMb).toFixed(0)} MB, of a database ${scale} times smaller ${small.peakMb.toFixed(0)} MB: ${growth.toFixed(2)} times (bar: ${mostGrowth})`,
  )
  if (!(median(dumps) >= leastThroughput && median(proofs) <= mostForComparing && growth <= mostGrowth))
    process.exitCode = 1
}

type Client = Awaited<ReturnType<typeof labClients>>['usable'][number]

class Bench {
  private readonly folder: string
  private readonly client: Client
  private readonly server: LabServer
  private readonly scratch: LabServer

  constructor(folder: string, client: Client, server: LabServer, scratch: LabServer) {
    this.folder = folder
    this.client = client
    this.server = server
    this.scratch = scratch
  }

  async database(name: string, scale: number): Promise<string> {
    const url = await this.server.createDatabase(name)
    await fillWithData(url, scale)
    return url
  }

  async best(url: string): Promise<readonly string[]> {
    const tried: { readonly args: readonly string[]; readonly ms: number }[] = []
    for (const args of byHand) tried.push({ args, ms: await this.dumpByHand(url, args) })
    const [first] = tried.toSorted((a, b) => a.ms - b.ms)
    if (first === undefined) throw new Error('nothing was tried')
    return first.args
  }

  private get dumpPath(): string {
    return join(this.folder, 'by-hand')
  }

  async dumpByHand(url: string, args: readonly string[]): Promise<number> {
    await rm(this.dumpPath, { recursive: true, force: true })
    const timed = await costOf({
      ...this.program(url),
      program: this.client.dump,
      args: [...args, `--file=${this.dumpPath}`],
    })
    return timed.wallMs
  }

  async restoreByHand(): Promise<number> {
    const name = `restored_${process.hrtime.bigint()}`
    const url = await this.scratch.createDatabase(name)
    const timed = await costOf({
      ...this.program(url),
      program: this.client.restore,
      args: ['--no-owner', `--jobs=${availableParallelism()}`, `--dbname=${name}`, this.dumpPath],
    })
    await query(this.scratch.superuserUrl(), `DROP DATABASE "${name}"`)
    return timed.wallMs
  }

  async airlock(url: string, tier: string): Promise<Backup> {
    const cwd = join(this.folder, `airlock-${tier}`)
    await rm(cwd, { recursive: true, force: true })
    await mkdir(cwd)
    await writeFile(join(cwd, 'airlock.yml'), `environments: { production: { backup: { tier: ${tier} } } }\n`)
    const run: Timed = {
      program: process.execPath,
      args: [bundle, 'backup', '--out', join(cwd, 'backups')],
      cwd,
      env: { ...process.env, DATABASE_URL: url, AIRLOCK_PG_BIN: await labClientPath() },
    }
    const cost = await costOf(run)
    const [manifest] = (await readdir(join(cwd, 'backups'))).filter((name) => name.endsWith('.json'))
    const { tookMs } = manifestSchema.parse(JSON.parse(await readFile(join(cwd, 'backups', manifest ?? ''), 'utf8')))
    return { ...cost, dumpMs: tookMs?.dump ?? Number.NaN }
  }

  private program(url: string) {
    const { port, username, password, pathname } = new URL(url)
    const env = {
      ...process.env,
      PGHOST: '127.0.0.1',
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: decodeURIComponent(password),
      PGDATABASE: pathname.slice(1),
    }
    return { cwd: this.folder, env }
  }
}
