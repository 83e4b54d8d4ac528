import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseClient } from '../../../../src/postgres/client-choice.ts'
import { labClients, labMachine } from '../../../lab/clients.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, postgresMajors, startServer } from '../../../lab/server.ts'
import { type TempFolder, tempFolder } from '../../../lab/temp.ts'
import { clientOf, dump, prove, scratchOn } from './lab-proof.ts'
import { richSchema } from './rich-schema.ts'

const choices = await Promise.all(
  postgresMajors.map(async (major) => ({ major, choice: chooseClient(await labClients(), major, await labMachine()) })),
)

describe.each(choices.filter(({ choice }) => choice.kind === 'found'))('PostgreSQL $major', ({ major }) => {
  let source: LabServer
  let scratch: LabServer
  let folder: TempFolder
  let url: string
  beforeAll(async () => {
    folder = await tempFolder()
    ;[source, scratch] = await Promise.all([startServer(major), startServer(major)])
    await source.createDatabase('rich')
    url = source.superuserUrl('rich')
    for (const script of richSchema(major)) await query(url, script)
  })
  afterAll(async () => {
    await Promise.all([source[Symbol.asyncDispose](), scratch[Symbol.asyncDispose]()])
    await folder[Symbol.asyncDispose]()
  })

  it.each(['custom', 'directory'])(
    'everything survives a dump in the format %s, hash for hash, while others write at full speed',
    async (format) => {
      const client = await clientOf(major)
      const target = await scratchOn(scratch)
      const path = join(folder.path, `rich.${format}`)
      const { value: dumped, transactions } = await whileWriting(url, () => dump(url, client, path, format))
      expect(transactions).toBeGreaterThan(0)
      {
        await using copy = await prove(url, target, dumped, { client, folder: folder.path })
        expect(copy.comparison).toMatchObject({ differences: [], notRead: [], largeObjects: 3 })
        expect(copy.tier).toBe('compared')
        expect(copy.comparison?.rows).toBeGreaterThan(23_000)
        expect(copy.comparison?.sequences).toBe(5)
        expect(copy.notChecked).toContain('public.summary: a materialized view, filled again by a restore')
        const name = copy.databaseUrl.database
        expect(await query(scratch.superuserUrl(name), 'SELECT count(*)::int AS n FROM admins')).toEqual([{ n: 1336 }])
      }
      const left = await query(
        scratch.superuserUrl(),
        `SELECT datname AS name FROM pg_database WHERE datname LIKE 'airlock%' UNION ALL SELECT rolname FROM pg_roles WHERE rolname IN ('writer', 'report er', 'event_owner')`,
      )
      expect(left).toEqual([])
    },
  )
})

/** Transactions of the kind pgbench runs, on two connections, for as long as the work takes. */
async function whileWriting<Value>(url: string, work: () => Promise<Value>) {
  let writing = true
  let transactions = 0
  const write = async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      while (writing) {
        const aid = 1 + Math.floor(Math.random() * 20_000)
        await client.query(
          `BEGIN; UPDATE bench_accounts SET abalance = abalance + 7 WHERE aid = ${aid}; INSERT INTO bench_history (aid, delta) VALUES (${aid}, 7);
           SELECT nextval('busy'); INSERT INTO event VALUES (nextval('busy') + 1000, '2026-02-03'); DELETE FROM event WHERE id % 7 = ${aid % 7} AND id < 400; COMMIT`,
        )
        transactions += 1
      }
    } finally {
      await client.end()
    }
  }
  const writers = [write(), write()]
  try {
    return { value: await work(), transactions }
  } finally {
    writing = false
    await Promise.all(writers)
  }
}
