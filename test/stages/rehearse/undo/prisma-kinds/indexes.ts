import { item, type PrismaKind } from './kind.ts'

const indexed = (field: string, index: string) => ({ from: item(field), to: item(`${field}\n  ${index}`) })
const search = `search Unsupported("tsvector")? @default(dbgenerated("to_tsvector('simple'::regconfig, 'x'::text)"))`

const types: readonly (readonly [name: string, field: string, index: string, value: string])[] = [
  ['Hash', 'v Int?', '@@index([v], type: Hash)', '1'],
  ['Gin of an array', 'v Int[]', '@@index([v], type: Gin)', `'{1}'`],
  ['Gin of an array with its operator class', 'v Int[]', '@@index([v(ops: ArrayOps)], type: Gin)', `'{1}'`],
  ['Gin of jsonb', 'v Json?', '@@index([v(ops: JsonbOps)], type: Gin)', `'{}'`],
  ['Gist of an address', 'v String? @db.Inet', '@@index([v(ops: InetOps)], type: Gist)', `'10.0.0.1'`],
  [
    'Gist with an operator class by name',
    'v String? @db.Inet',
    '@@index([v(ops: raw("inet_ops"))], type: Gist)',
    `'10.0.0.1'`,
  ],
  ['SpGist of text', 'v String?', '@@index([v(ops: TextOps)], type: SpGist)', `'x'`],
  ['SpGist of an address', 'v String? @db.Inet', '@@index([v(ops: InetOps)], type: SpGist)', `'10.0.0.1'`],
  ['Brin of a number', 'v Int?', '@@index([v(ops: Int4MinMaxOps)], type: Brin)', '1'],
  ['Brin of a number with a bloom filter', 'v Int?', '@@index([v(ops: Int4BloomOps)], type: Brin)', '1'],
  ['Brin of a time', 'v DateTime?', '@@index([v(ops: TimestampMinMaxMultiOps)], type: Brin)', 'now()'],
  ['the full text of a column', search, '@@index([search], type: Gin)', `to_tsvector('simple', 'y')`],
]

export const indexKinds: readonly PrismaKind[] = [
  ...types.map(
    ([name, field, index, value]): PrismaKind => ({
      name: `an index of type ${name}`,
      ...indexed(field, index),
      rows: `INSERT INTO "Item" VALUES (1, ${value});`,
      expect: 'proven',
    }),
  ),
  ...types.slice(0, 3).map(
    ([name, field, index, value]): PrismaKind => ({
      name: `an index of type ${name} goes`,
      from: indexed(field, index).to,
      to: indexed(field, index).from,
      rows: `INSERT INTO "Item" VALUES (1, ${value});`,
      expect: 'proven',
    }),
  ),
  {
    name: 'the order of an index',
    from: item('a Int\n  b Int\n  @@index([a, b])'),
    to: item('a Int\n  b Int\n  @@index([a(sort: Desc), b])'),
    rows: 'INSERT INTO "Item" VALUES (1, 2, 3);',
    expect: 'proven',
  },
  {
    name: 'the columns of an index in another order',
    from: item('a Int\n  b Int\n  @@index([a, b], map: "ab")'),
    to: item('a Int\n  b Int\n  @@index([b, a], map: "ab")'),
    rows: 'INSERT INTO "Item" VALUES (1, 2, 3);',
    expect: 'proven',
  },
  {
    name: 'the order of a unique index',
    from: item('a Int\n  b Int\n  @@unique([a, b])'),
    to: item('a Int\n  b Int\n  @@unique([a(sort: Desc), b])'),
    rows: 'INSERT INTO "Item" VALUES (1, 2, 3);',
    expect: 'proven',
  },
  {
    name: 'an index becomes unique',
    from: item('a Int\n  @@index([a], map: "i")'),
    to: item('a Int\n  @@unique([a], map: "i")'),
    rows: 'INSERT INTO "Item" VALUES (1, 2);',
    expect: 'proven',
  },
  {
    name: 'a unique index by another name',
    from: item('a Int @unique'),
    to: item('a Int @unique(map: "other")'),
    rows: 'INSERT INTO "Item" VALUES (1, 2);',
    expect: 'proven',
  },
  {
    name: 'a composite unique becomes an index',
    from: item('a Int\n  b Int\n  @@unique([a, b])'),
    to: item('a Int\n  b Int\n  @@index([a, b])'),
    rows: 'INSERT INTO "Item" VALUES (1, 2, 3);',
    expect: 'proven',
  },
  {
    name: 'a partial index',
    ...indexed('a Int?', '@@index([a], where: raw("a > 0"))'),
    rows: 'INSERT INTO "Item" VALUES (1, 2);',
    preview: ['partialIndexes'],
    only: 7,
    expect: 'proven',
  },
  {
    name: 'a partial unique index',
    ...indexed('a Int?\n  active Boolean @default(true)', '@@unique([a], where: { active: true })'),
    rows: 'INSERT INTO "Item" VALUES (1, 2), (2, 3);',
    preview: ['partialIndexes'],
    only: 7,
    expect: 'proven',
  },
  {
    name: 'the condition of a partial index',
    from: item('a Int?\n  @@index([a], where: raw("a > 0"))'),
    to: item('a Int?\n  @@index([a], where: raw("a > 1"))'),
    rows: 'INSERT INTO "Item" VALUES (1, 2);',
    preview: ['partialIndexes'],
    only: 7,
    expect: 'proven',
  },
  {
    name: 'an index that gets a condition',
    from: item('a Int?\n  @@index([a])'),
    to: item('a Int?\n  @@index([a], where: raw("a IS NOT NULL"))'),
    rows: 'INSERT INTO "Item" VALUES (1, 2);',
    preview: ['partialIndexes'],
    only: 7,
    expect: 'proven',
  },
]
