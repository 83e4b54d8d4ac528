import { createView, functions, hangingOn, remarks, sequences, typeStatements, viewStatements } from './about-others.ts'
import {
  alterTable,
  createIndex,
  createTable,
  dropTable,
  inheritance,
  onIndex,
  partitions,
  renames,
  rows,
  truncate,
} from './about-tables.ts'
import type { Family } from './family.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

const families: readonly (readonly [weight: number, Family])[] = [
  [40, alterTable],
  [4, renames],
  [5, createTable],
  [4, partitions],
  [2, inheritance],
  [3, dropTable],
  [3, truncate],
  [6, createIndex],
  [5, onIndex],
  [3, createView],
  [5, viewStatements],
  [6, typeStatements],
  [4, sequences],
  [6, hangingOn],
  [3, functions],
  [12, rows],
  [4, remarks],
]

const total = families.reduce((sum, [weight]) => sum + weight, 0)

function randomPlain(world: World, random: Random): string | undefined {
  let left = random.below(total)
  for (const [weight, family] of families) {
    if (left < weight) return world.tables.length === 0 ? undefined : family(world, random)
    left -= weight
  }
  return undefined
}

/** Now and then in a DO block, where it may stand in a branch, behind a handler or in a string. */
export function randomStatement(world: World, random: Random): string | undefined {
  const statement = randomPlain(world, random)
  if (statement === undefined || random.percent(92) || statement.startsWith('SELECT')) return statement
  if (statement.startsWith('WITH') || statement.includes('$$')) return statement
  // A GRANT and the check of a function's body look at tables without blocking anybody, and nobody says so inside of a block.
  if (/^(GRANT|REVOKE|CREATE FUNCTION)/.test(statement)) return statement
  return random.pick([
    `DO $$ BEGIN ${statement}; END $$`,
    `DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'nope') THEN ${statement}; END IF; END $$`,
    `DO $$ BEGIN IF true THEN ${statement}; END IF; END $$`,
    `DO $$ BEGIN ${statement}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `DO $$ BEGIN EXECUTE '${statement.replaceAll("'", "''")}'; END $$`,
  ])
}
