import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../../src/postgres/connection.ts'
import { readGlobals } from '../../../src/stages/backup/globals.ts'
import { query } from '../../lab/query.ts'
import { type LabServer, startServer } from '../../lab/server.ts'
import { parsed } from './lab-backup.ts'

const majors = [14, 18] as const
const servers = new Map<number, LabServer>()
beforeAll(async () => {
  for (const major of majors) servers.set(major, await startServer(major))
})
afterAll(() => Promise.all([...servers.values()].map((server) => server[Symbol.asyncDispose]())))

const setUp = [
  `CREATE ROLE "the reader" NOLOGIN`,
  `CREATE ROLE app LOGIN CONNECTION LIMIT 7 PASSWORD 'never shown'`,
  `CREATE ROLE stranger`,
  `GRANT "the reader" TO app WITH ADMIN OPTION`,
  `GRANT pg_read_all_data TO app`,
  `CREATE TABLE t (i int)`,
  `GRANT SELECT ON t TO "the reader"`,
  `ALTER TABLE t OWNER TO app`,
]

async function readFrom(url: string) {
  await using session = await connect(parsed(url))
  return await readGlobals(session)
}

describe.each(majors)('PostgreSQL %i', (major) => {
  const server = (): LabServer => {
    const found = servers.get(major)
    if (found === undefined) throw new Error('not started')
    return found
  }

  it('what belongs to a database outside of it is SQL that makes the same on another server, without a password', async () => {
    await server().createDatabase('globals "one"')
    const url = server().superuserUrl('globals "one"')
    for (const statement of setUp) await query(url, statement)
    await query(url, `GRANT CONNECT ON DATABASE "globals ""one""" TO "the reader" WITH GRANT OPTION`)
    await query(url, `ALTER DATABASE "globals ""one""" SET search_path TO "$user", "a ""b", public`)
    await query(url, `ALTER DATABASE "globals ""one""" SET work_mem TO '8MB'`)
    await query(url, `ALTER ROLE app IN DATABASE "globals ""one""" SET application_name TO E'it''s \\\\ here'`)
    const globals = await readFrom(url)
    expect(JSON.stringify(globals)).not.toMatch(/never shown|SCRAM|stranger/)
    expect(globals.roles.map((sql) => sql.split(' ').slice(0, 3).join(' '))).toEqual([
      'CREATE ROLE "app"',
      'CREATE ROLE "app_owner"',
      'CREATE ROLE "the',
    ])

    await query(url, `ALTER DATABASE "globals ""one""" SET app.jwt_secret TO 'never shown either'`)
    const withSecret = await readFrom(url)
    expect(JSON.stringify(withSecret)).not.toContain('never shown')
    expect(withSecret.settings).toContain(
      '-- not in the backup, because its value may be a secret: "app.jwt_secret" of the database',
    )
    await query(url, `ALTER DATABASE "globals ""one""" RESET app.jwt_secret`)

    await using other = await startServer(major)
    await other.createDatabase('copy')
    const copyAdmin = other.superuserUrl('copy')
    for (const sql of [...globals.roles, ...globals.memberships, ...globals.settings, ...globals.grants]) {
      if (sql.startsWith('CREATE ROLE "app_owner"')) continue
      await query(copyAdmin, sql.replace('NEW_DATABASE', 'copy'))
    }
    for (const statement of setUp.filter((sql) => !/ROLE|^GRANT ("the reader"|pg_)/.test(sql) || /ON t/.test(sql)))
      await query(copyAdmin, statement)
    expect(await readFrom(copyAdmin)).toEqual(globals)
  })
})
