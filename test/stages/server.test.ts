import { describe, expect, test } from 'vitest'
import { connect } from '../../src/postgres/connection.ts'
import { parseDatabaseUrl } from '../../src/postgres/url.ts'
import {
  readServer,
  refuseOtherStrings,
  refuseReadOnly,
  refuseVersion,
  type ServerFacts,
} from '../../src/stages/preflight/server.ts'
import { query } from '../lab/query.ts'
import { startServer } from '../lab/server.ts'

const server: ServerFacts = {
  versionNumber: 170_010,
  version: '17.10',
  user: 'app "owner"',
  inRecovery: false,
  readOnly: false,
  conformingStrings: true,
}

function url() {
  const parsed = parseDatabaseUrl('postgresql://app:pw@localhost/shop', 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  return parsed.url
}

describe('the version of the server', () => {
  test.each([130_022, 90_624])('%i is refused with the oldest that is supported', (versionNumber) => {
    expect(() => refuseVersion({ ...server, versionNumber })).toThrow(/DATABASE\.UNSUPPORTED/)
  })

  test.each([140_000, 180_004, 190_000])('%i is let through', (versionNumber) => {
    expect(() => refuseVersion({ ...server, versionNumber })).not.toThrow()
  })
})

describe('a server that accepts no writes', () => {
  test('is refused as a replica', () => {
    expect(() => refuseReadOnly({ ...server, inRecovery: true, readOnly: true }, url())).toThrow(/DATABASE\.READ_ONLY/)
  })

  test('is refused for a role that may only read, with the statement that lets it write', () => {
    const read = () => refuseReadOnly({ ...server, readOnly: true }, url())
    expect(read).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({
          next: ['Let this role write: ALTER ROLE "app ""owner""" SET default_transaction_read_only = off;'],
        }),
      }),
    )
  })

  test('is none that does', () => {
    expect(() => refuseReadOnly(server, url())).not.toThrow()
  })
})

describe('a database that reads backslashes in strings as escapes', () => {
  test('is refused, whoever set it, and the statement that is printed lets it through', async () => {
    await using lab = await startServer(17)
    const owner = await lab.createDatabase('shop')
    await query(lab.superuserUrl('shop'), 'ALTER DATABASE shop SET standard_conforming_strings = off')
    const parsed = parseDatabaseUrl(owner, 'DATABASE_URL')
    if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
    const look = async () => {
      await using session = await connect(parsed.url)
      return await readServer(session)
    }
    const before = await look()
    expect(() => refuseOtherStrings(before, parsed.url)).toThrow(/DATABASE\.UNSUPPORTED/)
    await query(owner, 'ALTER DATABASE "shop" RESET standard_conforming_strings;')
    const after = await look()
    expect(() => refuseOtherStrings(after, parsed.url)).not.toThrow()
  })
})
