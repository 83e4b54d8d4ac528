import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabServer, startServer } from '../lab/server.ts'
import { changesBetween, shapeOf } from './catalog-shape.ts'
import { type Character, characters, history, pendingMigration, seedSql, shopFolder } from './shop-project.ts'

let server: LabServer
const seeded = 'shop_seeded'

beforeAll(async () => {
  server = await startServer(17)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const expectedHistory: Readonly<Record<string, readonly string[]>> = {
  '20260112091412_init': ['+ table Product', '+ table User'],
  '20260119144007_orders': [
    '+ enum OrderStatus.CANCELLED',
    '+ enum OrderStatus.PAID',
    '+ enum OrderStatus.PENDING',
    '+ enum OrderStatus.SHIPPED',
    '+ foreign key OrderItem_orderId_fkey',
    '+ foreign key OrderItem_productId_fkey',
    '+ foreign key Order_userId_fkey',
    '+ table Order',
    '+ table OrderItem',
  ],
  '20260202101533_payments': [
    '+ enum PaymentStatus.AUTHORIZED',
    '+ enum PaymentStatus.CAPTURED',
    '+ enum PaymentStatus.FAILED',
    '+ enum PaymentStatus.REFUNDED',
    '+ foreign key Payment_orderId_fkey',
    '+ table Payment',
  ],
  '20260216083021_user_phone': ['+ column User.phone text'],
  '20260309152244_order_number': ['+ column Order.number text not null', '+ unique index Order_number_key'],
  '20260323110936_coupons': ['+ column Order.couponId integer', '+ foreign key Order_couponId_fkey', '+ table Coupon'],
  '20260413093350_product_stock_and_legacy_code': [
    '+ column Product.legacyCode text',
    '+ column Product.stock integer not null',
  ],
  '20260504141218_order_lookup_indexes': [
    '+ index OrderItem_orderId_idx',
    '+ index OrderItem_productId_idx',
    '+ index Order_userId_idx',
  ],
  '20260601075847_order_status_delivered': ['+ enum OrderStatus.DELIVERED'],
  '20260713123105_product_description_optional': [
    '+ column Product.description text',
    '- column Product.description text not null',
  ],
  '20260907090059_warehouses': ['+ column OrderItem.warehouseId integer', '+ table Warehouse'],
}

/** What each pending migration leaves behind when it may finish. */
const expectedPending: Readonly<Record<Exclude<Character, 'fails-on-data'>, readonly string[]>> = {
  additive: [
    '+ column Order.note text',
    '+ foreign key Review_productId_fkey',
    '+ foreign key Review_userId_fkey',
    '+ table Review',
  ],
  backfill: ['+ column Order.paidAt timestamp(3) without time zone'],
  'lock-heavy': [
    '- column OrderItem.warehouseId integer',
    '+ column OrderItem.warehouseId integer not null',
    '+ foreign key OrderItem_warehouseId_fkey',
    '+ index OrderItem_warehouseId_idx',
  ],
  destructive: [
    '- column Order.couponId integer',
    '- column Product.legacyCode text',
    '- foreign key Order_couponId_fkey',
    '- table Coupon',
  ],
  rename: ['+ column User.fullName text', '- column User.name text'],
  'index-concurrently': ['+ index Order_placedAt_idx'],
}

describe('the shop before the pending migrations', () => {
  test('every migration of the history does what its name says, on an empty database', async () => {
    await using shop = await connect(await server.createDatabase(seeded))
    expect(history.map(({ name }) => name)).toEqual(Object.keys(expectedHistory))
    for (const { name, sql } of history) {
      const before = await shapeOf(shop.client)
      await shop.client.query(sql)
      expect(changesBetween(before, await shapeOf(shop.client)), name).toEqual(expectedHistory[name])
    }
  })

  test('the seed fills every table with the same rows every time', async () => {
    await using shop = await connect(server.ownerUrl(seeded))
    await shop.client.query(seedSql)
    const counts = await countRows(shop.client)
    expect(counts).toEqual({
      Coupon: 20,
      Order: 6000,
      OrderItem: 15000,
      Payment: 6012,
      Product: 500,
      User: 2000,
      Warehouse: 3,
    })
    expect(await one(shop.client, `SELECT sum("totalCents")::int AS value FROM "Order"`)).toBe(
      await one(shop.client, `SELECT sum("quantity" * "unitPriceCents")::int AS value FROM "OrderItem"`),
    )
    expect(await one(shop.client, fingerprintSql)).toMatchInlineSnapshot(`"6be394f67a9c5548609a60d7c2ca1039"`)
  })
})

describe('the pending migrations', () => {
  test('every folder under pending is one known character', () => {
    expect(readdirSync(join(shopFolder, 'pending')).sort()).toEqual([...characters].sort())
  })

  test('each one is newer than the whole history', () => {
    const newest = history.at(-1)?.name ?? ''
    for (const character of characters) expect(pendingMigration(character).name > newest, character).toBe(true)
  })

  test.each(Object.entries(expectedPending))(
    '%s changes what it says and nothing else',
    async (character, expected) => {
      await using shop = await copyOfSeeded(character)
      const before = await shapeOf(shop.client)
      await shop.client.query(pendingMigration(character as Character).sql)
      expect(changesBetween(before, await shapeOf(shop.client))).toEqual(expected)
    },
  )

  test('all that can succeed can be applied one after the other, in the order of their names', async () => {
    await using shop = await copyOfSeeded('all_in_order')
    const before = await shapeOf(shop.client)
    const inOrder = Object.keys(expectedPending)
      .map((character) => pendingMigration(character as Character))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const { sql } of inOrder) await shop.client.query(sql)
    const expected = Object.values(expectedPending).flat().sort()
    expect(changesBetween(before, await shapeOf(shop.client)).sort()).toEqual(expected)
  })

  test('backfill fills the new column for every order that was paid, and for no other', async () => {
    await using shop = await copyOfSeeded('backfill_rows')
    await shop.client.query(pendingMigration('backfill').sql)
    const wrong = `SELECT count(*)::int AS value FROM "Order" WHERE ("paidAt" IS NOT NULL) <> EXISTS (
      SELECT FROM "Payment" WHERE "orderId" = "Order"."id" AND "status" = 'CAPTURED')`
    expect(await one(shop.client, wrong)).toBe(0)
    expect(await one(shop.client, `SELECT count("paidAt")::int AS value FROM "Order"`)).toBeGreaterThan(5000)
  })

  test('destructive and rename lose values that the seed has', async () => {
    await using shop = await copyOfSeeded('losses')
    expect(await one(shop.client, `SELECT count("legacyCode")::int AS value FROM "Product"`)).toBe(350)
    expect(await one(shop.client, `SELECT count("couponId")::int AS value FROM "Order"`)).toBe(666)
    expect(await one(shop.client, `SELECT count("name")::int AS value FROM "User"`)).toBe(1900)
    await shop.client.query(pendingMigration('rename').sql)
    expect(await one(shop.client, `SELECT count("fullName")::int AS value FROM "User"`)).toBe(0)
  })

  test('fails-on-data fails in its second statement: run as one batch it leaves nothing, statement by statement the first half', async () => {
    const { sql } = pendingMigration('fails-on-data')
    const statements = sql.split(/^-- .*$/m).filter((part) => part.includes(';'))
    expect(statements).toHaveLength(2)

    await using batch = await copyOfSeeded('fails_batch')
    const before = await shapeOf(batch.client)
    await expect(batch.client.query(sql)).rejects.toMatchObject({ code: '23505', table: 'Payment' })
    expect(changesBetween(before, await shapeOf(batch.client))).toEqual([])

    await using split = await copyOfSeeded('fails_split')
    await split.client.query(statements[0] ?? '')
    await expect(split.client.query(statements[1] ?? '')).rejects.toMatchObject({ code: '23505', table: 'Payment' })
    expect(changesBetween(before, await shapeOf(split.client))).toEqual([
      '+ column Payment.settledAt timestamp(3) without time zone',
    ])
  })

  test('index-concurrently works alone and is refused in a batch', async () => {
    const { sql } = pendingMigration('index-concurrently')
    await using shop = await copyOfSeeded('concurrently_in_batch')
    await expect(shop.client.query(`SELECT 1;\n${sql}`)).rejects.toMatchObject({ code: '25001' })
  })
})

interface Shop extends AsyncDisposable {
  readonly client: pg.Client
}

async function connect(connectionString: string): Promise<Shop> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  return { client, [Symbol.asyncDispose]: () => client.end() }
}

async function copyOfSeeded(label: string): Promise<Shop> {
  const name = `shop_${label.replaceAll('-', '_')}`
  await using admin = await connect(server.superuserUrl())
  await admin.client.query(`CREATE DATABASE ${name} TEMPLATE ${seeded} OWNER app_owner`)
  return connect(server.ownerUrl(name))
}

async function one(client: pg.Client, sql: string): Promise<unknown> {
  const { rows } = await client.query<{ value: unknown }>(sql)
  return rows[0]?.value
}

async function countRows(client: pg.Client): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  )
  const counts: Record<string, unknown> = {}
  for (const { name } of rows) counts[name] = await one(client, `SELECT count(*)::int AS value FROM "${name}"`)
  return counts
}

const fingerprintSql = `SELECT md5(string_agg(part, '' ORDER BY part COLLATE "C")) AS value FROM (
  SELECT "User"::text AS part FROM "User" UNION ALL SELECT "Product"::text FROM "Product"
  UNION ALL SELECT "Order"::text FROM "Order" UNION ALL SELECT "OrderItem"::text FROM "OrderItem"
  UNION ALL SELECT "Payment"::text FROM "Payment" UNION ALL SELECT "Coupon"::text FROM "Coupon") AS rows`
