import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type LabProject, type Ran } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { type Character, history, pendingMigration, seedSql, shopFolder } from './shop-project.ts'

/** The shop with the real Prisma CLI: its history, its schema and what Prisma would generate itself. */

let server: LabServer
let project: LabProject
/** A database that Prisma brought from nothing to the end of the history. */
let url: string
let deployed: Ran

beforeAll(async () => {
  server = await startServer(17)
  const files = ['prisma/schema.prisma', 'prisma.config.ts', 'prisma/migrations/migration_lock.toml']
  project = await createProject({
    prisma: 7,
    migrations: Object.fromEntries(history.map(({ name, sql }) => [name, sql])),
    files: Object.fromEntries(files.map((file) => [file, readFileSync(join(shopFolder, file), 'utf8')])),
  })
  url = await server.createDatabase('migrated')
  deployed = await prisma(url, 'migrate', 'deploy')
})

afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

async function prisma(url: string, ...args: readonly string[]) {
  return project.prisma(args, { DATABASE_URL: url })
}

describe('the history', () => {
  test('applied by Prisma to an empty database, it gives exactly schema.prisma', async () => {
    expect(deployed).toMatchObject({ exitCode: 0 })
    const compared = await prisma(
      url,
      ...['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code'],
    )
    expect(compared.stdout).toContain('No difference detected')
    expect(compared.exitCode).toBe(0)
  })

  test('the comparison notices a column that the history does not have', async () => {
    await project.writeFile('other.prisma', schema.replace('phone ', 'mobile '))
    const compared = await prisma(
      url,
      ...['migrate', 'diff', '--from-config-datasource', '--to-schema', 'other.prisma', '--exit-code'],
    )
    expect(compared.exitCode).toBe(2)
  })
})

const schema = readFileSync(join(shopFolder, 'prisma/schema.prisma'), 'utf8')

/** What somebody wrote into schema.prisma before Prisma generated the migration. */
const changes: Readonly<Record<string, (before: string) => string>> = {
  additive: (before) =>
    after(before, '  placedAt   DateTime    @default(now())\n', '  note       String?\n')
      .replace('  orders    Order[]\n', '  orders    Order[]\n  reviews   Review[]\n')
      .replace('  items       OrderItem[]\n', '  items       OrderItem[]\n  reviews     Review[]\n')
      .concat(`
model Review {
  id        Int      @id @default(autoincrement())
  user      User     @relation(fields: [userId], references: [id])
  userId    Int
  product   Product  @relation(fields: [productId], references: [id])
  productId Int
  stars     Int
  text      String?
  createdAt DateTime @default(now())

  @@unique([userId, productId])
}
`),
  'lock-heavy': (before) =>
    before
      .replace(
        '  warehouseId    Int?\n',
        '  warehouse      Warehouse @relation(fields: [warehouseId], references: [id])\n  warehouseId    Int\n\n  @@index([warehouseId])\n',
      )
      .replace('  city String\n', '  city String\n  items OrderItem[]\n'),
  destructive: (before) =>
    before
      .replace(/^ {2}coupon .*\n {2}couponId .*\n/m, '')
      .replace(/^ {2}legacyCode .*\n/m, '')
      .replace(/^model Coupon \{[^}]*\}\n/m, ''),
  'fails-on-data': (before) =>
    after(before, '  amountCents Int\n', '  settledAt   DateTime?\n\n  @@unique([provider, reference])\n'),
  rename: (before) => before.replace('  name      String?\n  phone', '  fullName  String?\n  phone'),
}

function after(text: string, line: string, added: string): string {
  return text.replace(line, `${line}${added}`)
}

describe('the pending migrations', () => {
  test.each(Object.entries(changes))(
    '%s is what Prisma generates for the change of schema.prisma',
    async (character, change) => {
      const changed = change(schema)
      expect(changed).not.toBe(schema)
      await project.writeFile(`${character}.prisma`, changed)
      const generated = await prisma(
        url,
        ...['migrate', 'diff', '--from-config-datasource', '--to-schema', `${character}.prisma`, '--script'],
      )
      expect(generated.stderr).not.toContain('Error')
      const { sql } = pendingMigration(character as Character)
      expect(sql.replace(/^\/\*[\s\S]*?\*\/\n/, '').trim()).toBe(generated.stdout.trim())
    },
  )

  test('fails-on-data, deployed by Prisma 7.10, leaves its first statement and a failed row behind', async () => {
    await query(server.superuserUrl(), 'CREATE DATABASE failing TEMPLATE migrated OWNER app_owner')
    const copy = server.ownerUrl('failing')
    const client = new pg.Client({ connectionString: copy })
    await client.connect()
    try {
      await client.query(seedSql)
      const { name, sql } = pendingMigration('fails-on-data')
      await project.addMigration(name, sql)
      const ran = await prisma(copy, 'migrate', 'deploy')
      expect(ran.exitCode).not.toBe(0)
      expect(`${ran.stdout}${ran.stderr}`).toContain('23505')
      const { rows: columns } = await client.query(
        `SELECT 1 FROM information_schema.columns WHERE table_name = 'Payment' AND column_name = 'settledAt'`,
      )
      expect(columns).toHaveLength(1)
      const { rows: history } = await client.query(
        'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
      )
      expect(history).toEqual([{ migration_name: name }])
    } finally {
      await client.end()
    }
  })
})
