import type { Session } from '../../ports.ts'

export type Attempt<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'refused'; readonly because: string }

/** SQLSTATEs that end one question but not the backup: no privilege, query cancelled, lock not available, no such function. */
const answerable: ReadonlySet<string> = new Set(['42501', '57014', '55P03', '42883'])

/** In a savepoint, because an error would otherwise end the transaction and with it the snapshot. */
export async function attempt<Value>(
  session: Session,
  ask: () => Promise<Value>,
  isAnswer: (sqlState: string) => boolean = (sqlState) => answerable.has(sqlState),
): Promise<Attempt<Value>> {
  await session.query('SAVEPOINT attempt')
  try {
    const value = await ask()
    await session.query('ROLLBACK TO SAVEPOINT attempt')
    return { kind: 'done', value }
  } catch (thrown) {
    const { sqlState, message } = serverErrorIn(thrown)
    if (sqlState === undefined || !isAnswer(sqlState)) throw thrown
    await session.query('ROLLBACK TO SAVEPOINT attempt')
    return { kind: 'refused', because: message }
  }
}

/** The server's own error, which a session may have wrapped. */
function serverErrorIn(thrown: unknown): { readonly sqlState: string | undefined; readonly message: string } {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
    if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)) {
      return { sqlState: error.code, message: error.message }
    }
    error = error.cause
  }
  return { sqlState: undefined, message: String(thrown) }
}
