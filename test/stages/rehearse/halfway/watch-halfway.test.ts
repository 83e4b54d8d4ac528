import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultConfig } from '../../../../src/config.ts'
import { openSource } from '../../../../src/migrations/open-source.ts'
import { connectWithoutLimits } from '../../../../src/postgres/connection.ts'
import { watchHalfway } from '../../../../src/stages/rehearse/halfway/watch-halfway.ts'
import { traceMigrations } from '../../../../src/stages/rehearse/trace/perform.ts'
import { openSubjectSession } from '../../../../src/stages/rehearse/trace/subject.ts'
import { createProject, type LabProject } from '../../../lab/prisma.ts'
import { query } from '../../../lab/query.ts'
import { type LabServer, startServer } from '../../../lab/server.ts'
import { parsed, plannedFor } from '../trace/lab-trace.ts'

let server: LabServer
let project: LabProject
beforeAll(async () => {
  server = await startServer(17, { settings: { fsync: 'off', jit: 'off', autovacuum: 'off' } })
  project = await createProject({ prisma: 7, migrations: files })
})
afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

const files = {
  '1_first': 'CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int);\n',
  '2_block':
    'BEGIN;\nALTER TABLE a ADD COLUMN c int;\nALTER TABLE b ADD COLUMN d int;\nCOMMIT;\nSET lock_timeout = 0;\nCREATE INDEX i ON a (c);\n',
  '3_rows': 'INSERT INTO a VALUES (1, 1), (2, 2);\nUPDATE a SET c = 3;\nDELETE FROM a WHERE id = 2;\n',
  '4_names':
    'ALTER TABLE a RENAME TO z;\nCREATE TABLE a (id int);\nALTER TABLE b DROP COLUMN d;\nALTER TABLE b ADD COLUMN e int;\n',
  '5_index': 'CREATE INDEX CONCURRENTLY j ON z (c);\n',
  '6_history': 'ALTER TABLE b ADD COLUMN f int;\nDELETE FROM _prisma_migrations WHERE false;\n',
  '7_whole': 'BEGIN;\nALTER TABLE b ADD COLUMN g int;\nUPDATE z SET c = 4;\nCOMMIT;\n',
}

test('every place where a file of each shape can end is looked at once, and what is said of it is true; the history is as it was', async () => {
  const url = parsed(await server.createDatabase())
  const source = await openSource({ cwd: project.path, migrations: undefined }, defaultConfig)
  if (source.kind !== 'prisma') throw new Error('the project is one of Prisma')
  const reading = await source.readFolder()
  if (reading.kind !== 'read') throw new Error('its migrations cannot be read')
  const checksums = new Map(reading.folder.migrations.map(({ name, checksum }) => [String(name), checksum]))
  const planned = await plannedFor(url, Object.values(files), 'split')
  const migrations = planned.map((one, at) => {
    const name = Object.keys(files)[at] ?? ''
    return { ...one, name, checksum: checksums.get(name) ?? '' }
  })
  await using session = await connectWithoutLimits(url)
  const watched = await watchHalfway({ url, source, session, migrations })
  const signal = new AbortController().signal
  const trace = await traceMigrations({
    migrations,
    apply: 'prisma',
    openSubject: (onNotice) => openSubjectSession(url, {}, signal, onNotice),
    openWitness: () => connectWithoutLimits(url),
    countBudgetMs: 1_000,
    around: watched,
  })
  expect(trace.stopped).toBeUndefined()
  const halfway = watched.halfway()
  const seen = halfway.map(({ migration, states }) => [
    migration,
    states.map(({ inForce, of, killed, refused }) => `${inForce}/${of} ${killed.next} ${refused?.next ?? ''}`.trim()),
  ])
  expect(Object.fromEntries(seen)).toEqual({
    '1_first': ['0/2 again again', '1/2 person person', '2/2 recorded'],
    '2_block': ['0/3 again again', '2/3 person person', '3/3 recorded'],
    '3_rows': ['0/3 person person', '1/3 person person', '2/3 person person', '3/3 person'],
    '4_names': ['0/4 again again', '1/4 person person', '2/4 person person', '3/4 person person', '4/4 recorded'],
    '5_index': ['0/1 again again', '1/1 recorded'],
    '6_history': [],
    '7_whole': ['0/2 again again', '2/2 recorded'],
  })
  expect(
    halfway
      .flatMap(({ states }) => states.flatMap(({ killed, refused }) => [killed, refused]))
      .filter((one) => one?.wrong),
  ).toEqual([])
  expect(halfway.filter(({ notTried }) => notTried.length > 0).map(({ migration }) => migration)).toEqual([
    '5_index',
    '6_history',
  ])
  const [block] = halfway.filter(({ migration }) => migration === '2_block')
  expect(block?.states[1]).toMatchObject({
    line: 4,
    killed: { says: 'In force are its statements up to line 3. Not in force are its statements from line 6 on.' },
  })
  expect(await query(server.superuserUrl(url.database), 'SELECT FROM _prisma_migrations')).toEqual([])
})
