import { item, type PrismaKind, user, users } from './kind.ts'

const extensions = (from: string, to: string): Pick<PrismaKind, 'datasource' | 'preview'> => ({
  datasource: [`extensions = [${from}]`, `extensions = [${to}]`],
  preview: ['postgresqlExtensions'],
})
const two = 'schemas = ["public", "audit"]'
const inSchema = (schema: string) => `@@schema("${schema}")`

export const databaseKinds: readonly PrismaKind[] = [
  { name: 'an extension', from: item('v Int?'), to: item('v Int?'), ...extensions('', 'pg_trgm'), expect: 'proven' },
  {
    name: 'an extension in a schema of its own',
    from: item('v Int?'),
    to: item('v Int?'),
    before: 'CREATE SCHEMA extensions;',
    ...extensions('', 'pg_trgm(schema: "extensions")'),
    expect: 'proven',
  },
  {
    name: 'an extension by another name',
    from: item('v Int?'),
    to: item('v Int?'),
    ...extensions('', 'uuid(map: "uuid-ossp")'),
    expect: 'proven',
  },
  {
    name: 'an extension goes',
    from: item('v Int?'),
    to: item('v Int?'),
    ...extensions('pg_trgm', ''),
    expect: 'nothing',
  },
  {
    name: 'an extension and a column of it',
    from: item('v String?'),
    to: item('v String? @db.Citext'),
    rows: `INSERT INTO "Item" VALUES (1, 'Ab');`,
    ...extensions('', 'citext'),
    expect: 'proven',
  },
  {
    name: 'an extension and an index with its operators',
    from: item('v String?'),
    to: item('v String?\n  @@index([v(ops: raw("gin_trgm_ops"))], type: Gin)'),
    rows: `INSERT INTO "Item" VALUES (1, 'Ab');`,
    ...extensions('', 'pg_trgm'),
    expect: 'proven',
  },
  {
    name: 'a view in schema.prisma',
    from: item('v Int?'),
    to: item('v Int?', 'view Total {\n  id Int @unique\n  n Int\n}\n'),
    preview: ['views'],
    expect: 'nothing',
  },
  {
    name: 'a table in another schema',
    from: `${user(inSchema('public'))}`,
    to: `${user(inSchema('audit'))}`,
    before: 'CREATE SCHEMA audit;',
    datasource: [two, two],
    rows: users,
    expect: 'lossy',
    loses: ['public.User 3'],
  },
  {
    name: 'a relation and an enum across schemas',
    from: user(inSchema('public')),
    to: user(
      `${inSchema('public')}\n  logs Log[]`,
      `model Log {\n  id Int @id\n  kind Kind\n  user User @relation(fields: [userId], references: [id])\n  userId Int\n  ${inSchema('audit')}\n}\nenum Kind {\n  A\n  ${inSchema('audit')}\n}\n`,
    ),
    datasource: ['schemas = ["public"]', two],
    rows: users,
    expect: 'proven',
  },
  {
    name: 'a schema that is named no more',
    from: `${user(inSchema('public'))}model Log {\n  id Int @id\n  ${inSchema('audit')}\n}\n`,
    to: user(inSchema('public')),
    datasource: [two, 'schemas = ["public"]'],
    rows: `${users} INSERT INTO audit."Log" VALUES (1);`,
    expect: 'lossy',
    loses: ['audit.Log 1'],
  },
  {
    name: 'a column of a table in another schema',
    from: `model Log {\n  id Int @id\n  ${inSchema('audit')}\n}\n`,
    to: `model Log {\n  id Int @id\n  at DateTime @default(now())\n  ${inSchema('audit')}\n}\n`,
    datasource: [two, two],
    rows: 'INSERT INTO audit."Log" VALUES (1);',
    expect: 'proven',
  },
]
