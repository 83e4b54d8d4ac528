import pg from 'pg'

export interface HeldSession extends AsyncDisposable {
  query(sql: string): Promise<unknown>
}

/** A session of somebody else: what it has locked stays locked until it is disposed of. */
export async function hold(url: string, sql: string): Promise<HeldSession> {
  const client = new pg.Client({ connectionString: url, application_name: 'somebody else' })
  // The server may be gone before the session is.
  client.on('error', () => undefined)
  await client.connect()
  await client.query(sql)
  return {
    query: (text) => client.query(text),
    [Symbol.asyncDispose]: () => client.end(),
  }
}
