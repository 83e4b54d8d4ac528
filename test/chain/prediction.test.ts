import { expect, test } from 'vitest'
import { randomFrom } from '../../scripts/estimate/statements.ts'
import { migrationsOf } from '../../scripts/prediction/points.ts'
import { replay } from '../../scripts/prediction/replay.ts'
import { differing } from '../../scripts/prediction/report.ts'
import { startServer } from '../lab/server.ts'

/** The same over public histories, with more rows and the times: `npm run prediction`. */

test('what a rehearsal says of locks, rewrites and the statement that fails is what then happens', async () => {
  await using server = await startServer(17)
  const shop = migrationsOf('shop')
  const rewriting = {
    name: '20261103000000_token_and_wider_total',
    sql: `ALTER TABLE "User" ADD COLUMN "token" UUID NOT NULL DEFAULT gen_random_uuid();
          ALTER TABLE "Order" ALTER COLUMN "totalCents" TYPE BIGINT;`,
  }
  const pending = [...shop.slice(8), rewriting].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const point = { history: 'shop', number: 1, applied: shop.slice(0, 8), pending }
  const budget = { rows: 2_000, bytes: 4 * 1_048_576 }
  const replayed = await replay(server, { ...point, engine: 'atomic', data: 'any' }, budget, randomFrom(7))
  const compared = replayed?.compared ?? []
  expect(differing(compared)).toEqual([])
  const happened = (what: string) => compared.filter((one) => one.what === what).map((one) => one.happened)
  expect(happened('locks').filter((locks) => locks.includes('AccessExclusiveLock')).length).toBeGreaterThan(5)
  expect(happened('rewrites').filter((rewrites) => rewrites !== '')).toEqual(['public.User', 'public.Order'])
  expect(happened('success')).toEqual([expect.stringContaining('_order_item_warehouse_required statement 0 23502')])
})
