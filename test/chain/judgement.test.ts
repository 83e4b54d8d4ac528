import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { airlock, airlockJson } from './airlock.ts'

/** What a database, a git ref and a comment make of findings, from the command to the report. */

let server: LabServer
let project: LabProject
let databaseUrl: string

const init = `CREATE TABLE "Order" ("id" SERIAL PRIMARY KEY, "note" TEXT);
CREATE TABLE "Event" ("id" INT NOT NULL, "day" INT NOT NULL) PARTITION BY RANGE ("day");
CREATE TABLE "Event_1" PARTITION OF "Event" FOR VALUES FROM (1) TO (2);
CREATE TABLE "Event_2" PARTITION OF "Event" FOR VALUES FROM (2) TO (3);
CREATE TABLE "Tiny" ("id" INT NOT NULL, "note" TEXT);
`
const pending = `CREATE INDEX "Order_note_idx" ON "Order" ("note");
CREATE INDEX "Event_id_idx" ON "Event" ("id");
CREATE INDEX "Tiny_note_idx" ON "Tiny" ("note");
-- airlock: allow ban-drop-column because release 41 stopped reading it
ALTER TABLE "Tiny" DROP COLUMN "note";
`
const models =
  'model Order {\n  id Int @id @default(autoincrement())\n  note String?\n}\n\nmodel Tiny {\n  id Int @unique\n  note String?\n}\n'

beforeAll(async () => {
  server = await startServer(17)
  databaseUrl = await server.createDatabase('shop')
  project = await createProject({ prisma: 7, migrations: { '20240101000000_init': init }, schema: models })
  await project.writeFile(
    'airlock.yml',
    `version: 1
prisma: { engine: wasm }
thresholds: { large-table: 1MB }
rules: { non-atomic-migration: off }
environments:
  production: { backup: { strategy: none } }
  staging: { backup: { strategy: none }, thresholds: { large-table: 1GB }, rules: { create-index-blocks-writes: error } }
`,
  )
  await project.writeFile('.gitignore', 'node_modules\n.airlock\n')
  const git = (...args: string[]) => execFileSync('git', args, { cwd: project.path })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('-c', 'user.name=A', '-c', 'user.email=a@example.test', 'commit', '-q', '-m', 'release 41')
  const first = await airlockJson(['deploy'], { cwd: project.path, databaseUrl })
  if (first.result.outcome !== 'applied') throw new Error(first.stderr)
  await query(
    server.superuserUrl('shop'),
    `INSERT INTO "Order" ("note") SELECT repeat('x', 200) FROM generate_series(1, 12345);
     INSERT INTO "Event" SELECT n, 1 + n % 2 FROM generate_series(1, 60000) n;
     ANALYZE "Order"; ANALYZE "Event";`,
  )
  await project.addMigration('20240102000000_indexes', pending)
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const plan = async (...args: string[]) =>
  (await airlockJson(['plan', ...args], { cwd: project.path, databaseUrl })).result

describe('sizes of the live tables', () => {
  test('decide how severe it is to block writes while an index is built, partitions included', async () => {
    const { findings } = await plan()
    const indexes = findings.filter(({ rule }) => rule === 'create-index-blocks-writes')
    expect(indexes.map(({ severity, relation }) => [severity, relation])).toEqual([
      ['warning', 'public.Order'],
      ['warning', 'public.Event'],
      ['notice', 'public.Tiny'],
    ])
    expect(indexes[0]?.why).toMatch(/"Order" has \d\.\d MB and about 12 thousand rows\.$/)
    expect(indexes[1]?.why).toMatch(/"Event" has \d\.\d MB and about 60 thousand rows\.$/)
    expect(indexes[2]?.why).toMatch(/"Tiny" has 8\.0 kB and an unknown number of rows, which is less than 1\.0 MB/)
  })

  test('and what is a long lock; the threshold and the rules of the environment count', async () => {
    const [production, staging] = [await plan(), await plan('--environment', 'staging')]
    expect(production.reason).toMatch(/reads all of public\.Order of \d\.\d MB/)
    expect(production.reason).not.toMatch(/public\.Tiny of/)
    expect(staging.reason).not.toMatch(/reads all of/)
    const severities = staging.findings.filter(({ rule }) => rule === 'create-index-blocks-writes')
    expect(severities.map(({ severity }) => severity)).toEqual(['error', 'error', 'error'])
    expect(production.digest).not.toBe(staging.digest)
  })
})

describe('a comment that allows a finding', () => {
  test('moves it out of the findings with its reason, and the plan needs approval as before', async () => {
    const result = await plan()
    expect(result.findings.map(({ rule }) => rule)).not.toContain('ban-drop-column')
    expect(result.allowed).toMatchObject([
      { rule: 'ban-drop-column', line: 5, reason: 'release 41 stopped reading it' },
    ])
    expect(result.outcome).toBe('needs-approval')
    expect(result.reason).toMatch(/loses column public\.Tiny\.note/)
  })

  test('is told to people as well', async () => {
    const options = { cwd: project.path, databaseUrl }
    const text = await airlock(['check'], options)
    expect(text.stdout).toMatch(/allowed\[ban-drop-column\]: .*\n {2}because release 41 stopped reading it\n/)
    const markdown = await airlock(['check', '--format', 'markdown'], options)
    expect(markdown.stdout).toMatch(/- allowed: .* because release 41 stopped reading it/)
  })
})

describe('the release that is running', () => {
  test.each(['plan', 'check'])('is read from git by %s --base', async (command) => {
    const { result } = await airlockJson([command, '--base', 'HEAD'], { cwd: project.path, databaseUrl })
    const broken = result.findings.filter(({ rule }) => rule === 'breaks-running-release')
    expect(broken).toMatchObject([
      { line: 5, severity: 'error', message: expect.stringMatching(/HEAD.* Tiny\.note\./) },
    ])
    expect(result.stages.find(({ name }) => name === 'compatibility')).toMatchObject({
      outcome: 'fail',
      detail: { ref: 'HEAD', models: 2 },
    })
  })

  test('is not checked where nobody names one, and the report says so', async () => {
    const { stages } = await plan()
    expect(stages.find(({ name }) => name === 'compatibility')).toMatchObject({
      outcome: 'skipped',
      summary: expect.stringMatching(/^not checked: .*--base REF/),
    })
  })

  test('whose ref does not exist ends the run', async () => {
    const { exitCode, result } = await airlockJson(['check', '--base', 'v41'], { cwd: project.path })
    expect({ exitCode, code: result.failure?.code }).toEqual({ exitCode: 2, code: 'GIT.REF_NOT_FOUND' })
  })
})
