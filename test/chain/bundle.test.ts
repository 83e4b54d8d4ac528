import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type NodeMajor, nodeBinary, nodeMajors } from '../lab/node.ts'
import { createProject } from '../lab/prisma.ts'
import { type LabServer, startServer } from '../lab/server.ts'
import { airlock, airlockJson, bundle } from './airlock.ts'

let server: LabServer
let alone: string

beforeAll(async () => {
  server = await startServer(15)
  alone = await mkdtemp(join(tmpdir(), 'airlock-bundle-'))
  await cp(bundle, alone, { recursive: true })
})
afterAll(async () => {
  await rm(alone, { recursive: true, force: true })
  await server[Symbol.asyncDispose]()
})

const migrations = {
  '20240101000000_init': 'CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT NOT NULL);\n',
  '20240102000000_phone': 'ALTER TABLE "User" ADD COLUMN "phone" TEXT;\n',
}

test('dist/ is flat: modules, the WebAssembly files they need and their licences, nothing else', async () => {
  const names = await readdir(alone)
  expect(names.filter((name) => name !== 'LICENSES.txt' && !/\.(mjs|wasm)$/.test(name))).toEqual([])
  expect(names).toEqual(expect.arrayContaining(['airlock.mjs', 'action.mjs', 'schema-engine.mjs', 'libpg-query.wasm']))
})

describe.each(nodeMajors)('the bundle alone in an empty folder, on Node.js %i', (major: NodeMajor) => {
  test('checks, deploys and finds nothing left to do', async () => {
    const node = await nodeBinary(major)
    await using project = await createProject({ prisma: 7, migrations })
    const databaseUrl = await server.createDatabase()
    const run = (args: readonly string[]) => airlockJson(args, { cwd: project.path, databaseUrl, node, bundle: alone })

    expect((await run(['check'])).result).toMatchObject({ outcome: 'clear', command: 'check' })
    const deployed = await run(['deploy', '--prisma-engine', 'wasm'])
    expect(deployed.result).toMatchObject({ outcome: 'applied', applied: Object.keys(migrations) })
    expect(deployed.exitCode).toBe(0)
    expect((await run(['deploy'])).result.outcome).toBe('nothing-pending')
  })

  test('prints its version and its help', async () => {
    const node = await nodeBinary(major)
    const options = { cwd: alone, node, bundle: alone }
    const { stdout, stderr } = await airlock(['--version'], options)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    // Where V8 is set up for a short run, it would complain here about a flag that it does not know.
    expect(stderr).toBe('')
    expect((await airlock(['deploy', '--help'], options)).stdout).toContain('--approve DIGEST')
  })
})
