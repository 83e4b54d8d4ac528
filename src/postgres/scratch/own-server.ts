import { chown, readFile, statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cancellation } from '../../cancellation.ts'
import { messageOf } from '../../errors.ts'
import type { Janitor, JanitorFolder } from '../../janitor/janitor.ts'
import { type ProcessGroup, startGroup } from '../../process-group.ts'
import { DatabaseUrl } from '../url.ts'
import { runProgram } from './run-program.ts'
import type { ServerPrograms } from './server-programs.ts'
import { makeFolderOf, type ServerUser } from './server-user.ts'
import { scratchSettings } from './settings.ts'

/** What runs, and what became of it; why it cannot run is for the caller to put into words. */
export interface OwnServer extends AsyncDisposable {
  readonly url: DatabaseUrl
}

export class StartProblem extends Error {}

export interface StartRequest {
  readonly programs: ServerPrograms
  readonly folder: string
  readonly user: ServerUser | undefined
  readonly janitor: Janitor
  readonly signal: AbortSignal
}

const superuser = 'postgres'
const port = 5_432
/** Of `sun_path` with its terminating zero: 104 bytes on macOS, 108 on Linux. */
const longestSocketPath = 103
/** A server that is told to stop at once gives its processes five seconds before it kills them (postmaster.c). */
const killAfterMs = 8_000

/** A new, empty server below `folder`, which belongs to its user alone. */
export async function startOwnServer(request: StartRequest): Promise<OwnServer> {
  const { programs, folder, user } = request
  const data = join(folder, 'data')
  await makeFolderOf(data, user)
  if (user !== undefined) await chown(folder, user.uid, user.gid)
  await initialise(request, data)
  const socket = await socketFolder(request)
  const settings = { ...scratchSettings(await readMachine()), unix_socket_directories: socket.path, port: String(port) }
  const group = startGroup(
    programs.postgres,
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      env: environment,
      cwd: '/',
      janitor: request.janitor,
      stopSignal: 'SIGQUIT',
      killAfterMs,
      ...(user === undefined ? {} : { user }),
    },
  )
  const said = collect(group)
  try {
    await untilReady(group, data, said, request.signal)
  } catch (thrown) {
    await end(group)
    await socket[Symbol.asyncDispose]()
    throw thrown
  }
  return {
    url: urlOf(socket.path),
    async [Symbol.asyncDispose]() {
      await end(group)
      await socket[Symbol.asyncDispose]()
    },
  }
}

const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

async function initialise(request: StartRequest, data: string): Promise<void> {
  const { programs, janitor, signal, user } = request
  const run = await runProgram({
    program: programs.initdb,
    args: [
      ...['-D', data, '-U', superuser, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
      ...(programs.major >= 18 ? ['--no-data-checksums'] : []),
    ],
    env: environment,
    cwd: '/',
    janitor,
    signal,
    user,
    limitMs: 120_000,
  })
  if (run.kind === 'failed') throw new StartProblem(`${programs.initdb}: ${run.said}`)
}

/** In the folder of the server, or, where its path is too long for a socket, in a second one below /tmp. */
async function socketFolder({ folder, user, janitor }: StartRequest): Promise<JanitorFolder> {
  const fits = (path: string) => Buffer.byteLength(`${path}/.s.PGSQL.${port}`) <= longestSocketPath
  const inside = join(folder, 'socket')
  if (fits(inside)) {
    await makeFolderOf(inside, user)
    return { path: inside, [Symbol.asyncDispose]: async () => undefined }
  }
  const outside = await janitor.folder('/tmp', 'airlock-')
  if (user !== undefined) await chown(outside.path, user.uid, user.gid)
  return outside
}

async function readMachine() {
  const limit = process.constrainedMemory()
  const shared = await statfs('/dev/shm').catch(() => undefined)
  return {
    memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
    cpus: availableParallelism(),
    sharedMemoryBytes: shared === undefined ? null : shared.bavail * shared.bsize,
  }
}

function collect({ stdout, stderr }: ProcessGroup): () => string {
  let text = ''
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-8_000)
    })
  }
  return () => text.trim()
}

/** The eighth line of postmaster.pid says "ready" once connections are let in; pg_ctl waits for the same. */
async function untilReady(group: ProcessGroup, data: string, said: () => string, signal: AbortSignal): Promise<void> {
  let ended: string | undefined
  group.ended.then(
    (code) => {
      ended = `exit ${code}`
    },
    (thrown) => {
      ended = messageOf(thrown)
    },
  )
  const startedMs = performance.now()
  while (true) {
    if (signal.aborted) throw cancellation(signal.reason)
    if (ended !== undefined) throw new StartProblem(said() || ended)
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === group.id && lines[7]?.trim() === 'ready') return
    if (performance.now() - startedMs > 60_000) throw new StartProblem(`It was not ready after 60 s.\n${said()}`)
    await sleep(10)
  }
}

async function end(group: ProcessGroup): Promise<void> {
  group.stop()
  await group.ended.catch(() => undefined)
  group[Symbol.dispose]()
}

/** No password: who may enter the folder of the socket may enter the server. */
function urlOf(socket: string): DatabaseUrl {
  return new DatabaseUrl({
    host: socket,
    port,
    user: superuser,
    database: 'postgres',
    sslmode: 'disable',
    parameters: new Map([['host', socket]]),
    raw: '',
    password: '',
    encodedPassword: '',
  })
}
