import { readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type LabProject } from '../lab/prisma.ts'
import { query } from '../lab/query.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { badUrls, urlSecrets } from './bad-urls.ts'
import { additive, brokenProjects, init, initName, pendingName } from './broken-projects.ts'
import { stateOf } from './database-state.ts'
import { expectFailure, expectText, openScene, type Scene, type SceneRun } from './scene.ts'

let scene: Scene
let server: LabServer
/** Has `init` applied; every case gets a copy. */
const applied = 'applied'

const migrations = { [initName]: init, [pendingName]: additive }

beforeAll(async () => {
  scene = await openScene()
  server = await startServer(16, { settings: { autovacuum: 'off' } })
  const databaseUrl = await server.createDatabase(applied)
  await using project = await createProject({ prisma: 7, migrations: { [initName]: init } })
  const done = await project.prisma(['migrate', 'deploy'], { DATABASE_URL: databaseUrl })
  expect(done).toMatchObject({ exitCode: 0 })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await scene[Symbol.asyncDispose]()
})

describe('a connection URL', () => {
  let project: LabProject
  beforeAll(async () => {
    project = await createProject({ prisma: 7, migrations })
  })
  afterAll(() => project[Symbol.asyncDispose]())

  const run = (args: readonly string[], url: string | undefined) =>
    scene.run(args, {
      cwd: project.path,
      ...(url === undefined ? {} : { databaseUrl: url }),
      secrets: urlSecrets,
    })

  test.concurrent.each(badUrls)('%s stops plan and deploy', async (_title, url, code) => {
    expectFailure(await run(['plan', '--format', 'json'], url), code)
    const deployed = await run(['deploy'], url)
    expectFailure(deployed, code)
    expectText(deployed)
  })
})

let copies = 0
async function copyOfApplied(): Promise<string> {
  copies += 1
  const name = `copy_${copies}`
  await query(server.superuserUrl(), `CREATE DATABASE ${name} TEMPLATE ${applied} OWNER app_owner`)
  return name
}

function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password)
}

/** Runs the commands one after the other; none of them may leave a trace, in the database or in the project. */
async function untouched(
  database: string,
  project: LabProject,
  work: () => Promise<readonly SceneRun[]>,
): Promise<readonly SceneRun[]> {
  const url = server.superuserUrl(database)
  const [state, files] = [await stateOf(url), await listing(project.path)]
  const runs = await work()
  expect(await stateOf(url)).toEqual(state)
  expect(await listing(project.path)).toEqual(files)
  return runs
}

async function listing(path: string): Promise<readonly string[]> {
  return (await readdir(path, { recursive: true })).sort()
}

const onDatabase = [['plan', '--format', 'json'], ['deploy', '--prisma-engine', 'wasm'], ['doctor', '--format', 'json']]

describe('a project', () => {
  test.each(brokenProjects)('with $title stops every command that needs it', async ({ breakIt, code, names, check }) => {
    const database = await copyOfApplied()
    await using project = await createProject({ prisma: 7, migrations })
    await breakIt(project.path)
    const databaseUrl = server.ownerUrl(database)
    const options = { cwd: project.path, databaseUrl, secrets: [passwordOf(databaseUrl), 'vault81'] }
    const runs = await untouched(database, project, async () => {
      const done: SceneRun[] = []
      for (const args of onDatabase) done.push(await scene.run(args, options))
      if (check === 'fails too') done.push(await scene.run(['check'], { cwd: project.path }))
      else expect((await scene.run(['check'], { cwd: project.path })).exitCode).toBe(0)
      return done
    })
    for (const run of runs) {
      expectFailure(run, code)
      expect(`${run.result.failure?.what}\n${run.result.failure?.why}`).toContain(names)
    }
  })
})
