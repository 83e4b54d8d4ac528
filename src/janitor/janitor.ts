import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { isAbsolute, join, normalize, resolve, sep } from 'node:path'
import { type FailureError, fail, messageOf } from '../errors.ts'
import { janitorArguments, janitorScript } from './script.ts'

/**
 * A process beside this one that ends and removes what this one registered, once it is over: disposed of, ended in order,
 * crashed or killed. Only a machine that stops, or somebody who kills both, leaves something behind.
 */
export interface Janitor extends AsyncDisposable {
  readonly processId: number
  /** A new folder that only this user reads. */
  folder(parent: string, prefix: string): Promise<JanitorFolder>
  /** A file or folder that somebody else makes, or has made. */
  removeAtEnd(path: string): Promise<Registration>
  /** First the signal, and SIGKILL for what is still there after eight seconds. */
  endAtEnd(processGroup: number, signal: NodeJS.Signals): Promise<Registration>
}

export interface JanitorFolder extends AsyncDisposable {
  readonly path: string
}

export interface Registration {
  /** It stays. Without effect once the janitor has begun to clean up. */
  forget(): Promise<void>
}

/** Resolves when the janitor watches. Its disposal resolves when it has cleaned up. */
export async function startJanitor(): Promise<Janitor> {
  const child = spawn('/bin/sh', janitorArguments, {
    // Its own session, so that a signal for our terminal or our group is not for it. No variable of ours, because a
    // runner finds the processes that a job left behind by one of them and kills those.
    detached: true,
    cwd: '/',
    env: {
      PATH: ['/usr/bin', '/bin', process.env.PATH].filter(Boolean).join(':'),
      LC_ALL: 'C',
      AIRLOCK_JANITOR: janitorScript,
    },
    // Not our standard error: whoever reads it to its end would wait for the janitor.
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  })
  const [, words, , orders] = child.stdio
  // What Node.js gives for a pipe to a child on every Unix, and what alone can be let go of by `unref`.
  if (!(words instanceof Socket && orders instanceof Socket)) throw new Error('A pipe to a child is no socket')
  // A janitor that was killed; the next order says so.
  orders.on('error', () => undefined)
  const gone = new Promise<void>((ended) => words.once('close', ended))
  const processId = await firstLine(child, words)
  // None may keep a process that is done from ending: its end is what the janitor waits for.
  for (const handle of [child, words, orders]) handle.unref()
  return janitorBehind(processId, orders, words, gone)
}

function janitorBehind(processId: number, orders: Socket, words: Socket, gone: Promise<void>): Janitor {
  let registrations = 0
  /** Resolves when the line is with the system, which keeps it for the janitor whatever becomes of this process. */
  const tell = (line: string) =>
    new Promise<void>((told, reject) => {
      if (orders.destroyed || !orders.writable || words.destroyed) reject(noJanitor('It is not there any more.'))
      else orders.write(`${line}\n`, (error) => (error ? reject(noJanitor(messageOf(error), error)) : told()))
    })
  const register = async (order: string): Promise<Registration> => {
    registrations += 1
    const id = registrations
    await tell(`+${id} ${order}`)
    return { forget: () => tell(`-${id}`) }
  }
  const removeAtEnd = async (path: string) => register(`p ${removable(path)}`)
  return {
    processId,
    removeAtEnd,
    async endAtEnd(processGroup, signal) {
      // 1 would be every process, 0 our own group.
      if (!Number.isSafeInteger(processGroup) || processGroup < 2) throw new Error(`No process group: ${processGroup}`)
      return register(`g ${signal.replace(/^SIG/, '')} ${processGroup}`)
    },
    async folder(parent, prefix) {
      const path = join(resolve(parent), `${prefix}${randomBytes(8).toString('hex')}`)
      // In this order: a folder that is made before it is registered stays if we are killed in between.
      const registration = await removeAtEnd(path)
      try {
        await mkdir(path, { mode: 0o700 })
      } catch (thrown) {
        await registration.forget()
        throw thrown
      }
      return {
        path,
        async [Symbol.asyncDispose]() {
          await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
          await registration.forget().catch(() => undefined)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      words.ref()
      orders.end()
      await gone
    },
  }
}

/** One line of one absolute path, not a place where everything is. */
function removable(path: string): string {
  const named = isAbsolute(path) && normalize(path) === path && !path.endsWith(sep) && !/[\n\0]/.test(path)
  if (!named || path.split(sep).length < 3) throw new Error(`Not a path to remove: ${JSON.stringify(path)}`)
  return path
}

/** The janitor writes its process id once it ignores signals. */
function firstLine(child: ChildProcess, words: Socket): Promise<number> {
  return new Promise((resolvePid, reject) => {
    let text = ''
    const fails = (why: string) => reject(noJanitor(why))
    child.once('error', (error) => fails(messageOf(error)))
    words.once('close', () => fails('/bin/sh ended before it watched.'))
    words.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) resolvePid(Number(text.slice(0, text.indexOf('\n'))))
    })
  })
}

function noJanitor(why: string, cause?: unknown): FailureError {
  return fail(
    'RUN.NO_JANITOR',
    {
      what: 'The process that cleans up after this run does not run.',
      why: `${why} Without it a run that is killed would leave data of the database on this machine.`,
      next: ['Check that /bin/sh can be run here and that nothing kills its processes, then run again.'],
    },
    { cause },
  )
}
