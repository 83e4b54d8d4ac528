import { item, type PrismaKind } from './kind.ts'

/**
 * From, to, a value of before, and what becomes of it. Each class of pairs that Prisma knows: wider, narrower, another family, and
 * those that it does not cast, where it drops the column and adds it again.
 */
type Pair = readonly [
  from: string,
  to: string,
  value: string,
  expect: PrismaKind['expect'],
  loses?: 'column' | 'values',
]

const pairs: readonly Pair[] = [
  ['Int @db.SmallInt', 'Int', '7', 'proven'],
  ['Int', 'Int @db.SmallInt', '7', 'proven'],
  ['BigInt', 'Int', '7', 'proven'],
  ['Int', 'Float', '7', 'proven'],
  ['Int', 'Decimal', '7', 'proven'],
  ['Int', 'String', '7', 'proven'],
  ['Int', 'Boolean', '7', 'lossy', 'column'],
  ['Float', 'Float @db.Real', '0.1', 'lossy', 'values'],
  ['Float @db.Real', 'Float', '0.5', 'proven'],
  ['Float', 'Decimal @db.Decimal(5, 2)', '0.25', 'proven'],
  ['Float', 'Int', '0.7', 'lossy', 'values'],
  ['Decimal', 'Int', '1.5', 'lossy', 'values'],
  ['Decimal', 'Float', '1.5', 'proven'],
  ['Decimal', 'Decimal @db.Money', '1.5', 'lossy', 'column'],
  ['Boolean', 'String', 'true', 'proven'],
  ['String', 'Boolean', `'true'`, 'lossy', 'column'],
  ['String @db.VarChar(20)', 'String', `'x'`, 'proven'],
  ['String', 'String @db.Char(5)', `'x'`, 'proven'],
  ['String @db.Char(5)', 'String', `'x'`, 'proven'],
  ['String @db.VarChar(20)', 'String @db.VarChar(2)', `'x'`, 'proven'],
  ['String', 'String @db.Uuid', 'gen_random_uuid()', 'lossy', 'column'],
  ['String @db.Uuid', 'String', 'gen_random_uuid()', 'proven'],
  ['String', 'String @db.Xml', `'<a/>'`, 'lossy', 'column'],
  ['String', 'String @db.Inet', `'10.0.0.1'`, 'lossy', 'column'],
  ['String @db.Inet', 'String', `'10.0.0.1'`, 'proven'],
  ['String @db.Bit(3)', 'String @db.VarBit(3)', `B'101'`, 'proven'],
  ['String @db.VarBit(8)', 'String @db.Bit(3)', `B'101'`, 'proven'],
  ['String', 'Json', `'{}'`, 'lossy', 'column'],
  ['Json', 'Json @db.Json', `'{"b": 1, "a": 2}'`, 'proven'],
  ['Json @db.Json', 'Json', `'{"b": 1,   "a": 2}'`, 'lossy', 'values'],
  ['Json', 'String', `'{"a": 1}'`, 'proven'],
  ['Bytes', 'String', `'\\x01'`, 'proven'],
  ['String', 'Bytes', `'x'`, 'lossy', 'column'],
  ['DateTime', 'DateTime @db.Date', `'2024-01-02 03:04:05'`, 'lossy', 'values'],
  ['DateTime @db.Date', 'DateTime', `'2024-01-02'`, 'proven'],
  ['DateTime', 'DateTime @db.Time(6)', `'2024-01-02 03:04:05'`, 'not-proven'],
  ['DateTime @db.Timestamp(6)', 'DateTime @db.Timestamp(0)', `'2024-01-02 03:04:05.6'`, 'lossy', 'values'],
  ['DateTime @db.Timestamptz(6)', 'DateTime @db.Timestamp(6)', `'2024-01-02 03:04:05Z'`, 'proven'],
  ['DateTime @db.Time(6)', 'DateTime @db.Timetz(6)', `'03:04:05'`, 'proven'],
  ['DateTime', 'String', `'2024-01-02 03:04:05'`, 'proven'],
  ['String', 'DateTime', `'2024-01-02'`, 'lossy', 'column'],
  ['BigInt', 'Int @db.Oid', '7', 'lossy', 'column'],
]

export const nativeTypeKinds: readonly PrismaKind[] = pairs.map(([from, to, value, expect, lost]) => ({
  name: `${from} becomes ${to}`,
  from: item(`v ${optional(from)}`),
  to: item(`v ${optional(to)}`),
  rows: `INSERT INTO "Item" VALUES (1, ${value}), (2, NULL);`,
  expect,
  ...(lost === undefined ? {} : { loses: [lost === 'column' ? 'public.Item.v 1' : 'public.Item 1'] }),
}))

/** So that Prisma may write what it does with rows in the table. */
function optional(type: string): string {
  return type.replace(/^\w+/, '$&?')
}
