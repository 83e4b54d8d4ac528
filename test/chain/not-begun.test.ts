import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { query } from '../lab/query.ts'
import { airlockJson } from './airlock.ts'
import { hold } from './held-session.ts'
import { additive, openShop, pendingName, type Shop, shopProject } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop(17)
})
afterAll(() => shop[Symbol.asyncDispose]())

describe('apply: atomic, where something is in the way of the first migration', () => {
  test.each([
    ['a Prisma that applies', 'DEPLOY.LOCKED', 'somebody else', 'SELECT pg_advisory_lock(72707369)', 'SELECT'],
    [
      'a role without another connection',
      'DATABASE.TOO_MANY_CONNECTIONS',
      'too many connections for role',
      'ALTER ROLE app_owner CONNECTION LIMIT 2',
      'ALTER ROLE app_owner CONNECTION LIMIT -1',
    ],
  ])('%s: nothing is begun, and the next deploy applies it', async (_what, code, why, before, after) => {
    const database = await shop.copy()
    const superuser = shop.server.superuserUrl(database)
    await using project = await shopProject(additive, { more: 'apply: atomic, lock-wait: 1s' })
    const options = { cwd: project.path, databaseUrl: shop.server.ownerUrl(database) }
    {
      await using _held = await hold(superuser, before)
      const { exitCode, result } = await airlockJson(['deploy'], options)
      expect({ exitCode, code: result.failure?.code, why: result.failure?.why }).toEqual({
        exitCode: 2,
        code,
        why: expect.stringContaining(why),
      })
      const rows = `SELECT FROM _prisma_migrations WHERE migration_name = '${pendingName}'`
      expect(await query(superuser, rows)).toEqual([])
    }
    await query(superuser, after)
    expect((await airlockJson(['deploy'], options)).result.applied).toEqual([pendingName])
  })
})
