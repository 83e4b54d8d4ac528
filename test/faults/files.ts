/** What is deployed in every cell: three pending migrations, of which the second is one of these files. */

export interface FaultStatement {
  readonly sql: string
  /** What another session does so that it stands still in the middle. */
  readonly hold: string
  /** An SQL condition: it is in force. */
  readonly inForce: string
  /** What it has locked once it ran, for somebody who wants to be waited for. */
  readonly locks: string | undefined
  readonly writesRows: boolean
}

export interface FaultFile {
  readonly name: 'two-ddl' | 'data-ddl' | 'ddl-data' | 'concurrently' | 'enum' | 'own-transaction'
  readonly sql: string
  readonly statements: readonly FaultStatement[]
  /** One transaction of its own, whoever runs it. */
  readonly own: boolean
  readonly later: { readonly sql: string; readonly inForce: string }
}

export const initName = '20240101000000_init'
export const firstName = '20240102000000_first'
export const fileName = '20240103000000_file'
export const laterName = '20240104000000_later'
export const pendingNames = [firstName, fileName, laterName] as const

export const init = `CREATE TYPE "Status" AS ENUM ('open', 'done');
CREATE TABLE "Item" ("id" INT PRIMARY KEY, "name" TEXT NOT NULL, "status" "Status" NOT NULL DEFAULT 'open', "amount" INT NOT NULL DEFAULT 0);
CREATE TABLE "Extra" ("id" INT PRIMARY KEY);
CREATE TABLE "Other" ("id" INT PRIMARY KEY, "note" TEXT);
`
/** Enough for an UPDATE of all of them to need more room than its pages have. */
export const rows = `INSERT INTO "Item" SELECT n, repeat(md5(n::text), 8) FROM generate_series(1, 2000) n;
INSERT INTO "Extra" VALUES (1);
INSERT INTO "Other" VALUES (1, 'kept')`

/** What no migration here changes. */
export const keptRows = `SELECT md5(string_agg(id || name, ',' ORDER BY id)) || (SELECT md5(string_agg(id || note, ',' ORDER BY id)) FROM "Other") || (SELECT count(*) FROM "Extra") AS kept,
  min(amount) AS least, max(amount) AS most FROM "Item"`

export const first = {
  sql: 'ALTER TABLE "Other" ADD COLUMN "first" INT;\n',
  inForce: column('Other', 'first'),
}
const later = { sql: 'ALTER TABLE "Other" ADD COLUMN "later" INT;\n', inForce: column('Other', 'later') }

const addColumn: FaultStatement = {
  sql: 'ALTER TABLE "Item" ADD COLUMN "a" TEXT;',
  hold: 'LOCK "Item" IN ROW SHARE MODE',
  inForce: column('Item', 'a'),
  locks: 'LOCK "Item" IN ACCESS SHARE MODE',
  writesRows: false,
}
const addExtra: FaultStatement = {
  sql: 'ALTER TABLE "Extra" ADD COLUMN "b" TEXT;',
  hold: 'LOCK "Extra" IN ROW SHARE MODE',
  inForce: column('Extra', 'b'),
  locks: 'LOCK "Extra" IN ACCESS SHARE MODE',
  writesRows: false,
}
const createTable: FaultStatement = {
  sql: 'CREATE TABLE "Note" ("id" INT PRIMARY KEY, "extra" INT REFERENCES "Extra"("id"));',
  hold: 'LOCK "Extra" IN ROW EXCLUSIVE MODE',
  inForce: `to_regclass('"Note"') IS NOT NULL`,
  locks: undefined,
  writesRows: false,
}
const update: FaultStatement = {
  sql: 'UPDATE "Item" SET "amount" = "amount" + 1;',
  hold: 'UPDATE "Item" SET "name" = "name" WHERE "id" = 2000',
  inForce: `(SELECT min(amount) FROM "Item") > 0`,
  locks: 'LOCK "Item" IN ACCESS EXCLUSIVE MODE',
  writesRows: true,
}

export const faultFiles: readonly FaultFile[] = [
  { name: 'two-ddl', ...inBatch(addColumn, createTable), later },
  { name: 'data-ddl', ...inBatch(update, addExtra), later },
  { name: 'ddl-data', ...inBatch(addExtra, update), later },
  {
    name: 'concurrently',
    ...inBatch({
      sql: 'CREATE INDEX CONCURRENTLY "Item_name_idx" ON "Item"("name");',
      // Its first transaction is over then, and the index is there and invalid.
      hold: 'LOCK "Item" IN ROW EXCLUSIVE MODE',
      inForce: `EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('"Item_name_idx"') AND indisvalid)`,
      locks: undefined,
      writesRows: false,
    }),
    later,
  },
  {
    name: 'enum',
    ...inBatch({
      sql: `ALTER TYPE "Status" ADD VALUE 'gone';`,
      hold: `ALTER TYPE "Status" ADD VALUE 'never'`,
      inForce: `EXISTS (SELECT FROM pg_enum WHERE enumlabel = 'gone')`,
      locks: undefined,
      writesRows: false,
    }),
    later: {
      sql: `UPDATE "Item" SET "status" = 'gone' WHERE "id" = 1;\n`,
      inForce: `EXISTS (SELECT FROM "Item" WHERE "status"::text = 'gone')`,
    },
  },
  {
    name: 'own-transaction',
    ...inBatch(update, addExtra),
    sql: `BEGIN;\n${update.sql}\n${addExtra.sql}\nCOMMIT;\n`,
    own: true,
    later,
  },
]

function inBatch(...statements: readonly FaultStatement[]): Pick<FaultFile, 'sql' | 'statements' | 'own'> {
  return { sql: `${statements.map(({ sql }) => sql).join('\n')}\n`, statements, own: false }
}

function column(table: string, name: string): string {
  return `EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('"${table}"') AND attname = '${name}' AND NOT attisdropped)`
}
