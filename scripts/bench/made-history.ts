/** A history as a growing Prisma project leaves one, made up but always the same: for the question of how time grows with length. */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface MadeMigration {
  readonly name: string
  readonly sql: string
}

/** Numbers that look random and are the same in every run (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const columnTypes = [
  'TEXT',
  'TEXT NOT NULL',
  'INTEGER',
  'BOOLEAN NOT NULL DEFAULT false',
  'JSONB',
  'TIMESTAMP(3)',
] as const

interface MadeTable {
  readonly name: string
  readonly columns: string[]
}

/** Tables, columns, indexes, foreign keys and enums come, some columns go, some data is moved: the statements Prisma writes. */
export function madeHistory(length: number): readonly MadeMigration[] {
  const random = randomFrom(20_261_121)
  const tables: MadeTable[] = []
  const enums: string[] = []
  let serial = 0
  const oneOf = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item
  const type = () => oneOf(columnTypes)

  const createTable = () => {
    const name = `Table${serial++}`
    const columns = Array.from({ length: 3 + random(9) }, () => `column${serial++}`)
    tables.push({ name, columns })
    const lines = ['"id" SERIAL NOT NULL', ...columns.map((column) => `"${column}" ${type()}`)]
    return `-- CreateTable\nCREATE TABLE "${name}" (\n    ${lines.join(',\n    ')},\n\n    CONSTRAINT "${name}_pkey" PRIMARY KEY ("id")\n);`
  }
  const createIndex = () => {
    const { name, columns } = oneOf(tables)
    const unique = random(3) === 0 ? 'UNIQUE ' : ''
    return `-- CreateIndex\nCREATE ${unique}INDEX "${name}_index${serial++}" ON "${name}"("${columns[0] ?? 'id'}");`
  }
  const addForeignKey = () => {
    const { name } = oneOf(tables)
    const key = serial++
    return `-- AddForeignKey\nALTER TABLE "${name}" ADD COLUMN "key${key}" INTEGER,\nADD CONSTRAINT "${name}_key${key}_fkey" FOREIGN KEY ("key${key}") REFERENCES "${oneOf(tables).name}"("id") ON DELETE SET NULL ON UPDATE CASCADE;`
  }
  const addColumns = () => {
    const { name, columns } = oneOf(tables)
    const added = Array.from({ length: 1 + random(3) }, () => `column${serial++}`)
    columns.push(...added)
    return `-- AlterTable\nALTER TABLE "${name}" ${added.map((column) => `ADD COLUMN     "${column}" ${type()}`).join(',\n')};`
  }
  const dropColumn = () => {
    const { name, columns } = oneOf(tables)
    const column = columns.length > 2 ? columns.pop() : undefined
    return column === undefined ? addColumns() : `-- AlterTable\nALTER TABLE "${name}" DROP COLUMN "${column}";`
  }
  const alterColumn = () => {
    const { name, columns } = oneOf(tables)
    const change = oneOf(['DROP NOT NULL', 'SET DEFAULT NULL', 'SET DATA TYPE TEXT'])
    return `-- AlterTable\nALTER TABLE "${name}" ALTER COLUMN "${columns[0] ?? 'id'}" ${change};`
  }
  const createEnum = () => {
    const name = `Enum${serial++}`
    enums.push(name)
    return `-- CreateEnum\nCREATE TYPE "${name}" AS ENUM ('FIRST', 'SECOND', 'THIRD');`
  }
  const addLabel = () =>
    enums.length === 0 ? createEnum() : `-- AlterEnum\nALTER TYPE "${oneOf(enums)}" ADD VALUE 'LABEL${serial++}';`
  const update = () => {
    const { name, columns } = oneOf(tables)
    return `UPDATE "${name}" SET "${columns[0] ?? 'id'}" = NULL WHERE "id" > ${random(1000)};`
  }
  // About as often as in public histories; a table is made in every fourth migration.
  const makers = [
    createIndex,
    createIndex,
    createIndex,
    addForeignKey,
    addForeignKey,
    addColumns,
    addColumns,
    addColumns,
  ]
  makers.push(dropColumn, alterColumn, alterColumn, createEnum, addLabel, update)

  return Array.from({ length }, (_, index) => {
    const statements = index % 4 === 0 ? [createTable()] : []
    const more = random(4) === 0 ? 4 + random(12) : 1 + random(5)
    for (let count = 0; count < more; count += 1) statements.push(oneOf(makers)())
    return { name: `${20_200_101_000_000 + index}_step`, sql: `${statements.join('\n\n')}\n` }
  })
}

/** As a migrations folder on disk. */
export async function writeHistory(folder: string, migrations: readonly MadeMigration[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n')
  for (const { name, sql } of migrations) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'migration.sql'), sql)
  }
}
