import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseClient } from '../../src/postgres/client-choice.ts'
import { labClients, labMachine } from '../lab/clients.ts'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { type LabServer, postgresMajors, startServer } from '../lab/server.ts'
import { airlockJson } from './airlock.ts'

const init = `-- CreateTable
CREATE TABLE "User" ("id" SERIAL NOT NULL, "email" TEXT NOT NULL, "phone" TEXT, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
INSERT INTO "User" ("email", "phone") SELECT 'user' || n || '@shop.test', n::text FROM generate_series(1, 100) AS n;
`
const additive = 'ALTER TABLE "User" ADD COLUMN "name" TEXT;\n'
const destructive = 'ALTER TABLE "User" DROP COLUMN "phone";\n'
/** The second statement fails on the data: what the first leaves behind depends on the version of Prisma. */
const failing = 'ALTER TABLE "User" ADD COLUMN "code" TEXT;\nALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL;\n'

const deploy = ['deploy', '--prisma-engine', 'wasm']

describe.each(postgresMajors)('the whole way on PostgreSQL %i', (major) => {
  let server: LabServer
  let hasClient: boolean

  beforeAll(async () => {
    server = await startServer(major)
    hasClient = chooseClient(await labClients(), major, await labMachine()).kind !== 'none'
  })
  afterAll(() => server[Symbol.asyncDispose]())

  describe.each([6, 7] as const)('with Prisma %i', (prisma) => {
    let project: LabProject
    let databaseUrl: string

    beforeAll(async () => {
      databaseUrl = await server.createDatabase()
      project = await createProject({ prisma, migrations: { '20240101000000_init': init } })
    })
    afterAll(() => project[Symbol.asyncDispose]())

    const run = (args: readonly string[]) => airlockJson(args, { cwd: project.path, databaseUrl })

    test('a first deploy is backed up, applied and verified, or stops before anything where no pg_dump fits', async () => {
      const { exitCode, result } = await run(deploy)
      if (!hasClient) {
        expect(exitCode).toBe(2)
        expect(result.failure?.code).toMatch(/^BACKUP\.(NO_CLIENT|CLIENT_TOO_OLD)$/)
        await project.writeFile(
          'airlock.yml',
          'version: 1\nenvironments: { production: { backup: { strategy: none } } }\n',
        )
        expect((await run(deploy)).result.outcome).toBe('applied')
        return
      }
      expect({ exitCode, outcome: result.outcome, applied: result.applied }).toEqual({
        exitCode: 0,
        outcome: 'applied',
        applied: ['20240101000000_init'],
      })
      expect(result.backup?.tier).toBe('compared')
      expect(result.stages.map((stage) => [stage.name, stage.outcome])).toEqual([
        ['preflight', 'pass'],
        ['plan', 'pass'],
        ['gate', 'pass'],
        ['backup', 'pass'],
        ['rehearse', 'pass'],
        ['blockers', 'pass'],
        ['apply', 'pass'],
        ['verify', 'pass'],
      ])
      // From here on it is only read back: what a proof by restore takes was seen.
      await project.writeFile(
        'airlock.yml',
        'version: 1\nenvironments: { production: { backup: { tier: decoded } } }\n',
      )
    })

    test('a second deploy has nothing to do', async () => {
      const { exitCode, result } = await run(deploy)
      expect({ exitCode, outcome: result.outcome }).toEqual({ exitCode: 0, outcome: 'nothing-pending' })
    })

    test('an additive migration needs nobody', async () => {
      await project.addMigration('20240102000000_name', additive)
      expect((await run(deploy)).result).toMatchObject({ outcome: 'applied', applied: ['20240102000000_name'] })
    })

    test('a destructive one is refused, and applied with the digest of its plan', async () => {
      await project.addMigration('20240103000000_drop_phone', destructive)
      const refused = await run(deploy)
      expect(refused.exitCode).toBe(3)
      expect(refused.result).toMatchObject({ outcome: 'refused', reasonCode: 'approval_missing', applied: [] })
      const { digest } = refused.result
      expect((await run(['plan'])).result).toMatchObject({ outcome: 'needs-approval', digest })
      const approved = await run([...deploy, '--approve', digest ?? ''])
      expect(approved.result).toMatchObject({ outcome: 'applied', applied: ['20240103000000_drop_phone'] })
      expect(approved.exitCode).toBe(0)
    })

    test('one that fails half-way is cleaned up where it was one transaction, and described where it was not', async () => {
      await project.addMigration('20240104000000_fails', failing)
      const planned = await run(['plan'])
      const { exitCode, result } = await run([...deploy, '--approve', planned.result.digest ?? ''])
      if (prisma === 6) {
        expect({ exitCode, outcome: result.outcome, reasonCode: result.reasonCode }).toEqual({
          exitCode: 4,
          outcome: 'recovered',
          reasonCode: 'rolled_back_by_postgresql',
        })
      } else {
        expect({ exitCode, outcome: result.outcome, reasonCode: result.reasonCode }).toEqual({
          exitCode: 5,
          outcome: 'needs-human',
          reasonCode: 'migration_failed',
        })
        expect(result.reason).toContain('+ column public."User".code text')
        expect(result.next.join('\n')).toContain('npx prisma migrate resolve')
      }
      expect(result.reason).toContain('contains null values')
    })

    test('what follows is blocked where a person has to decide, and goes on where not', async () => {
      await rm(join(project.path, 'prisma/migrations/20240104000000_fails'), { recursive: true })
      await project.addMigration('20240105000000_more', 'ALTER TABLE "User" ADD COLUMN "more" TEXT;\n')
      const { exitCode, result } = await run(deploy)
      if (prisma === 6) expect(result).toMatchObject({ outcome: 'applied', applied: ['20240105000000_more'] })
      else expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 5, code: 'HISTORY.FAILED_MIGRATION' })
    })
  })
})
