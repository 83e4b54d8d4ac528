import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/postgres/connection.ts'
import { takeDeployLock } from '../../src/postgres/deploy-lock.ts'
import { type DatabaseUrl, parseDatabaseUrl } from '../../src/postgres/url.ts'
import { type LabServer, startServer } from '../lab/server.ts'

let server: LabServer
let url: DatabaseUrl

beforeAll(async () => {
  server = await startServer(17)
  const parsed = parseDatabaseUrl(await server.createDatabase(), 'DATABASE_URL')
  if (parsed.kind === 'invalid') throw new Error(parsed.failure.what)
  url = parsed.url
})
afterAll(() => server[Symbol.asyncDispose]())

const never = new AbortController().signal

test('a second deploy is refused after its waiting time and told who holds the lock', async () => {
  await using first = await connect(url, 'airlock first')
  await using second = await connect(url)
  await takeDeployLock(first, { waitMs: 0, onWait: () => undefined, signal: never })
  await expect(takeDeployLock(second, { waitMs: 0, onWait: () => undefined, signal: never })).rejects.toMatchObject({
    failure: { code: 'DEPLOY.LOCKED', why: expect.stringMatching(/process \d+ \(airlock first from 127\.0\.0\.1/) },
  })
})

test('a waiting deploy goes on as soon as the holder is gone, however it went', async () => {
  const first = await connect(url)
  await using second = await connect(url)
  await takeDeployLock(first, { waitMs: 0, onWait: () => undefined, signal: never })
  const waited: string[] = []
  const taken = takeDeployLock(second, { waitMs: 20_000, onWait: (holder) => waited.push(holder), signal: never })
  await expect.poll(() => waited.length).toBe(1)
  await second.query('SELECT 1')
  await first[Symbol.asyncDispose]()
  await taken
  expect(waited).toHaveLength(1)
})

test('a cancelled run stops waiting', async () => {
  await using first = await connect(url)
  await using second = await connect(url)
  await takeDeployLock(first, { waitMs: 0, onWait: () => undefined, signal: never })
  const controller = new AbortController()
  const waiting = takeDeployLock(second, {
    waitMs: 60_000,
    onWait: () => controller.abort(),
    signal: controller.signal,
  })
  await expect(waiting).rejects.toMatchObject({ failure: { code: 'RUN.CANCELLED' } })
})

test('of eight deploys that start together exactly one holds the lock at a time', async () => {
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      await using session = await connect(url)
      await takeDeployLock(session, { waitMs: 60_000, onWait: () => undefined, signal: never })
      inside++
      most = Math.max(most, inside)
      await session.query('SELECT pg_catalog.pg_sleep(0.05)')
      inside--
    }),
  )
  expect(most).toBe(1)
})
