import pg from 'pg'

/** One query on a connection of its own, with nothing of the program under test in between. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const { hostname, port, username, password, pathname } = new URL(url)
  // Taken apart here because node-postgres leaves some characters of a database name encoded (pg-connection-string 2).
  const client = new pg.Client({
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}
