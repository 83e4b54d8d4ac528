import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../../src/postgres/connection.ts'
import { type DatabaseProperties, readProperties } from '../../../../src/stages/restore/swap/properties.ts'
import { verifySwap } from '../../../../src/stages/restore/swap/verify.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { failureOf, parsed } from '../../backup/lab-backup.ts'
import { swap, swapRequest, twoDatabases } from './lab-swap.ts'

let server: LabServer

beforeAll(async () => {
  server = await startServer(16)
})
afterAll(() => server[Symbol.asyncDispose]())

async function propertiesOf(name: string): Promise<DatabaseProperties> {
  await using session = await connect(parsed(server.superuserUrl()))
  const found = await readProperties(session, name)
  if (found === undefined) throw new Error(`no database ${name}`)
  return found
}

test('a swap that is not in the catalog, or not all of it, is never called done', async () => {
  const url = await twoDatabases(server)
  const [present, target] = [await propertiesOf('shop'), await propertiesOf('shop_restored')]
  await using before = await connect(parsed(url))
  const connections = await swapRequest(url, before)
  const outcome = { database: 'shop', aside: 'shop_before', present, target }
  expect(await failureOf(verifySwap(connections, outcome))).toMatchObject({
    code: 'RESTORE.SWAP_UNVERIFIED',
    why: '"shop" is not the restored database.',
    next: expect.arrayContaining(['BEGIN;', 'COMMIT;']),
  })

  const { aside } = await swap(url)
  await verifySwap(connections, { ...outcome, aside })
  await query(
    server.superuserUrl(),
    `ALTER DATABASE shop CONNECTION LIMIT 7; ALTER DATABASE "${aside}" ALLOW_CONNECTIONS true`,
  )
  const failure = await failureOf(verifySwap(connections, { ...outcome, aside }))
  expect(failure.why).toBe(`"shop": connection limit is not as before.\n"${aside}" is not shut.`)
})
