import { type PrismaKind, user, users } from './kind.ts'

const roles = (labels: string, fields = 'role Role @default(A)') =>
  user(fields, `enum Role {\n ${labels.split(' ').join('\n ')}\n}`)

export const enumKinds: readonly PrismaKind[] = [
  {
    name: 'labels of an enum in another order',
    from: roles('A B C'),
    to: roles('C B A'),
    rows: users,
    expect: 'nothing',
  },
  { name: 'several labels for an enum', from: roles('A B'), to: roles('A B C D E'), rows: users, expect: 'proven' },
  {
    name: 'a label of an enum by another name, which no row has',
    from: roles('A B'),
    to: roles('A C'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'a label of an enum by another name, which rows have',
    from: roles('A B'),
    to: roles('C B', 'role Role @default(B)'),
    rows: users,
    expect: 'not-proven',
    because: /The migration itself fails/,
  },
  {
    name: '@map of a label',
    from: roles('A B'),
    to: user('role Role @default(A)', 'enum Role {\n A\n B @map("b")\n}'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'a label goes and one comes, in two tables and a list',
    from: roles('A B C', 'role Role @default(A)\n roles Role[]').concat('model Other {\n id Int @id\n role Role\n}\n'),
    to: roles('A B D', 'role Role @default(A)\n roles Role[]').concat('model Other {\n id Int @id\n role Role\n}\n'),
    rows: `${users} INSERT INTO "Other" VALUES (1, 'B');`,
    expect: 'proven',
  },
  {
    name: 'the default of an enum',
    from: roles('A B'),
    to: roles('A B', 'role Role @default(B)'),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'an enum becomes text',
    from: roles('A B'),
    to: user('role String @default("A")'),
    rows: users,
    expect: 'lossy',
    loses: ['public.User.role 0'],
  },
  {
    name: 'an enum that no column has goes',
    from: roles('A B', ''),
    to: user(''),
    rows: users,
    expect: 'proven',
  },
  {
    name: 'an enum becomes another',
    from: roles('A B').concat('enum Kind {\n A\n B\n}\n'),
    to: roles('A B', 'role Kind @default(A)').concat('enum Kind {\n A\n B\n}\n'),
    rows: users,
    expect: 'lossy',
    loses: ['public.User.role 0'],
  },
  {
    name: 'a list of an enum gets a default',
    from: roles('A B', 'roles Role[]'),
    to: roles('A B', 'roles Role[] @default([A, B])'),
    rows: users,
    expect: 'proven',
  },
]
