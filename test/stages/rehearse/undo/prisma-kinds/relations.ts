import { item, type PrismaKind, posts, user, users, withPosts } from './kind.ts'

const related = (actions: string, optional = '?') =>
  withPosts(`user User${optional} @relation(fields: [userId], references: [id]${actions})\n  userId Int${optional}`)

const actions: readonly (readonly [from: string, to: string])[] = [
  ['', ', onDelete: Cascade'],
  [', onDelete: Cascade', ', onDelete: Restrict'],
  [', onDelete: Restrict', ', onDelete: NoAction'],
  [', onDelete: NoAction', ', onDelete: SetNull'],
  [', onDelete: SetNull', ', onDelete: SetDefault'],
  [', onUpdate: Cascade', ', onUpdate: Restrict'],
  [', onUpdate: SetNull', ', onUpdate: SetDefault'],
]

const manyToMany = (name = '', map = '') =>
  user(`posts Post[]${name}`, `model Post {\n  id Int @id\n  users User[]${name}\n${map}}\n`)
const linked = (table: string) => `${users} INSERT INTO "Post" VALUES (1); INSERT INTO "${table}" VALUES (1, 1);`

export const relationKinds: readonly PrismaKind[] = [
  ...actions.map(
    ([from, to]): PrismaKind => ({
      name: `a foreign key: ${from.slice(2) || 'no action named'} becomes ${to.slice(2)}`,
      from: related(from),
      to: related(to),
      rows: posts,
      expect: 'proven',
    }),
  ),
  {
    name: 'required relation to optional',
    from: related('', ''),
    to: related(''),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'a foreign key by another name',
    from: related(', map: "one"'),
    to: related(', map: "two"'),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'a foreign key of two columns',
    from: `model A {\n a Int\n b Int\n @@id([a, b])\n}\nmodel B {\n id Int @id\n a Int\n b Int\n}`,
    to: `model A {\n a Int\n b Int\n bs B[]\n @@id([a, b])\n}\nmodel B {\n id Int @id\n a Int\n b Int\n to A @relation(fields: [a, b], references: [a, b])\n}`,
    rows: 'INSERT INTO "A" VALUES (1, 2); INSERT INTO "B" VALUES (1, 1, 2);',
    expect: 'proven',
  },
  {
    name: 'one to one',
    from: withPosts('userId Int?', ''),
    to: withPosts('user User? @relation(fields: [userId], references: [id])\n  userId Int? @unique', 'post Post?'),
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'an implicit many to many by another name',
    from: manyToMany(),
    to: manyToMany(' @relation("Liked")'),
    rows: linked('_PostToUser'),
    expect: 'lossy',
    loses: ['public._PostToUser 1'],
  },
  {
    name: 'an implicit many to many to itself',
    from: item('n Int?'),
    to: item('n Int?\n  a Item[] @relation("x")\n  b Item[] @relation("x")'),
    rows: 'INSERT INTO "Item" VALUES (1, 1);',
    expect: 'proven',
  },
  {
    name: 'an implicit many to many becomes explicit',
    from: manyToMany(),
    to: user(
      'posts Link[]',
      'model Post {\n  id Int @id\n  users Link[]\n}\nmodel Link {\n  post Post @relation(fields: [postId], references: [id])\n  postId Int\n  user User @relation(fields: [userId], references: [id])\n  userId Int\n  @@id([postId, userId])\n}\n',
    ),
    rows: linked('_PostToUser'),
    expect: 'lossy',
    loses: ['public._PostToUser 1'],
  },
  {
    name: 'the key of an implicit many to many, which Prisma 5 made as an index',
    from: manyToMany(),
    to: manyToMany(),
    rows: `ALTER TABLE "_PostToUser" DROP CONSTRAINT "_PostToUser_AB_pkey"; CREATE UNIQUE INDEX "_PostToUser_AB_unique" ON "_PostToUser" ("A", "B"); ${linked('_PostToUser')}`,
    up: 'ALTER TABLE "_PostToUser" ADD CONSTRAINT "_PostToUser_AB_pkey" PRIMARY KEY ("A", "B");\n\nDROP INDEX "_PostToUser_AB_unique";\n',
    expect: 'proven',
  },
  {
    name: 'relations that only Prisma knows of',
    from: related(''),
    to: `${related('')}`.replace('userId Int?', 'userId Int?\n  @@index([userId])'),
    datasource: ['', 'relationMode = "prisma"'],
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'relations that the database knows of as well',
    from: `${related('')}`.replace('userId Int?', 'userId Int?\n  @@index([userId])'),
    to: related(''),
    datasource: ['relationMode = "prisma"', 'relationMode = "foreignKeys"'],
    rows: posts,
    expect: 'proven',
  },
  {
    name: 'drop a table that others refer to',
    from: related(''),
    to: 'model Post {\n  id Int @id\n  userId Int?\n}',
    rows: posts,
    expect: 'impossible',
    because: /Post_userId_fkey/,
  },
  {
    name: 'another key with a foreign key to it',
    from: withPosts('user User @relation(fields: [userId], references: [id])\n  userId Int').replace(
      'email String',
      'email Int',
    ),
    to: withPosts('user User @relation(fields: [userId], references: [email])\n  userId Int').replace(
      'email String',
      'email Int @unique',
    ),
    rows: 'INSERT INTO "User" (email) VALUES (1), (2), (3); INSERT INTO "Post" VALUES (1, 1);',
    expect: 'proven',
  },
]
