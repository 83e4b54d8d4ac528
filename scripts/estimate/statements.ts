/** What migrations do to tables, for one table of `rows` rows and the one that it points to. */

export function setUp(table: string, rows: number): string {
  const parents = Math.max(10, Math.round(rows / 50))
  return `
    CREATE TABLE "${table}_parent" (id int PRIMARY KEY, name text NOT NULL);
    INSERT INTO "${table}_parent" SELECT i, md5(i::text) FROM generate_series(1, ${parents}) i;
    CREATE TABLE "${table}" (id bigint PRIMARY KEY, ref int, status text, amount numeric, note text, created timestamptz, code text);
    INSERT INTO "${table}" SELECT i, 1 + i % ${parents}, (ARRAY['new','paid','sent'])[1 + i % 3], (i % 100000) / 100.0,
      repeat(md5(i::text), 1 + i % 4), now() - i * interval '1 second', 'c' || i FROM generate_series(1, ${rows}) i;
    CREATE INDEX ON "${table}" (status);
    UPDATE "${table}" SET amount = amount + 1 WHERE id % 5 = 0;`
}

/** None of them needs another one. */
export function statementsFor(table: string, rows: number): readonly string[] {
  const t = `"${table}"`
  // An UPDATE of millions of rows with their indexes would last longer than everything else together.
  const often = rows > 500_000 ? 40 : 3
  return [
    `ALTER TABLE ${t} ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()`,
    `ALTER TABLE ${t} ADD COLUMN plain text`,
    `ALTER TABLE ${t} ADD COLUMN counted int NOT NULL DEFAULT 0`,
    `CREATE INDEX "${table}_ref" ON ${t} (ref)`,
    `CREATE INDEX "${table}_note" ON ${t} (note)`,
    `CREATE INDEX CONCURRENTLY "${table}_created" ON ${t} (created)`,
    `ALTER TABLE ${t} ALTER COLUMN created SET NOT NULL`,
    `ALTER TABLE ${t} ADD CONSTRAINT "${table}_fk" FOREIGN KEY (ref) REFERENCES "${table}_parent" (id)`,
    `ALTER TABLE ${t} ALTER COLUMN ref TYPE bigint`,
    `ALTER TABLE ${t} ADD CONSTRAINT "${table}_positive" CHECK (amount >= 0)`,
    `ALTER TABLE ${t} ADD CONSTRAINT "${table}_code" UNIQUE (code)`,
    `ALTER TABLE ${t} ALTER COLUMN status SET DEFAULT 'new'`,
    `ALTER TABLE ${t} RENAME COLUMN note TO remark`,
    `UPDATE ${t} SET status = 'old' WHERE id % ${often} = 0`,
    `UPDATE ${t} SET amount = amount * 2${rows > 500_000 ? ' WHERE id % 50 = 1' : ''}`,
    `DELETE FROM ${t} WHERE id % 10 = 7`,
    `CREATE TABLE "${table}_archive" AS SELECT * FROM ${t} WHERE id % 2 = 0`,
    `CREATE TABLE "${table}_new" (id bigint PRIMARY KEY, name text UNIQUE)`,
    `COMMENT ON TABLE ${t} IS 'orders'`,
    `DROP INDEX "${table}_status_idx"`,
    `ALTER TABLE ${t} DROP COLUMN code`,
  ]
}

/** The column is looked for under another name afterwards, and dropped with what stands on it. */
const last: readonly RegExp[] = [/RENAME COLUMN/, /DROP COLUMN/]

export function shuffled(statements: readonly string[], random: () => number): readonly string[] {
  const rank = (sql: string) => last.findIndex((pattern) => pattern.test(sql))
  return statements
    .map((sql) => ({ sql, rank: rank(sql), at: random() }))
    .toSorted((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ sql }) => sql)
}

/** Mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
