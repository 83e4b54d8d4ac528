import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HeldSession, hold } from '../chain/held-session.ts'
import { processes, until } from '../chain/processes.ts'
import { query } from '../lab/query.ts'
import type { Place, StatementProxy } from '../lab/statement-proxy.ts'
import type { Cell } from './cells.ts'
import { fileName, laterName } from './files.ts'
import type { Stand } from './stand.ts'

export interface Scenery {
  readonly cell: Cell
  readonly stand: Stand
  readonly proxy: StatementProxy
  readonly database: string
  /** Of the project, in which Airlock and its Prisma run. */
  readonly folder: string
  readonly pid: () => number
  /** Of what may be one way or the other: whether whoever holds a statement lets go at once. */
  readonly letsGoAtOnce: boolean
}

export interface Strike {
  /** The moment came. */
  readonly begun: Promise<void>
  /** The fault is there. */
  readonly struck: Promise<void>
  /** The cause of the fault is gone. */
  lift(): Promise<void>
}

/** Stops the run at the moment of the cell and lets the fault happen. */
export function arrange(scenery: Scenery): Strike {
  const { cell, stand, proxy, database } = scenery
  const url = stand.server.superuserUrl(database)
  let held: HeldSession | undefined
  const release = async () => {
    const session = held
    held = undefined
    // Gone with a server that crashed.
    await Promise.resolve(session?.[Symbol.asyncDispose]()).catch(() => undefined)
  }
  let begins = () => {}
  const begun = new Promise<void>((resolve) => {
    begins = resolve
  })
  const struck = new Promise<void>((resolve, reject) => {
    const holding = holdOf(cell)
    const inTheMiddle = async () => {
      await until('the statement stands still', () => waits(url))
      begins()
      await strikeAt(scenery, held)
      if (!staysHeld(scenery)) await release()
    }
    const reached: Place['reached'] = async () => {
      try {
        if (holding !== undefined) {
          held = await hold(url, `SET deadlock_timeout = '60s'; SET lock_timeout = 0; BEGIN; ${holding}`)
          if (cell.fault === 'lock timeout') resolve(begins())
          else inTheMiddle().then(resolve, reject)
          return 'go on'
        }
        begins()
        const then = await strikeAt(scenery, undefined)
        resolve()
        return then
      } catch (error) {
        reject(error)
        throw error
      }
    }
    proxy.stopAt({ session: 'airlock-apply-', ...placeOf(cell), reached })
  })
  return {
    begun,
    struck,
    async lift() {
      await release()
      proxy.release()
      await stand.disk?.empty()
      await query(stand.server.superuserUrl(), `ALTER DATABASE ${database} CONNECTION LIMIT -1`)
    },
  }
}

function placeOf({ moment, engine, file }: Cell): Pick<Place, 'side' | 'matches'> {
  const last = file.statements.at(-1)?.sql ?? ''
  const ending = file.own ? 'COMMIT' : last
  switch (moment.kind) {
    case 'before':
      return { side: 'before', matches: undefined }
    case 'statement': {
      const sql = file.statements[moment.index]?.sql ?? ''
      return { side: 'before', matches: (text) => text.includes(sql) }
    }
    case 'row':
      if (engine === 'atomic') return { side: 'before', matches: (text) => text.includes(last) }
      return { side: 'answered', matches: (text) => text.includes(ending) }
    case 'answer': {
      let sent = false
      return {
        side: 'answered',
        matches: (text) => {
          sent ||= text.includes(last)
          return sent && text.includes('COMMIT')
        },
      }
    }
    case 'between migrations': {
      // With its parameters it would hold a lock on the table already.
      let begun = 0
      return {
        side: 'before',
        matches: (text) => {
          if (engine === 'atomic') return text.includes(laterName)
          if (/INSERT INTO "_prisma_migrations"/.test(text)) begun += 1
          return begun === 3
        },
      }
    }
    case 'after': {
      let finished = 0
      return {
        side: 'answered',
        matches: (text) => {
          if (engine === 'atomic') return text.includes(laterName)
          if (/UPDATE "_prisma_migrations" SET "finished_at"/.test(text)) finished += 1
          return finished === 3
        },
      }
    }
  }
}

/** What another session does before the message passes; nothing where the message itself is held back. */
function holdOf({ moment, file, engine, fault }: Cell): string | undefined {
  if (moment.kind === 'statement') return file.statements[moment.index]?.hold
  if (moment.kind === 'row' && engine === 'atomic') return 'LOCK "_prisma_migrations" IN SHARE MODE'
  if (fault !== 'lock timeout') return undefined
  return moment.kind === 'row'
    ? `SELECT FROM "_prisma_migrations" WHERE migration_name = '${fileName}' FOR UPDATE`
    : 'LOCK "_prisma_migrations" IN SHARE MODE'
}

/** What waits for a time limit or for a signal waits until the run has ended. */
function staysHeld({ cell: { fault }, letsGoAtOnce }: Scenery): boolean {
  if (fault === 'SIGTERM' || fault === 'lock timeout') return true
  return fault === 'connection cut' && !letsGoAtOnce
}

async function waits(url: string): Promise<boolean> {
  const waiting = await query(
    url,
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'airlock-apply-%' AND wait_event_type = 'Lock'`,
  )
  return waiting.length > 0
}

async function strikeAt(scenery: Scenery, held: HeldSession | undefined): Promise<'go on' | 'stay'> {
  const { cell, stand, proxy, database, folder, pid } = scenery
  switch (cell.fault) {
    case 'kill -9':
      killAll(folder)
      return 'stay'
    case 'SIGTERM':
      process.kill(pid(), 'SIGTERM')
      await sleep(100)
      return 'go on'
    case 'connection cut':
      proxy.cut()
      return 'stay'
    case 'server crash':
      await stand.server.kill()
      await stand.server.restart()
      return 'go on'
    case 'out of disk':
      await stand.disk?.fill()
      return 'go on'
    case 'out of connections':
      await query(stand.server.superuserUrl(), `ALTER DATABASE ${database} CONNECTION LIMIT 0`)
      return 'go on'
    case 'deadlock': {
      const before = cell.moment.kind === 'statement' ? cell.file.statements[cell.moment.index - 1] : undefined
      // Answered when the other one was ended.
      await held?.query(before?.locks ?? '')
      return 'go on'
    }
    case 'serialization failure':
      await held?.query('COMMIT')
      return 'go on'
    case 'lock timeout':
      return 'go on'
  }
}

/** What a machine does to all of them that is switched off: whatever inherited the home of the run, wherever it works. */
export function killAll(folder: string): void {
  for (const { pid } of processes()) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
      if (environment.split('\0').includes(`HOME=${folder}`)) process.kill(pid, 'SIGKILL')
    } catch {
      // Ended by itself in between, or of somebody else.
    }
  }
}
