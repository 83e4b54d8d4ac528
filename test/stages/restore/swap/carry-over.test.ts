import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect } from '../../../../src/postgres/connection.ts'
import { carryOver, differencesBetween } from '../../../../src/stages/restore/swap/carry-over.ts'
import { type DatabaseProperties, readProperties } from '../../../../src/stages/restore/swap/properties.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { failureOf, parsed } from '../../backup/lab-backup.ts'
import { databasesOf, dropDatabases, rowIn, swap, twoDatabases } from './lab-swap.ts'

describe.each([14, 18] as const)('on PostgreSQL %i', (major) => {
  let server: LabServer

  beforeAll(async () => {
    server = await startServer(major)
    await query(
      server.superuserUrl(),
      `CREATE ROLE reader; CREATE ROLE "Odd ""one"; CREATE ROLE lender; GRANT lender, reader TO app_owner`,
    )
  })
  afterEach(() => dropDatabases(server))
  afterAll(() => server[Symbol.asyncDispose]())

  async function propertiesOf(name: string): Promise<DatabaseProperties> {
    await using session = await connect(parsed(server.superuserUrl()))
    const found = await readProperties(session, name)
    if (found === undefined) throw new Error(`no database ${name}`)
    return found
  }

  const everything = [
    `ALTER DATABASE shop SET search_path TO "$user", public, 'it''s, one "name"'`,
    `ALTER DATABASE shop SET statement_timeout TO '90s'`,
    `ALTER DATABASE shop SET app.secret TO 'a=b, c\\ ''d'''`,
    `ALTER DATABASE shop SET temp_tablespaces TO ''`,
    `ALTER DATABASE shop SET DateStyle TO 'ISO, DMY'`,
    `ALTER ROLE reader IN DATABASE shop SET work_mem TO '7MB'`,
    `ALTER ROLE "Odd ""one" IN DATABASE shop SET search_path TO ''`,
    `ALTER DATABASE shop CONNECTION LIMIT 90`,
    `ALTER DATABASE shop IS_TEMPLATE true`,
    `COMMENT ON DATABASE shop IS 'The one. It''s \\ ours'`,
    `REVOKE ALL ON DATABASE shop FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE shop TO reader WITH GRANT OPTION`,
    `GRANT TEMPORARY ON DATABASE shop TO "Odd ""one"`,
    `SET ROLE reader; GRANT CONNECT ON DATABASE shop TO lender; RESET ROLE`,
  ]

  test('a superuser gives the restored database all that belonged to the present one', async () => {
    await twoDatabases(server)
    for (const sql of everything) await query(server.superuserUrl(), sql)
    // What the restored one had of its own goes.
    await query(server.superuserUrl(), 'ALTER DATABASE shop_restored SET work_mem = 1234')
    await query(server.superuserUrl(), 'GRANT CREATE ON DATABASE shop_restored TO lender')
    const before = await propertiesOf('shop')
    expect(before.settings).toHaveLength(7)
    expect(before.privileges).toHaveLength(6)

    const { aside } = await swap(server.superuserUrl('shop'))
    const { oid, name, ...after } = await propertiesOf('shop')
    expect({ oid: before.oid, name: before.name, ...after }).toEqual(before)
    expect(oid).not.toBe(before.oid)
    expect(await propertiesOf(aside)).toEqual({ ...before, name: aside, allowsConnections: false })
    // As the server itself understands them, in a session of its own.
    expect(await query(server.superuserUrl('shop'), 'SHOW search_path')).toEqual([
      { search_path: `"$user", public, "it's, one ""name"""` },
    ])
    expect(await query(server.superuserUrl('shop'), `SELECT current_setting('app.secret') AS s`)).toEqual([
      { s: `a=b, c\\ 'd'` },
    ])
    expect(await rowIn(server.superuserUrl('shop'))).toBe('restored')
    await query(
      server.superuserUrl(),
      `ALTER DATABASE shop IS_TEMPLATE false; ALTER DATABASE "${aside}" IS_TEMPLATE false`,
    )
  })

  test('the owner alone, without a superuser, gives it what an owner may', async () => {
    const url = await twoDatabases(server)
    for (const sql of [
      `ALTER DATABASE shop SET timezone TO 'Europe/Berlin'`,
      `GRANT CREATE ON DATABASE shop TO reader`,
      `ALTER ROLE app_owner IN DATABASE shop SET work_mem TO '9MB'`,
      `COMMENT ON DATABASE shop IS 'mine'`,
    ]) {
      await query(url, sql)
    }
    const before = await propertiesOf('shop')
    await swap(url)
    const { oid, ...after } = await propertiesOf('shop')
    expect({ ...after, oid: before.oid }).toEqual(before)
    expect(oid).not.toBe(before.oid)
  })

  test('a setting that the role may not give stops the swap, and its value is not shown', async () => {
    const url = await twoDatabases(server)
    await query(server.superuserUrl(), `ALTER DATABASE shop SET log_min_duration_statement TO 987654`)
    const failure = await failureOf(swap(url))
    expect(failure).toMatchObject({
      code: 'RESTORE.CANNOT_SWAP',
      what: 'The setting log_min_duration_statement could not be given to "shop_restored". Nothing was swapped.',
      why: 'The server refused it (SQLSTATE 42501).',
    })
    expect(JSON.stringify(failure)).not.toContain('987654')
    expect(await databasesOf(server)).toEqual(['shop', 'shop_restored'])
    expect(await rowIn(url)).toBe('present')
    // It can be repeated by somebody who may, and is complete then.
    await swap(server.superuserUrl('shop'))
    expect((await propertiesOf('shop')).settings).toHaveLength(1)
  })

  test('a security label whose provider the server does not have stops the swap', async () => {
    await twoDatabases(server)
    await query(
      server.superuserUrl(),
      `INSERT INTO pg_shseclabel SELECT oid, 'pg_database'::regclass, 'selinux', 'secret' FROM pg_database WHERE datname = 'shop'`,
    )
    try {
      const failure = await failureOf(swap(server.superuserUrl('shop')))
      expect(failure).toMatchObject({
        code: 'RESTORE.CANNOT_SWAP',
        why: 'security label provider "selinux" is not loaded',
      })
    } finally {
      await query(server.superuserUrl(), 'DELETE FROM pg_shseclabel')
    }
  })

  test('another owner and privileges that nobody ever touched', async () => {
    await twoDatabases(server)
    await query(server.superuserUrl(), 'ALTER DATABASE shop OWNER TO reader')
    await query(server.superuserUrl(), 'REVOKE ALL ON DATABASE shop_restored FROM PUBLIC, app_owner')
    await swap(server.superuserUrl('shop'))
    const after = await propertiesOf('shop')
    expect(after.owner).toBe('reader')
    expect(
      await query(server.superuserUrl(), `SELECT has_database_privilege('lender', 'shop', 'CONNECT') AS may`),
    ).toEqual([{ may: true }])
  })

  test.runIf(major >= 15)('the tablespace of the present one', async () => {
    await twoDatabases(server)
    await query(server.superuserUrl(), `ALTER SYSTEM SET allow_in_place_tablespaces = on`)
    await query(server.superuserUrl(), 'SELECT pg_reload_conf()')
    await expect
      .poll(() =>
        query(server.superuserUrl(), `CREATE TABLESPACE "T s" OWNER app_owner LOCATION ''`).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await query(server.superuserUrl(), 'ALTER DATABASE shop SET TABLESPACE "T s"')
    await swap(server.superuserUrl('shop'))
    expect((await propertiesOf('shop')).tablespace).toBe('T s')
    expect(await rowIn(server.superuserUrl('shop'))).toBe('restored')
  })
})

const bare: DatabaseProperties = {
  oid: 1,
  name: 'a',
  owner: 'o',
  allowsConnections: true,
  connectionLimit: -1,
  isTemplate: false,
  tablespace: 'pg_default',
  comment: null,
  settings: [],
  privileges: null,
  labels: [],
}

describe('the differences between two databases', () => {
  test('each kind is named, and never a value', () => {
    const other: DatabaseProperties = {
      ...bare,
      owner: 'p',
      connectionLimit: 3,
      isTemplate: true,
      tablespace: 't',
      settings: [{ role: 'r', name: 'app.key', value: 'secret' }],
      privileges: [],
      labels: [{ provider: 'selinux', label: 'secret' }],
    }
    const named = differencesBetween(bare, other)
    expect(named).toEqual(
      expect.arrayContaining([
        'owner',
        'tablespace',
        'connection limit',
        'IS_TEMPLATE',
        'setting app.key of the role r',
        'privilege CONNECT of PUBLIC from o',
        'security label of selinux',
      ]),
    )
    expect(named.join()).not.toContain('secret')
  })

  test('privileges that were spelled out are the same as those that go without saying', () => {
    const spelled = [
      { grantor: 'o', grantee: 'o', privilege: 'TEMPORARY', grantable: false },
      { grantor: 'o', grantee: 'o', privilege: 'CREATE', grantable: false },
      { grantor: 'o', grantee: 'o', privilege: 'CONNECT', grantable: false },
      { grantor: 'o', grantee: null, privilege: 'TEMPORARY', grantable: false },
      { grantor: 'o', grantee: null, privilege: 'CONNECT', grantable: false },
    ]
    expect(differencesBetween(bare, { ...bare, privileges: spelled })).toEqual([])
    expect(differencesBetween(bare, { ...bare, privileges: spelled.slice(1) })).toEqual([
      'privilege TEMPORARY of o from o',
    ])
  })

  test('where nothing differs there is nothing to do', () => {
    expect(carryOver(bare, { ...bare, oid: 2, name: 'b' })).toEqual([])
  })
})
