import type { Session } from '../ports.ts'

/**
 * Several questions about one moment: what is committed in between shows in none of the answers. Without compiling
 * expressions, because each question is asked once; and however long the answers are thought about.
 */
export async function inOneMoment<Value>(session: Session, work: () => Promise<Value>): Promise<Value> {
  await session.query(
    'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off; SET LOCAL idle_in_transaction_session_timeout = 0',
  )
  try {
    const value = await work()
    await session.query('COMMIT')
    return value
  } catch (thrown) {
    // What failed is told, not that its transaction could not be ended on a connection that is gone.
    await session.query('ROLLBACK').catch(() => undefined)
    throw thrown
  }
}
