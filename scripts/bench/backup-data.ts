import { query } from '../../test/lab/query.ts'

/**
 * Tables as an application has them: a few large ones, keys between them, secondary indexes, text, JSON, numbers and times.
 * One `scale` is about 110 MB with its indexes.
 */
export async function fillWithData(url: string, scale: number): Promise<void> {
  for (const statement of statements(scale)) await query(url, statement)
}

const words = (seed: string) => `md5(${seed}::text) || ' ' || md5((${seed}::bigint * 7)::text)`

function statements(scale: number): readonly string[] {
  const customers = 40_000 * scale
  const orders = 200_000 * scale
  const events = 180_000 * scale
  return [
    `CREATE TABLE "Customer" (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, "createdAt" timestamptz(3) NOT NULL, settings jsonb NOT NULL DEFAULT '{}')`,
    `INSERT INTO "Customer" (email, name, "createdAt", settings)
       SELECT 'user' || i || '@example.com', ${words('i')}, timestamptz '2024-01-01' + i * interval '1 minute', jsonb_build_object('theme', i % 3, 'tags', ARRAY[i % 17, i % 23])
         FROM generate_series(1, ${customers}) i`,
    `CREATE TABLE "Order" (id bigserial PRIMARY KEY, "customerId" integer NOT NULL, status text NOT NULL, total numeric(12, 2) NOT NULL, note text, "createdAt" timestamp(3) NOT NULL)`,
    `INSERT INTO "Order" ("customerId", status, total, note, "createdAt")
       SELECT 1 + (i::bigint * 7919) % ${customers}, (ARRAY['NEW', 'PAID', 'SENT'])[1 + i % 3], (random() * 1000)::numeric(12, 2), CASE WHEN i % 3 = 0 THEN ${words('i')} END, timestamp '2024-01-01' + i * interval '11 seconds'
         FROM generate_series(1, ${orders}) i`,
    `CREATE TABLE "Event" (id uuid PRIMARY KEY, kind varchar(40) NOT NULL, payload jsonb NOT NULL, "at" timestamptz NOT NULL)`,
    `INSERT INTO "Event"
       SELECT md5(i::text || 'event')::uuid, 'kind-' || i % 40, jsonb_build_object('order', i, 'text', md5(i::text), 'amount', random()), timestamptz '2025-01-01' + i * interval '3 seconds'
         FROM generate_series(1, ${events}) i`,
    `CREATE INDEX ON "Order" ("customerId")`,
    `CREATE INDEX ON "Order" ("createdAt")`,
    `CREATE INDEX ON "Event" ("at")`,
    `ALTER TABLE "Order" ADD FOREIGN KEY ("customerId") REFERENCES "Customer" (id)`,
    `ANALYZE`,
  ]
}
