import { expect, test } from 'vitest'
import { connect } from '../../../../src/postgres/connection.ts'
import { measureMachines } from '../../../../src/stages/rehearse/estimate/measure-machines.ts'
import { startServer } from '../../../lab/server.ts'
import { parsed } from '../../backup/lab-backup.ts'

test('a server is about as fast as itself, also for a role that may read nothing, and little data says nothing about its disk', async () => {
  await using server = await startServer(16)
  await using production = await connect(parsed(await server.createDatabase()))
  await using copy = await connect(parsed(server.superuserUrl()))
  await production.query('SET default_transaction_read_only = on')
  const measured = await measureMachines({ production, copy, backup: { tableBytes: 1_000, ms: 900 } })
  expect(measured.computing).toBeGreaterThan(0.1)
  expect(measured.computing).toBeLessThan(10)
  expect(measured.roundTripMs).toBeGreaterThan(0)
  expect(measured).toMatchObject({ commitMs: null, readMsPerMegabyte: null })
  const large = await measureMachines({ production, copy, backup: { tableBytes: 100 * 1_048_576, ms: 2_000 } })
  expect(large.readMsPerMegabyte).toBe(20)
})
