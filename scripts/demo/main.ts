import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { findClients } from '../../src/postgres/client-tools.ts'
import { type LabServer, type PostgresMajor, postgresMajors, startServer } from '../../test/lab/server.ts'
import { type Memory, tellAll } from './chapters.ts'
import { Interrupted } from './programs.ts'
import { Shop } from './shop.ts'
import { bad, note, print, say, title } from './terminal.ts'
import { expectThat, Unexpected } from './unexpected.ts'

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort())

/** The newest server that a pg_dump of this machine can back up; 17 where there is a choice. */
async function serverMajor(): Promise<PostgresMajor> {
  const { usable } = await findClients(process.env)
  const newest = Math.max(0, ...usable.map(({ major }) => major))
  const fitting = postgresMajors.filter((major) => major <= newest)
  const major = fitting.includes(17) ? 17 : fitting.at(-1)
  expectThat(
    major !== undefined,
    [
      'There is no pg_dump on this machine, and without one there is no backup to show. Install it and start again:',
      '  Debian, Ubuntu   apt-get install postgresql-client',
      '  macOS            brew install libpq',
      '  elsewhere        set AIRLOCK_PG_BIN to the folder that has pg_dump and pg_restore',
    ].join('\n'),
  )
  return major
}

async function prepare(shop: Shop, server: LabServer): Promise<void> {
  const [row] = await shop.ask<{ server_version: string }>('SHOW server_version')
  say(
    `A shop that has been open since January: users, products, orders, payments. PostgreSQL ${row?.server_version} was started for it on 127.0.0.1:${server.port}.`,
  )
  await shop.prisma('migrate', 'deploy')
  await shop.prisma('db', 'execute', '--file', 'prisma/seed.sql')
  const applied = await shop.number('SELECT count(*) AS value FROM _prisma_migrations WHERE finished_at IS NOT NULL')
  const orders = await shop.number('SELECT count(*) AS value FROM "Order"')
  const items = await shop.number('SELECT count(*) AS value FROM "OrderItem"')
  expectThat(applied === 11 && orders === 6000, `${applied} migrations were applied and there are ${orders} orders.`)
  note(`${applied} migrations applied, ${orders} orders with ${items} items`)
}

let project: Shop | undefined

async function tell(): Promise<Memory> {
  title('Airlock: Prisma migrations to production, and nothing that cannot be undone')
  await using server = await startServer(await serverMajor())
  await using shop = await Shop.copy(await server.createDatabase('shop'), interruption.signal)
  project = shop
  await prepare(shop, server)
  return await tellAll(shop, interruption.signal)
}

function end(shop: Shop, { backup, report }: Memory, ms: number): void {
  title('The end')
  const folder = dirname(shop.folder)
  print(`Told in ${Math.round(ms / 1_000)} s. The server and the project are gone; the reports and backups are kept:`)
  print(`  cd ${folder}`)
  if (report !== undefined)
    print(
      `  less ${relative(folder, report).replace(/\.json$/, '.md')}    what happened, as a report; the .json beside it is for scripts`,
    )
  if (backup !== undefined)
    print(`  less ${relative(folder, backup)}    what was backed up, and how far that is proven`)
  print(`  rm -r ${folder}    when you have seen them`)
}

function whatIsLeft(): string {
  return project !== undefined && existsSync(project.kept) ? `Its reports and backups are in ${project.kept}` : ''
}

const startedAt = performance.now()
try {
  const memory = await tell()
  if (project !== undefined) end(project, memory, performance.now() - startedAt)
} catch (thrown) {
  if (thrown instanceof Interrupted) {
    bad(`Interrupted. The server is stopped and the project removed. ${whatIsLeft()}`)
    process.exitCode = 130
  } else if (thrown instanceof Unexpected) {
    bad(`The story ends here, not as it should: ${thrown.message}\n${whatIsLeft()}`)
    process.exitCode = 1
  } else {
    throw thrown
  }
}
