import { describe, expect, test } from 'vitest'
import { readPrismaSchema } from '../../src/compatibility/read-schema.ts'

const read = (text: string, schema = 'public') => readPrismaSchema([{ path: 'schema.prisma', text }], schema)

const whole = `
// A comment with { braces } and "quotes
generator client {
  provider = "prisma-client"
  previewFeatures = ["views"]
}
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL") // }
}

/// documentation
model User {
  id        Int       @id @default(autoincrement())
  email     String    @unique @map("email_address") @db.VarChar(200)
  name      String?
  tags      String[]  @default([])
  role      Role      @default(ADMIN)
  created   DateTime  @default(now()) @db.Timestamptz(6)
  settings  Json      @default("{\\"a\\": [1, 2]}")
  uid       String    @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  place     Unsupported("geometry(Point, 4326)")?
  old       String?   @ignore
  posts     Post[]
  bestId    Int?
  best      Post?     @relation("best", fields: [bestId], references: [id],
                        onDelete: SetNull, map: "user_best_fk")
  @@index([email, name(sort: Desc)], type: Brin, map: "i")
  @@map("users")
  @@schema("app")
}

model Post { 
  id     Int @id
  author User? @relation(fields: [authorId], references: [id])
  authorId Int?
  bestOf User[] @relation("best")
  labels Label[] @relation("PostLabels")
}

model Label {
  id    Int @id
  posts Post[] @relation(name: "PostLabels")
}

view Active {
  id Int @unique
}

model Hidden {
  id Int @id
  @@ignore
}

enum Role {
  ADMIN
  MEMBER @map("member")
  @@map("role_type")
  @@schema("app")
}
`

test('models, views, fields, enums and join tables have the names of the database', () => {
  const schema = read(whole)
  expect(schema.problems).toEqual([])
  expect(schema.models.map(({ name, table }) => [name, table])).toEqual([
    ['User', 'app.users'],
    ['Post', 'public.Post'],
    ['Label', 'public.Label'],
    ['Active', 'public.Active'],
  ])
  expect(schema.enums).toEqual([
    {
      name: 'Role',
      type: 'app.role_type',
      labels: [
        { name: 'ADMIN', label: 'ADMIN' },
        { name: 'MEMBER', label: 'member' },
      ],
    },
  ])
  expect(schema.joinTables).toEqual([{ table: 'public._PostLabels', models: ['Label', 'Post'] }])
})

test('fields are those that Prisma Client has: no relations, none ignored, none of an unsupported type', () => {
  const fields = read(whole).models[0]?.fields ?? []
  expect(fields.map(({ name, column, type, list, required }) => [name, column, type, list, required])).toEqual([
    ['id', 'id', 'Int', false, true],
    ['email', 'email_address', 'String', false, true],
    ['name', 'name', 'String', false, false],
    ['tags', 'tags', 'String', true, false],
    ['role', 'role', 'Role', false, true],
    ['created', 'created', 'DateTime', false, true],
    ['settings', 'settings', 'Json', false, true],
    ['uid', 'uid', 'String', false, true],
    ['bestId', 'bestId', 'Int', false, false],
  ])
  expect(fields.filter((one) => one.filledByDatabase).map(({ name }) => name)).toEqual(['id', 'uid'])
  expect(fields.find(({ name }) => name === 'created')?.nativeType).toBe('Timestamptz')
})

test('a schema may be spread over files that refer to each other', () => {
  const files = [
    { path: 'a.prisma', text: 'model A {\n  id Int @id\n  kind Kind\n  b B[]\n}' },
    { path: 'sub/b.prisma', text: 'model B {\n  id Int @id\n  a A[]\n}\nenum Kind {\n  ONE\n}' },
  ]
  const schema = readPrismaSchema(files, 'shop')
  expect(schema.problems).toEqual([])
  expect(schema.joinTables).toEqual([{ table: 'shop._AToB', models: ['A', 'B'] }])
})

test('an attribute that nobody knows yet is no problem', () => {
  const schema = read(
    'model A {\n  id Int @id @shiny(new: [1, { a: 2 }]) @x.y\n  @@brandNew([id], where: raw("a > 1"))\n}',
  )
  expect(schema).toMatchObject({ problems: [], models: [{ name: 'A', fields: [{ name: 'id' }] }] })
})

describe('what cannot be read is a problem with its line', () => {
  test.each([
    ['a type that is not known', 'model A {\n  id Int @id\n  x Geometry\n}', 3],
    ['a field without a type', 'model A {\n  id\n}', 2],
    ['a modifier that is not known', 'model A {\n  id Int[]?\n}', 2],
    ['an attribute that does not end', 'model A {\n  id Int @default(now(\n}', 2],
    ['a block that does not end', 'model A {\n  id Int @id\n', 1],
    ['a block of another kind', 'enum A {\n  X\n}\nextend B {\n  id Int\n}', 4],
    ['an enum value that is two words', 'enum A {\n  X Y\n}', 2],
    ['characters that belong nowhere', 'model A {\n  id Int @id\n  <<<<<<< HEAD\n}', 3],
    ['an alias of old versions', 'type Name = String', 1],
  ])('%s', (_what, text, line) => {
    expect(read(text).problems.map((problem) => problem.line)).toEqual([line])
  })

  test('and what comes after it is read all the same', () => {
    const schema = read('extend A {\n}\nmodel B {\n  id Int @id\n}')
    expect(schema.models.map(({ name }) => name)).toEqual(['B'])
  })
})
