import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStoreText } from '../../../../src/stages/backup/store/open-store.ts'
import { S3Client } from '../../../../src/stages/backup/store/s3/client.ts'
import { credentialsFrom } from '../../../../src/stages/backup/store/s3/credentials.ts'
import { type OidcIssuer, startOidcIssuer } from '../../../lab/oidc-issuer.ts'
import { type S3Server, startS3Server } from '../../../lab/s3-server.ts'
import { type TempFolder, tempFolder } from '../../../lab/temp.ts'
import { access, madeBackup } from './made-backup.ts'

/** A role that is assumed with an identity token: the server that checks the token, hands out the session and lets it in is a real one. */

const audience = 'sts.amazonaws.com'
let issuer: OidcIssuer
let server: S3Server
let folder: TempFolder
let role: Readonly<Record<string, string>>

beforeAll(async () => {
  issuer = await startOidcIssuer()
  server = await startS3Server({ issuer: issuer.issuer, audience })
  folder = await tempFolder()
  role = { AWS_ROLE_ARN: 'arn:aws:iam::role/Backups', AWS_ENDPOINT_URL: server.endpoint }
  // Nobody without a name gets in: what works below works by the role.
  expect((await fetch(`${server.endpoint}/backups`, { method: 'PUT' })).status).toBe(403)
  const { host, origin } = new URL(server.endpoint)
  const admin = new S3Client({
    store: 'lab',
    bucket: 'backups',
    endpoint: { origin, host, root: '/backups/', region: 'us-east-1' },
    credentials: credentialsFrom(server.env, 'us-east-1', 'lab'),
    signal: new AbortController().signal,
  })
  await admin.text({ method: 'PUT', key: '', action: 's3:CreateBucket' })
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await issuer?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

async function roundTrip(env: Readonly<Record<string, string>>, prefix: string): Promise<readonly string[]> {
  const store = await openStoreText(`s3://backups/${prefix}`, '/', access({ ...role, ...env }))
  await store.put(await madeBackup(folder.path))
  return (await store.list()).backups.map(({ name }) => name)
}

test('with a token from a file lets the backup in', async () => {
  const file = join(folder.path, 'token')
  await writeFile(file, `${issuer.token(audience)}\n`)
  expect(await roundTrip({ AWS_WEB_IDENTITY_TOKEN_FILE: file }, 'file')).toEqual(['shop-20261120T112233Z'])
})

test('with the token of the job itself lets the backup in, without any secret', async () => {
  expect(await roundTrip(issuer.jobEnv, 'job')).toEqual(['shop-20261120T112233Z'])
})

test('is not given for a token that was made for somebody else, and the token is not printed', async () => {
  const file = join(folder.path, 'other-token')
  const token = issuer.token('somebody-else')
  await writeFile(file, token)
  const thrown = await roundTrip({ AWS_WEB_IDENTITY_TOKEN_FILE: file }, 'other').catch((error: unknown) => error)
  expect(thrown).toMatchObject({
    failure: { code: 'STORE.CREDENTIALS', what: expect.stringContaining('arn:aws:iam::role/Backups') },
  })
  expect(JSON.stringify(thrown)).not.toContain(token.slice(0, 40))
})

test.each([
  ['the job may not have a token', { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-nobody' }],
  ['the file of the token is not there', { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' }],
])('is not assumed where %s', async (_what, env) => {
  const thrown = await roundTrip({ ...issuer.jobEnv, ...env }, 'no').catch((error: unknown) => error)
  expect(thrown).toMatchObject({ failure: { code: 'STORE.CREDENTIALS' } })
})
