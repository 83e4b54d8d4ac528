import pg, { type Client } from 'pg'
import { fileStatements } from '../../src/migrations/execution-statements.ts'
import { needsOwnTransaction, transactionRole } from '../../src/migrations/execution-transactions.ts'
import { openClient } from './fill.ts'
import { nothingSeen, Observer, type Seen } from './observer.ts'

/** As the plan has it: statements of one message are one transaction. */
export interface FileToRun {
  readonly name: string
  readonly together: boolean
  readonly statements: readonly { readonly index: number; readonly kind: string; readonly sql: string }[]
}

export interface Happened extends Seen {
  readonly migration: string
  readonly index: number
  /** With the end of its transaction where it is the last one in it. */
  readonly ms: number
}

export interface Refused {
  readonly migration: string
  readonly index: number
  readonly sqlState: string
  readonly message: string
}

export interface TargetRun {
  readonly happened: readonly Happened[]
  readonly refused: Refused | undefined
  readonly ms: number
}

/** The pending migrations on production itself, statement by statement, with clock and observer. */
export async function runOnTarget(url: string, files: readonly FileToRun[]): Promise<TargetRun> {
  await using client = await openClient(url)
  await using witness = await openClient(url)
  const observer = new Observer(client, witness)
  const happened: { -readonly [Key in keyof Happened]: Happened[Key] }[] = []
  const commit = async () => {
    const ms = await timed(client, 'COMMIT')
    const last = happened.at(-1)
    if (last !== undefined) last.ms += ms
  }
  for (const { name: migration, together, statements } of files) {
    await observer.newFile()
    let ours = false
    for (const { index, kind, sql } of statements) {
      const [statement] = fileStatements(sql)
      if (statement === undefined) continue
      try {
        if (isIdle(client)) observer.newTransaction()
        const role = transactionRole(statement)
        const alone = needsOwnTransaction(statement.words) !== undefined || role === 'work-in-steps'
        const ends = !together && !alone && role === 'work' && isIdle(client)
        if (isIdle(client) && (ends || (together && role !== 'begin'))) {
          await client.query('BEGIN')
          ours = true
        }
        if (role === 'begin') ours = false
        const opened = !isIdle(client)
        const ran = opened
          ? { ms: await timed(client, sql), polled: undefined }
          : await observer.whileItRuns(() => timed(client, sql))
        // SET TRANSACTION may follow, and is refused once something was asked.
        const seen = role === 'begin' ? nothingSeen : await observer.after({ kind, sql }, ran.polled)
        happened.push({ migration, index, ...seen, ms: ran.ms })
        if (ends) await commit()
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error
        if (!isIdle(client)) await client.query('ROLLBACK')
        const refused = { migration, index, sqlState: error.code ?? '', message: error.message }
        return { happened, refused, ms: sumOf(happened) }
      }
    }
    if (!isIdle(client)) {
      if (ours) await commit()
      else await client.query('ROLLBACK')
    }
  }
  return { happened, refused: undefined, ms: sumOf(happened) }
}

function sumOf(happened: readonly Happened[]): number {
  return happened.reduce((all, { ms }) => all + ms, 0)
}

async function timed(client: Client, sql: string): Promise<number> {
  const startedMs = performance.now()
  await client.query(sql)
  return performance.now() - startedMs
}

/** Not in the types (@types/pg 8.23). */
interface WithState {
  getTransactionStatus(): string | null
}

function isIdle(client: Client): boolean {
  const state = (client as unknown as WithState).getTransactionStatus()
  return state === 'I' || state === null
}
