import type { Session } from '../../../ports.ts'
import { decideRenames } from './decide-renames.ts'
import { decideReverse, type Reverse } from './decide-reverse.ts'
import type { Objects } from './objects.ts'
import { type Pairs, pairUp } from './pairs.ts'
import { readDependents } from './read-dependents.ts'
import { readObjects } from './read-objects.ts'
import { changingIn, type Difference, rebuiltTypesIn, retypedIn } from './reverse.ts'

/**
 * On the database that the migration was run on; leaves it as it is. The old names are given back first, in a transaction
 * that is rolled back, because then the server itself writes every definition with them.
 */
export async function generateReverse(
  session: Session,
  before: Objects,
  { now, pairs }: { readonly now: Objects; readonly pairs: Pairs },
): Promise<Reverse> {
  const renames = decideRenames(before, pairs)
  if (renames.length === 0) return decideReverse(await differenceTo(session, before, now))
  await session.query('BEGIN')
  try {
    for (const rename of renames) await session.query(rename)
    const difference = await differenceTo(session, before, await readObjects(session))
    const reverse = decideReverse(difference)
    return reverse.kind === 'sql' ? { ...reverse, statements: [...renames, ...reverse.statements] } : reverse
  } finally {
    await session.query('ROLLBACK')
  }
}

async function differenceTo(session: Session, before: Objects, now: Objects): Promise<Difference> {
  const pairs = pairUp(before, now)
  const retyped = retypedIn(pairs)
  const rebuiltTypes = rebuiltTypesIn(pairs)
  const dependents = await readDependents(session, changingIn(pairs, retyped, rebuiltTypes))
  return { before, now, pairs, retyped, rebuiltTypes, dependents }
}

/** All or nothing; a function may be written before the tables that its body names. */
export function undoFile(statements: readonly string[]): string {
  if (statements.length === 0) return ''
  const bodies = statements.some((sql) => /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b/.test(sql))
  const all = [...(bodies ? ['SET LOCAL check_function_bodies = off'] : []), ...statements]
  return `BEGIN;\n\n${all.map((sql) => `${sql};\n`).join('')}\nCOMMIT;\n`
}
