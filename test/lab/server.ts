import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type DataTemplate, dataTemplate, owner, superuser } from './data-template.ts'
import { labFolder, serverIdentity } from './lab-folder.ts'
import { type PostgresMajor, postgresBinaries } from './postgres-package.ts'

export { type PostgresMajor, postgresMajors } from './postgres-package.ts'

export interface LabServer extends AsyncDisposable {
  readonly major: PostgresMajor
  readonly port: number
  /** Where the data, the log and the Unix socket are; gone once the server is disposed of. */
  readonly folder: string
  /** The role `postgres`, who may do everything. */
  superuserUrl(database?: string): string
  /** The role `app_owner`, who owns the databases made here and is nobody special. */
  ownerUrl(database: string): string
  /**
   * A new database that belongs to `app_owner`; its URL, with that role and its password. As everywhere, the schema
   * public belongs to the superuser up to 14 (everyone may create in it) and to the owner of the database from 15 on.
   */
  createDatabase(name?: string): Promise<string>
  /** In order, keeping the data for `restart`. */
  stop(): Promise<void>
  /** Stops if it runs, and starts again on the same port. */
  restart(): Promise<void>
  /** Immediately, like a crash. */
  kill(): Promise<void>
}

export interface ServerOptions {
  readonly settings?: Readonly<Record<string, string>>
}

/** A real PostgreSQL server on 127.0.0.1, with a password, gone when it is disposed of or when this process ends. */
export async function startServer(major: PostgresMajor, options: ServerOptions = {}): Promise<LabServer> {
  const identity = serverIdentity()
  const binaries = await postgresBinaries(major)
  const template = await dataTemplate(binaries, identity)
  const supervisor = startSupervisor({
    run: join(await labFolder(), 'run'),
    bin: binaries.bin,
    template: template.data,
    settings: options.settings ?? {},
    identity,
  })
  try {
    const { port, folder } = await supervisor.tell('start')
    return labServer(major, port, folder, template, supervisor)
  } catch (thrown) {
    supervisor.leave()
    await supervisor.left
    throw thrown
  }
}

function labServer(
  major: PostgresMajor,
  port: number,
  folder: string,
  template: DataTemplate,
  supervisor: Supervisor,
): LabServer {
  const url = (user: string, password: string, database: string) =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`
  const superuserUrl = (database = 'postgres') => url(superuser, template.superuserPassword, database)
  const ownerUrl = (database: string) => url(owner, template.ownerPassword, database)
  let disposed: Promise<void> | undefined
  const dispose = async () => {
    await supervisor.tell('dispose')
    supervisor.leave()
    await supervisor.left
  }
  return {
    major,
    port,
    folder,
    superuserUrl,
    ownerUrl,
    createDatabase: async (name = `lab_${randomBytes(4).toString('hex')}`) => {
      await execute(superuserUrl(), `CREATE DATABASE ${pg.escapeIdentifier(name)} OWNER ${owner}`)
      return ownerUrl(name)
    },
    stop: async () => {
      await supervisor.tell('stop')
    },
    restart: async () => {
      await supervisor.tell('stop')
      await supervisor.tell('start')
    },
    kill: async () => {
      await supervisor.tell('kill')
    },
    [Symbol.asyncDispose]: () => {
      disposed ??= dispose()
      return disposed
    },
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

interface Answer {
  readonly port: number
  readonly folder: string
}

interface Supervisor {
  tell(command: 'start' | 'stop' | 'kill' | 'dispose'): Promise<Answer>
  leave(): void
  readonly left: Promise<void>
}

function startSupervisor(config: object): Supervisor {
  const script = fileURLToPath(new URL('./supervisor.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(config)], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
    // Its own session: Ctrl-C and a signal for the whole group of the tests reach only the tests.
    detached: true,
  })
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = []
  const left = new Promise<void>((resolve) => {
    const gone = (reason: string) => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`The server's supervisor is gone: ${reason}`))
      resolve()
    }
    child.once('error', (error) => gone(error.message))
    child.once('exit', (code, signal) => gone(`exit ${code ?? signal}`))
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as (Answer & { readonly ok: true }) | { readonly ok: false; readonly error: string }
    const first = waiting.shift()
    if (answer.ok) first?.resolve(answer)
    else first?.reject(new Error(answer.error))
    if (waiting.length === 0) letProcessEnd(child, true)
  })
  // A write into the pipe of a supervisor that was killed; its exit is what the caller hears about.
  child.stdin.on('error', () => {})
  letProcessEnd(child, true)
  return {
    tell: (command) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          reject(new Error("The server's supervisor is gone"))
          return
        }
        waiting.push({ resolve, reject })
        letProcessEnd(child, false)
        child.stdin.write(`${command}\n`)
      }),
    leave: () => {
      letProcessEnd(child, false)
      child.stdin.end()
    },
    left,
  }
}

/** A server that nobody disposes of must not keep the process alive: the supervisor notices its end and cleans up. */
function letProcessEnd(child: ChildProcess, mayEnd: boolean): void {
  const method = mayEnd ? 'unref' : 'ref'
  child[method]()
  // Pipes to a child are sockets (manual of Node.js, child_process), which their types leave open.
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe[method]()
}
