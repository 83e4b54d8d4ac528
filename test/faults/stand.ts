import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverIdentity } from '../lab/lab-folder.ts'
import { createProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { init, initName, rows } from './files.ts'

/** A server of one worker's own, because it is crashed and filled up, with a database to copy for each cell. */
export interface Stand extends AsyncDisposable {
  readonly server: LabServer
  /** Whether there is a file system of its own that can be filled up; only root may mount one. */
  readonly disk: Disk | undefined
  copy(where: 'anywhere' | 'on the small disk'): Promise<string>
  drop(database: string): Promise<void>
}

export interface Disk {
  fill(): Promise<void>
  empty(): Promise<void>
}

const original = 'applied'

export async function openStand(name: string): Promise<Stand> {
  // Of a crash nothing may be lost that was committed; the lab leaves that out for speed.
  const server = await startServer(17, { settings: { autovacuum: 'off', synchronous_commit: 'on' } })
  const databaseUrl = await server.createDatabase(original)
  {
    await using project = await createProject({ prisma: 7, migrations: { [initName]: init } })
    const { exitCode, stderr } = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: databaseUrl })
    if (exitCode !== 0) throw new Error(`The first migration was not applied: ${stderr}`)
  }
  await query(server.superuserUrl(original), rows)
  const disk = await smallDisk(server, name)
  let copies = 0
  return {
    server,
    disk,
    async copy(where) {
      copies += 1
      const database = `cell_${copies}`
      const tablespace = where === 'anywhere' ? '' : ` TABLESPACE small`
      await query(
        server.superuserUrl(),
        `CREATE DATABASE ${database} TEMPLATE ${original} OWNER app_owner${tablespace}`,
      )
      return database
    },
    drop: async (database) => {
      await query(server.superuserUrl(), `DROP DATABASE ${database} WITH (FORCE)`)
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await disk?.[Symbol.asyncDispose]()
    },
  }
}

const prefix = 'airlock-small-disk-'

/** Of a run that was killed. */
async function removeStale(): Promise<void> {
  for (const entry of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    if (existsSync(`/proc/${entry.slice(prefix.length).split('-')[0]}`)) continue
    execFileSync('umount', ['-l', join(tmpdir(), entry)], { stdio: 'ignore' })
    await rm(join(tmpdir(), entry), { recursive: true })
  }
}

/** A tablespace, so that the log of the server goes elsewhere: without room for that the server ends, which is a crash. */
async function smallDisk(server: LabServer, name: string): Promise<(Disk & AsyncDisposable) | undefined> {
  const identity = serverIdentity()
  if (identity === undefined) return undefined
  await removeStale()
  const mount = join(tmpdir(), `${prefix}${process.pid}-${name}`)
  mkdirSync(mount)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', mount], { stdio: 'ignore' })
  } catch {
    await rm(mount, { recursive: true })
    return undefined
  }
  chmodSync(mount, 0o755)
  const folder = join(mount, 'space')
  mkdirSync(folder, { mode: 0o700 })
  chownSync(folder, identity.uid, identity.gid)
  await query(server.superuserUrl(), `CREATE TABLESPACE small LOCATION '${folder}'`)
  const filler = join(mount, 'filler')
  return {
    fill: async () => {
      for (let part = 0; part < 2; part += 1) {
        // Until not even a page is left.
        const chunk = Buffer.alloc(part === 0 ? 1_048_576 : 4_096)
        for (let full = false; !full; )
          full = await writeFile(filler, chunk, { flag: 'a' }).then(
            () => false,
            () => true,
          )
      }
    },
    empty: () => rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', mount])
      await rm(mount, { recursive: true })
    },
  }
}
