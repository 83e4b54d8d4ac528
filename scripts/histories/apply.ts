import { type Client, DatabaseError } from 'pg'
import type { ParsedStatement } from '../../src/sql/parse.ts'
import { backendPid } from '../../test/lab/backend-pid.ts'
import { locksWhileBlocked } from '../../test/sql/effects-truth/blocked.ts'
import {
  countsFor,
  differenceOf,
  type Look,
  look,
  type Onlookers,
  observeInTransaction,
  onlyOld,
  type Sighting,
} from '../../test/sql/effects-truth/observe.ts'
import { emptyAllTables, fillEmptyTables } from '../../test/truth/rows.ts'

export type Ran =
  | ({ readonly kind: 'observed' } & Sighting)
  /** It says where a transaction begins or ends. */
  | { readonly kind: 'control' }
  | { readonly kind: 'refused'; readonly because: string }

export interface Database {
  readonly client: Client
  readonly witness: Client
  readonly writer: Client
  /** Tables that take no made-up rows. */
  readonly notFilled: Set<number>
}

/**
 * Applies a migration as Prisma does from 7.4 on: every statement in a transaction of its own, unless the file opens one.
 * A statement that the rows stand against is tried again without any; one that is refused all the same is passed over.
 */
export async function applyMigration(
  database: Database,
  statements: readonly ParsedStatement[],
): Promise<readonly Ran[]> {
  const { client, witness } = database
  await client.query('DISCARD ALL')
  await fillEmptyTables(witness, database.notFilled)
  const old = await look(witness)
  const ran: Ran[] = []
  let left: Look | undefined = old
  let opened: number | undefined
  let emptied = false
  for (let at = 0; at < statements.length; at += 1) {
    const statement = statements[at]
    if (statement === undefined) break
    if (statement.kind === 'TransactionStmt') {
      ran[at] = await control(client, statement.sql)
      opened = (await inTransaction(client, witness)) ? (opened ?? at) : undefined
      left = undefined
      continue
    }
    const one = await observeOne(database, statement, { goesOn: opened !== undefined, old, left })
    if (one.kind === 'refused' && one.dataStandsAgainstIt && !emptied) {
      if (opened !== undefined) await client.query('ROLLBACK')
      await emptyAllTables(witness)
      emptied = true
      at = (opened ?? at) - 1
      opened = undefined
      left = undefined
      continue
    }
    ran[at] = one
    if (one.kind === 'observed') left = one.left
  }
  if (opened !== undefined) await client.query('ROLLBACK')
  return ran
}

async function control(client: Client, sql: string): Promise<Ran> {
  try {
    await client.query(sql)
    return { kind: 'control' }
  } catch (thrown) {
    return refusal(thrown)
  }
}

async function inTransaction(client: Client, witness: Client): Promise<boolean> {
  const { rows } = await witness.query<{ state: string }>('SELECT state FROM pg_stat_activity WHERE pid = $1', [
    backendPid(client),
  ])
  return rows[0]?.state !== 'idle'
}

type One = ({ readonly kind: 'observed' } & Sighting) | ReturnType<typeof refusal>

async function observeOne(
  database: Database,
  { kind, sql }: ParsedStatement,
  situation: Pick<Onlookers, 'old' | 'left' | 'goesOn'>,
): Promise<One> {
  const { client, witness } = database
  if (runsAlone(kind, sql)) return observeAlone(database, sql, situation)
  await client.query(situation.goesOn === true ? 'SAVEPOINT before_it' : 'BEGIN')
  try {
    const sighting = await observeInTransaction({ client, witness, ...situation }, sql)
    await client.query(situation.goesOn === true ? 'RELEASE before_it' : 'COMMIT')
    return { kind: 'observed', ...sighting }
  } catch (thrown) {
    await client.query(situation.goesOn === true ? 'ROLLBACK TO before_it' : 'ROLLBACK')
    return refusal(thrown)
  }
}

export function runsAlone(kind: string, sql: string): boolean {
  return kind === 'VacuumStmt' || (kind !== 'RefreshMatViewStmt' && /\bconcurrently\b/i.test(sql))
}

/** What runs in no transaction: its locks are seen while it waits for a writer, what it reads is not. */
async function observeAlone(
  database: Database,
  sql: string,
  { old, left: known }: Pick<Onlookers, 'old' | 'left'>,
): Promise<One> {
  const { witness } = database
  const before = onlyOld(known ?? (await look(witness)), old)
  const tables = before.relations.filter(({ kind }) => 'rp'.includes(kind))
  try {
    const locks = await locksWhileBlocked(
      database,
      tables.map(({ quoted }) => quoted),
      sql,
    )
    const left = await look(witness)
    const observed = {
      locks: before.relations
        .filter((one) => countsFor(sql, one))
        .flatMap(({ oid, name }) => (locks.has(oid) ? [`${name} ${locks.get(oid)}`] : []))
        .toSorted(),
      scans: [],
      ...differenceOf(before, left),
    }
    return { kind: 'observed', observed, held: new Map(), left }
  } catch (thrown) {
    return refusal(thrown)
  }
}

function refusal(thrown: unknown) {
  if (!(thrown instanceof DatabaseError)) throw thrown
  const code = thrown.code ?? ''
  const dataStandsAgainstIt = code.startsWith('22') || code.startsWith('23')
  return { kind: 'refused' as const, because: `${code} ${thrown.message}`, dataStandsAgainstIt }
}
