import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A real S3 server (SeaweedFS) on 127.0.0.1, gone when it is disposed of or when this process ends. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string
  /** What a person would put into the environment. */
  readonly env: Readonly<Record<string, string>>
  /** Of a user who may read and list `backups`, and write nothing. */
  readonly readerEnv: Readonly<Record<string, string>>
  tell(command: 'start' | 'stop' | 'pause' | 'resume'): Promise<void>
}

export interface OidcProvider {
  readonly issuer: string
  readonly audience: string
}

export async function startS3Server(oidc?: OidcProvider): Promise<S3Server> {
  const script: string = new URL('../../scripts/s3-server.mjs', import.meta.url).href
  const { s3ServerProgram } = (await import(script)) as { readonly s3ServerProgram: string }
  if (!existsSync(s3ServerProgram)) throw new Error('There is no S3 server: run `node scripts/s3-server.mjs`')
  const folder = await mkdtemp(join(tmpdir(), 'airlock-s3-'))
  const data = join(folder, 'data')
  await mkdir(data)
  const user = (name: string, actions: readonly string[]) => ({
    name,
    credentials: [{ accessKey: `AK${name}`, secretKey: `secret-of-${name}` }],
    actions,
  })
  await writeFile(
    join(folder, 's3.json'),
    JSON.stringify({ identities: [user('admin', ['Admin']), user('reader', ['Read:backups', 'List:backups'])] }),
  )
  if (oidc !== undefined) await writeFile(join(folder, 'iam.json'), JSON.stringify(federation(oidc)))
  // The server takes port + 10000 for each of its parts as well; below the range of outgoing connections.
  const port = await freePorts()
  const flags = {
    dir: data,
    ip: '127.0.0.1',
    'ip.bind': '127.0.0.1',
    // It would report to its makers otherwise.
    'master.telemetry': 'false',
    'master.port': port,
    'master.volumeSizeLimitMB': 256,
    'volume.port': port + 1,
    'volume.max': 0,
    'volume.minFreeSpace': '1MiB',
    'volume.preStopSeconds': 0,
    filer: true,
    'filer.port': port + 2,
    s3: true,
    's3.port': port + 3,
    's3.port.iceberg': 0,
    's3.port.lance': 0,
    's3.config': join(folder, 's3.json'),
    's3.autoCreateBucket': 'false',
    ...(oidc === undefined ? {} : { 's3.iam.config': join(folder, 'iam.json') }),
  }
  const args = ['server', ...Object.entries(flags).map(([name, value]) => `-${name}=${value}`)]
  const supervisor = fileURLToPath(new URL('./s3-supervisor.mjs', import.meta.url))
  const config = JSON.stringify({ program: s3ServerProgram, args, folder, port: port + 3 })
  const child = spawn(process.execPath, [supervisor, config], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const tell = async (command: string) => {
    child.stdin.write(`${command}\n`)
    const { value } = await lines.next()
    const { error } = JSON.parse(String(value ?? '{"error":"The supervisor is gone"}')) as { error: string | null }
    if (error !== null) throw new Error(error)
  }
  await tell('start')
  const keys = (name: string) => ({
    AWS_ACCESS_KEY_ID: `AK${name}`,
    AWS_SECRET_ACCESS_KEY: `secret-of-${name}`,
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port + 3}`,
  })
  return {
    endpoint: `http://127.0.0.1:${port + 3}`,
    env: keys('admin'),
    readerEnv: keys('reader'),
    tell,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit')
      child.stdin.end()
      await gone
    },
  }
}

function federation({ issuer, audience }: OidcProvider) {
  const allow = (actions: readonly string[]) => ({ Effect: 'Allow', Action: actions, Resource: ['*'] })
  return {
    sts: {
      tokenDuration: '1h',
      maxSessionLength: '12h',
      issuer: 'lab',
      signingKey: Buffer.alloc(32, 7).toString('base64'),
    },
    providers: [
      { name: 'lab', type: 'oidc', enabled: true, config: { issuer, clientId: audience, jwksUri: `${issuer}/keys` } },
    ],
    policy: { defaultEffect: 'Deny', storeType: 'memory' },
    roles: [
      {
        roleName: 'Backups',
        roleArn: 'arn:aws:iam::role/Backups',
        trustPolicy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Federated: 'lab' }, Action: ['sts:AssumeRoleWithWebIdentity'] }],
        },
        attachedPolicies: ['Backups'],
      },
    ],
    policies: [
      {
        name: 'Backups',
        document: { Version: '2012-10-17', Statement: [allow(['s3:*']), allow(['sts:ValidateSession'])] },
      },
    ],
  }
}

async function freePorts(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const first = randomInt(15_000, 21_000)
    const wanted = [0, 1, 2, 3].flatMap((offset) => [first + offset, first + offset + 10_000])
    const free = await Promise.all(wanted.map(isFree))
    if (free.every(Boolean)) return first
  }
  throw new Error('No free ports found on 127.0.0.1')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
