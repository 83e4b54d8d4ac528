import pg from 'pg'
import { type PostgresMajor, startServer } from '../../lab/server.ts'
import { setup } from './model.ts'

/** A server on which setup.sql has run, with one connection that runs statements and one that looks on. */
export interface TruthBench extends AsyncDisposable {
  readonly client: pg.Client
  readonly witness: pg.Client
  connect(): Promise<pg.Client>
}

export async function truthBench(major: PostgresMajor): Promise<TruthBench> {
  const server = await startServer(major)
  const connect = async (database = 'truth') => {
    const connected = new pg.Client({ connectionString: server.superuserUrl(database) })
    await connected.connect()
    return connected
  }
  const first = await connect('postgres')
  await first.query('CREATE DATABASE truth')
  await first.end()
  const client = await connect()
  const witness = await connect()
  await client.query("SET timezone = 'Europe/Berlin'")
  await client.query(setup)
  return {
    client,
    witness,
    connect,
    [Symbol.asyncDispose]: async () => {
      await client.end()
      await witness.end()
      await server[Symbol.asyncDispose]()
    },
  }
}
