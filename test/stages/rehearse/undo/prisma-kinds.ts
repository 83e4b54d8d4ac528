import type { Undo } from '../../../../src/stages/rehearse/undo/undo.ts'

/** Every kind of migration that Prisma writes, as the two schemas between which it writes it. */
export interface PrismaKind {
  readonly name: string
  readonly from: string
  readonly to: string
  /** What `migrate dev` writes, where the comparison of two schema files lacks a name that only a database has. */
  readonly up?: string
  /** Rows of before. */
  readonly rows?: string
  readonly expect: Undo['kind']
  /** Of what is lost: `schema.table.column` or `schema.table`, with the count. */
  readonly loses?: readonly string[]
  /** More of `datasource db`, before and after. */
  readonly datasource?: readonly [string, string]
}

const user = (fields: string, more = '') =>
  `model User {\n  id Int @id @default(autoincrement())\n  email String\n  ${fields}\n}\n${more}`
const users = `INSERT INTO "User" (email) VALUES ('a'), ('b'), ('c');`
const withPosts = (relation: string, userFields = 'posts Post[]') =>
  user(userFields, `model Post {\n  id Int @id\n  ${relation}\n}\n`)
const posts = `${users} INSERT INTO "Post" VALUES (1, 1), (2, 3);`

export const prismaKinds: readonly PrismaKind[] = [
  { name: 'create table', from: '', to: user('name String?'), expect: 'proven' },
  {
    name: 'create tables with a relation and an index',
    from: user(''),
    to: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int\n  @@index([userId])'),
    rows: users,
    expect: 'proven',
  },
  { name: 'drop table', from: user(''), to: '', rows: users, expect: 'lossy', loses: ['public.User 3'] },
  { name: 'add optional column', from: user(''), to: user('name String?'), rows: users, expect: 'proven' },
  { name: 'add column with a default', from: user(''), to: user('age Int @default(7)'), rows: users, expect: 'proven' },
  {
    name: 'add column with a default of the database',
    from: user(''),
    to: user('key String @default(dbgenerated("gen_random_uuid()")) @db.Uuid'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'drop optional column',
    from: user('name String?'),
    to: user(''),
    rows: `INSERT INTO "User" (email, name) VALUES ('a', 'x'), ('b', NULL), ('c', 'z');`,
    expect: 'lossy',
    loses: ['public.User.name 2'],
  },
  {
    name: 'drop required column',
    from: user(''),
    to: 'model User {\n id Int @id @default(autoincrement())\n}',
    rows: users,
    expect: 'lossy',
    loses: ['public.User.email 3'],
  },
  {
    name: 'rename column, as Prisma writes it',
    from: user('name String?'),
    to: user('title String?'),
    rows: `INSERT INTO "User" (email, name) VALUES ('a', 'x');`,
    expect: 'lossy',
    loses: ['public.User.name 1'],
  },
  {
    name: '@map of a column',
    from: user('name String?'),
    to: user('name String? @map("full_name")'),
    rows: `INSERT INTO "User" (email, name) VALUES ('a', 'x');`,
    expect: 'lossy',
    loses: ['public.User.name 1'],
  },
  {
    name: '@@map of a table',
    from: user(''),
    to: user('@@map("users")'),
    rows: users,
    expect: 'lossy',
    loses: ['public.User 3'],
  },
  {
    name: 'widen a type',
    from: user('age Int @default(1)'),
    to: user('age BigInt @default(1)'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'change a native type',
    from: user('').replace('email String', 'email String @db.VarChar(50)'),
    to: user('').replace('email String', 'email String @db.VarChar(200)'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'text to varchar that fits',
    from: user(''),
    to: user('').replace('email String', 'email String @db.VarChar(10)'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'decimal precision',
    from: user('price Decimal @default(1.25)'),
    to: user('price Decimal @default(1.25) @db.Decimal(10, 1)'),
    rows: users,
    expect: 'lossy',
    loses: ['public.User 3'],
  },
  {
    name: 'a type that Prisma makes anew',
    from: user('age String?'),
    to: user('age Int?'),
    rows: `INSERT INTO "User" (email, age) VALUES ('a', '5');`,
    expect: 'lossy',
    loses: ['public.User.age 1'],
  },
  {
    name: 'scalar to list',
    from: user('tags String?'),
    to: user('tags String[]'),
    rows: `INSERT INTO "User" (email, tags) VALUES ('a', 't');`,
    expect: 'lossy',
    loses: ['public.User.tags 1'],
  },
  {
    name: 'required to optional',
    from: user(''),
    to: user('').replace('email String', 'email String?'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'optional to required',
    from: user('').replace('email String', 'email String?'),
    to: user(''),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'add a default',
    from: user(''),
    to: user('').replace('email String', 'email String @default("x")'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'drop a default',
    from: user('').replace('email String', 'email String @default("x\\\\y\'z")'),
    to: user(''),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'change a default',
    from: user('at DateTime @default(now())'),
    to: user('at DateTime @default(dbgenerated("\'2020-01-01\'::timestamp"))'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'add a unique field',
    from: user(''),
    to: user('').replace('email String', 'email String @unique'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'drop a unique field',
    from: user('').replace('email String', 'email String @unique'),
    to: user(''),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'add a composite unique and an index',
    from: user('a Int @default(1)'),
    to: user('a Int @default(1)\n  @@unique([email, a])\n  @@index([a(sort: Desc)])'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'change the type of an index',
    from: user('a Int @default(1)\n  @@index([a])'),
    to: user('a Int @default(1)\n  @@index([a], type: Hash)'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'rename an index',
    from: user('a Int @default(1)\n  @@index([a])'),
    to: user('a Int @default(1)\n  @@index([a], map: "other")'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'a GIN index with its operator class',
    from: user('data Json @default("{}")'),
    to: user('data Json @default("{}")\n  @@index([data(ops: JsonbPathOps)], type: Gin)'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'add a foreign key',
    from: withPosts('userId Int', ''),
    to: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int'),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'change the actions of a foreign key',
    from: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int'),
    to: withPosts(
      'user User @relation(fields: [userId], references: [id], onDelete: Cascade, onUpdate: NoAction)\n  userId Int',
    ),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'drop a foreign key',
    from: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int'),
    to: withPosts('userId Int', ''),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'rename a foreign key and a primary key',
    from: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int'),
    to: withPosts('user User @relation(fields: [userId], references: [id], map: "fk")\n  userId Int').replace(
      'id Int @id @default',
      'id Int @id(map: "pk") @default',
    ),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'optional relation to required',
    from: withPosts('user User? @relation(fields: [userId], references: [id])\n  userId Int?'),
    to: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int'),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'one to many becomes many to many',
    from: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int'),
    to: withPosts('users User[]'),
    rows: posts,
    expect: 'impossible',
  },
  {
    name: 'an implicit many to many',
    from: withPosts('n Int', ''),
    to: withPosts('n Int\n  users User[]'),
    rows: `${users} INSERT INTO "Post" VALUES (1, 1);`,
    expect: 'proven',
  },
  {
    name: 'drop an implicit many to many',
    from: withPosts('users User[]'),
    to: withPosts('', ''),
    rows: `${users} INSERT INTO "Post" VALUES (1); INSERT INTO "_PostToUser" VALUES (1, 1);`,
    expect: 'lossy',
    loses: ['public._PostToUser 1'],
  },
  {
    name: 'a relation to itself',
    from: user(''),
    to: user(
      'bossId Int?\n  boss User? @relation("b", fields: [bossId], references: [id])\n  staff User[] @relation("b")',
    ),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'create an enum and a column',
    from: user(''),
    to: user('role Role @default(A)', 'enum Role {\n A\n B\n}'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'drop an enum and its column',
    from: user('role Role @default(B)', 'enum Role {\n A\n B\n}'),
    to: user(''),
    rows: users,
    expect: 'lossy',
    loses: ['public.User.role 0'],
  },
  {
    name: 'add a label to an enum',
    from: user('role Role @default(A)\n roles Role[] @default([A])\n  @@index([role])', 'enum Role {\n A\n B\n}'),
    to: user('role Role @default(A)\n roles Role[] @default([A])\n  @@index([role])', 'enum Role {\n A\n B\n C\n}'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'remove a label from an enum',
    from: user('role Role @default(A)\n roles Role[]', 'enum Role {\n A\n B\n C\n}'),
    to: user('role Role @default(B)\n roles Role[]', 'enum Role {\n A\n B\n}'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'text to an enum',
    from: user('role String?'),
    to: user('role Role?', 'enum Role {\n A\n B\n}'),
    rows: `INSERT INTO "User" (email, role) VALUES ('a', 'A');`,
    expect: 'lossy',
    loses: ['public.User.role 1'],
  },
  {
    name: '@@map of an enum',
    from: user('role Role @default(A)', 'enum Role {\n A\n B\n}'),
    to: user('role Role @default(A)', 'enum Role {\n A\n B\n @@map("roles")\n}'),
    rows: users,
    expect: 'lossy',
    loses: ['public.User.role 0'],
  },
  {
    name: 'a number gets autoincrement',
    from: 'model A {\n id Int @id\n n Int\n}',
    to: 'model A {\n id Int @id @default(autoincrement())\n n Int\n}',
    rows: 'INSERT INTO "A" VALUES (1, 1), (7, 2);',
    expect: 'proven',
  },
  {
    name: 'a number loses autoincrement',
    from: 'model A {\n id Int @id @default(autoincrement())\n n Int\n}',
    to: 'model A {\n id Int @id\n n Int\n}',
    up: 'ALTER TABLE "A" ALTER COLUMN "id" DROP DEFAULT;\nDROP SEQUENCE "A_id_seq";',
    rows: 'INSERT INTO "A" (n) VALUES (1), (2);',
    expect: 'proven',
  },
  {
    name: 'autoincrement of a wider type',
    from: user(''),
    to: user('').replace('id Int', 'id BigInt'),
    rows: users,
    expect: 'not-proven',
  },
  {
    name: 'a composite id',
    from: 'model A {\n a Int @id\n b Int\n}',
    to: 'model A {\n a Int\n b Int\n @@id([a, b])\n}',
    rows: 'INSERT INTO "A" VALUES (1, 1);',
    expect: 'proven',
  },
  {
    name: 'another id',
    from: 'model A {\n a Int @id\n b Int?\n}',
    to: 'model A {\n a Int\n b Int @id\n}',
    rows: 'INSERT INTO "A" VALUES (1, 5);',
    expect: 'proven',
  },
  {
    name: 'an id that becomes a uuid',
    from: 'model A {\n id Int @id @default(autoincrement())\n n Int\n}',
    to: 'model A {\n id String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid\n n Int\n}',
    rows: 'INSERT INTO "A" VALUES (5, 1), (7, 2);',
    expect: 'lossy',
    loses: ['public.A.id 2'],
  },
  {
    name: 'native types of time',
    from: user('at DateTime @default(dbgenerated("\'2020-01-01\'::timestamp"))'),
    to: user('at DateTime @default(dbgenerated("\'2020-01-01\'::timestamp")) @db.Timestamptz(6)'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'another schema',
    from: `${user('@@schema("public")')}`,
    to: `${user('@@schema("public")')}model Log {\n id Int @id\n @@schema("audit")\n}`,
    datasource: ['schemas = ["public"]', 'schemas = ["public", "audit"]'],
    rows: users,
    expect: 'proven',
  },
]
