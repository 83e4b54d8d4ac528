import pg from 'pg'
import { openConnection } from './connection.ts'
import { type ConnectionSettings, readConnectionUrl } from './connection-url.ts'
import { EngineFailure } from './failures.ts'
import type { CliCommand } from './invocation.ts'

/** Does it and says so; throws an EngineFailure. */
export async function runCliCommand(command: CliCommand, url: string): Promise<string> {
  const settings = readConnectionUrl(url)
  if (command === 'create-database') {
    await createDatabase(settings)
    return `Database '${settings.database}' was successfully created.`
  }
  const client = await openConnection(settings)
  await client.end()
  return 'Connection successful'
}

/** Databases that a server is likely to have, to create another one from. */
const startingPoints = ['postgres', 'template1', 'defaultdb'] as const

export async function createDatabase(settings: ConnectionSettings): Promise<void> {
  const client = await connectToAny(settings)
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(settings.database)}`)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === '42P04' || code === '23505') {
      throw new EngineFailure('P1009', `Database \`${settings.database}\` already exists on the database server.`)
    }
    throw thrown
  } finally {
    await client.end()
  }
}

async function connectToAny(settings: ConnectionSettings): Promise<pg.Client> {
  for (const database of startingPoints) {
    try {
      return await openConnection({ ...settings, database, schema: undefined })
    } catch (thrown) {
      // Not there or not for this role: the next one may be. Anything else is the same for all of them.
      if (!(thrown instanceof EngineFailure && (thrown.code === 'P1003' || thrown.code === 'P1010'))) throw thrown
    }
  }
  const tried = startingPoints.join(', ')
  throw new EngineFailure('P3000', `The database cannot be created: no database to connect to first (tried ${tried}).`)
}
