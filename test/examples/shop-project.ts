import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const shopFolder = fileURLToPath(new URL('../../examples/shop', import.meta.url))

export interface ShopMigration {
  readonly name: string
  readonly sql: string
}

export const history: readonly ShopMigration[] = migrationsIn(join(shopFolder, 'prisma/migrations'))

export const characters = [
  'additive',
  'backfill',
  'lock-heavy',
  'destructive',
  'fails-on-data',
  'rename',
  'index-concurrently',
] as const
export type Character = (typeof characters)[number]

export function pendingMigration(character: Character): ShopMigration {
  const [migration, ...others] = migrationsIn(join(shopFolder, 'pending', character))
  if (migration === undefined || others.length > 0) throw new Error(`pending/${character} must hold one migration`)
  return migration
}

export const seedSql = readFileSync(join(shopFolder, 'prisma/seed.sql'), 'utf8')

function migrationsIn(folder: string): readonly ShopMigration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
