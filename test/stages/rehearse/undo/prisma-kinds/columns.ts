import { item, type PrismaKind, user, users } from './kind.ts'

const one = 'INSERT INTO "Item" VALUES (1);'
const changed = (name: string, from: string, to: string, more: Partial<PrismaKind> = {}): PrismaKind => ({
  name,
  from: item(from),
  to: item(to),
  rows: 'INSERT INTO "Item" (id) VALUES (1);',
  expect: 'proven',
  ...more,
})

/** Which Prisma makes itself when it writes a row. */
const byPrisma = ['uuid()', 'uuid(7)', 'cuid()', 'cuid(2)', 'ulid()', 'nanoid()']

export const columnKinds: readonly PrismaKind[] = [
  ...byPrisma.map(
    (value): PrismaKind =>
      changed(`the default ${value}`, 'v String?', `v String? @default(${value})`, { expect: 'nothing' }),
  ),
  changed(
    'uuid() becomes one of the database',
    'v String? @default(uuid()) @db.Uuid',
    'v String? @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
  ),
  changed(
    'a default of the database becomes uuid()',
    'v String? @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
    'v String? @default(uuid()) @db.Uuid',
  ),
  changed('@updatedAt', 'v DateTime?', 'v DateTime? @updatedAt', { expect: 'nothing' }),
  changed('now() goes', 'v DateTime? @default(now())', 'v DateTime?'),
  changed(
    'a default with quotes, backslashes and line breaks',
    'v String?',
    `v String? @default("it's \\\\ \\"so\\"\\n ü")`,
  ),
  changed(
    'a default of each type',
    'a Int?',
    'a Int? @default(-1)\n  b BigInt @default(9007199254740993)\n  c Float @default(1.5)\n  d Decimal @default(1.10)\n  e Boolean @default(false)\n  f Json @default("{\\"a\\": [1]}")\n  g Bytes @default("AAE=")\n  h DateTime @default("2020-01-01T00:00:00Z")',
  ),
  changed('a default of a list', 'v Int[]', 'v Int[] @default([1, 2])'),
  changed('a default of a list of texts', 'v String[] @default(["a"])', `v String[] @default(["b", "c'd"])`),
  changed(
    'a default of the database becomes another',
    'v Int @default(dbgenerated("1 + 1"))',
    'v Int @default(dbgenerated("2 + 2"))',
  ),
  changed(
    'autoincrement of a small number',
    'v Int @default(autoincrement())',
    'v Int @default(autoincrement()) @db.SmallInt',
    { expect: 'not-proven' },
  ),
  changed('autoincrement beside the key', 'n Int?', 'n Int?\n  v Int @default(autoincrement())'),
  changed('a list of wider numbers', 'v Int[]', 'v BigInt[]', { rows: `INSERT INTO "Item" VALUES (1, '{1,2}');` }),
  changed('a list of texts becomes one of numbers', 'v String[]', 'v Int[]', {
    rows: `INSERT INTO "Item" VALUES (1, '{1,2}');`,
    expect: 'lossy',
    loses: ['public.Item.v 1'],
  }),
  changed('a list becomes one value', 'v Int[]', 'v Int?', {
    rows: `INSERT INTO "Item" VALUES (1, '{1,2}');`,
    expect: 'lossy',
    loses: ['public.Item.v 1'],
  }),
  changed('add a list', 'n Int?', 'n Int?\n  v String[]'),
  changed('drop a list', 'v String[]', '', {
    rows: `INSERT INTO "Item" VALUES (1, '{a}');`,
    expect: 'lossy',
    loses: ['public.Item.v 1'],
  }),
  changed('a column of a type that Prisma does not know', 'n Int?', 'n Int?\n  v Unsupported("point")?'),
  changed('fields in another order', 'a Int?\n  b Int?', 'b Int?\n  a Int?', { expect: 'nothing' }),
  changed('@ignore', 'a Int?', 'a Int? @ignore', { expect: 'nothing' }),
  changed('a comment in the schema', 'a Int?', '/// what it is\n  a Int?', { expect: 'nothing' }),
  changed('a required column without a default, where there are rows', 'n Int?', 'n Int?\n  v Int', {
    expect: 'not-proven',
    because: /The migration itself fails/,
  }),
  { ...changed('a required column without a default, where there are none', 'n Int?', 'n Int?\n  v Int'), rows: '' },
  changed(
    'several changes at once',
    'a Int @default(1)\n  b String?',
    'a BigInt @default(2)\n  c String?\n  @@index([a])',
    {
      rows: `INSERT INTO "Item" VALUES (1, 1, 'x');`,
      expect: 'lossy',
      loses: ['public.Item.b 1'],
    },
  ),
  {
    name: 'a composite id gets a field',
    from: 'model A {\n a Int\n b Int\n c Int\n @@id([a, b])\n}',
    to: 'model A {\n a Int\n b Int\n c Int\n @@id([a, b, c])\n}',
    rows: 'INSERT INTO "A" VALUES (1, 2, 3);',
    expect: 'proven',
  },
  {
    name: 'a composite id loses a field',
    from: 'model A {\n a Int\n b Int\n @@id([a, b])\n}',
    to: 'model A {\n a Int @id\n b Int\n}',
    rows: 'INSERT INTO "A" VALUES (1, 2);',
    expect: 'proven',
  },
  {
    name: 'a composite id in another order',
    from: 'model A {\n a Int\n b Int\n @@id([a, b])\n}',
    to: 'model A {\n a Int\n b Int\n @@id([b, a])\n}',
    rows: 'INSERT INTO "A" VALUES (1, 2);',
    expect: 'proven',
  },
  {
    name: 'a composite id by another name',
    from: 'model A {\n a Int\n b Int\n @@id([a, b])\n}',
    to: 'model A {\n a Int\n b Int\n @@id([a, b], map: "key")\n}',
    rows: 'INSERT INTO "A" VALUES (1, 2);',
    expect: 'proven',
  },
  {
    name: 'an id becomes a unique field',
    from: 'model A {\n a Int @id\n b Int\n}',
    to: 'model A {\n a Int @unique\n b Int\n}',
    rows: 'INSERT INTO "A" VALUES (1, 2);',
    expect: 'proven',
  },
  {
    name: 'an id that becomes a text',
    from: 'model A {\n id Int @id @default(autoincrement())\n n Int\n}',
    to: 'model A {\n id String @id @default(cuid())\n n Int\n}',
    up: 'ALTER TABLE "A" DROP CONSTRAINT "A_pkey",\nALTER COLUMN "id" DROP DEFAULT,\nALTER COLUMN "id" SET DATA TYPE TEXT,\nADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");\nDROP SEQUENCE "A_id_seq";\n',
    rows: 'INSERT INTO "A" VALUES (5, 1), (7, 2);',
    expect: 'proven',
  },
  {
    name: 'a citext column, with its extension there',
    from: item('v String?'),
    to: item('v String? @db.Citext'),
    before: 'CREATE EXTENSION citext;',
    rows: `INSERT INTO "Item" VALUES (1, 'Ab');`,
    expect: 'proven',
  },
  {
    name: 'a citext column becomes text',
    from: item('v String? @db.Citext'),
    to: item('v String?'),
    before: 'CREATE EXTENSION citext;',
    rows: `INSERT INTO "Item" VALUES (1, 'Ab');`,
    expect: 'proven',
  },
  { name: '@@ignore', from: item(''), to: item('@@ignore'), rows: one, expect: 'nothing' },
  {
    name: 'drop a column and add another',
    from: user('a Int?'),
    to: user('b String @default("x")'),
    rows: users,
    expect: 'lossy',
    loses: ['public.User.a 0'],
  },
]
