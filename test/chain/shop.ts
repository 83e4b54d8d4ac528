import { expect } from 'vitest'
import { createProject, type LabProject, type PrismaMajor } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, type PostgresMajor, startServer } from '../lab/server.ts'

/** Two migrations: the first is applied where a test needs a past, the second is what is to be deployed. */
export const initName = '20240101000000_init'
export const init = 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL);\n'
export const pendingName = '20240102000000_name'
export const additive = 'ALTER TABLE "User" ADD COLUMN "name" TEXT;\n'

export interface Shop extends AsyncDisposable {
  readonly server: LabServer
  /** A new database in which the first migration is applied. */
  copy(): Promise<string>
}

export async function openShop(major: PostgresMajor): Promise<Shop> {
  // Vacuum and analyze by themselves would change what `stateOf` compares.
  const server = await startServer(major, { settings: { autovacuum: 'off' } })
  const applied = 'applied'
  const databaseUrl = await server.createDatabase(applied)
  await using project = await createProject({ prisma: 7, migrations: { [initName]: init } })
  expect(await project.prisma(['migrate', 'deploy'], { DATABASE_URL: databaseUrl })).toMatchObject({ exitCode: 0 })
  await query(server.superuserUrl(applied), 'INSERT INTO "User" (email) VALUES (\'ada@shop.test\')')
  let copies = 0
  return {
    server,
    async copy() {
      copies += 1
      const name = `copy_${copies}`
      await query(server.superuserUrl(), `CREATE DATABASE ${name} TEMPLATE ${applied} OWNER app_owner`)
      return name
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export interface Policy {
  readonly lockTimeout?: string
  /** `pg_dump`: read back; the proof by restore has tests of its own. */
  readonly backup?: 'none' | 'pg_dump'
  /** 1 where nothing is said: what fails is looked at, not tried again. */
  readonly attempts?: number
  /** `ignore` where nothing is said: what happens at the lock is looked at. */
  readonly blockers?: 'wait' | 'refuse'
  /** More of the environment, as airlock.yml has it between braces. */
  readonly more?: string
}

/** A project whose second migration is that SQL; what it does needs nobody's approval. */
export function shopProject(sql: string, policy: Policy = {}, prisma: PrismaMajor = 7): Promise<LabProject> {
  const backup = policy.backup === 'pg_dump' ? 'strategy: pg_dump, tier: decoded' : 'strategy: none'
  const production = `lock-timeout: ${policy.lockTimeout ?? '2s'}, blockers: ${policy.blockers ?? 'ignore'}, retry: { attempts: ${policy.attempts ?? 1} }, require-approval: [], backup: { ${backup} }${policy.more === undefined ? '' : `, ${policy.more}`}`
  return createProject({
    prisma,
    migrations: { [initName]: init, [pendingName]: sql },
    files: { 'airlock.yml': `version: 1\nenvironments: { production: { ${production} } }\n` },
  })
}
