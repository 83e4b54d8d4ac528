import type { Migration } from '../../../../src/migrations/migration.ts'
import { connectWithoutLimits } from '../../../../src/postgres/connection.ts'
import { readLiveCatalog } from '../../../../src/postgres/live-catalog.ts'
import { type DatabaseUrl, parseDatabaseUrl } from '../../../../src/postgres/url.ts'
import { analyse } from '../../../../src/stages/plan/analyse.ts'
import type { PlannedMigration } from '../../../../src/stages/plan/plan.ts'
import { traceMigrations } from '../../../../src/stages/rehearse/trace/perform.ts'
import { openSubjectSession } from '../../../../src/stages/rehearse/trace/subject.ts'
import type { FileTrace, StoppedTrace, Trace } from '../../../../src/stages/rehearse/trace/trace.ts'
import { query } from '../../../lab/query.ts'
import type { LabServer } from '../../../lab/server.ts'

/** `batch`: Prisma 6. `split`: Prisma 7.10. */
export type Way = 'batch' | 'split' | 'atomic'

export interface TracedLab {
  readonly planned: readonly PlannedMigration[]
  readonly trace: Trace
  /** Of the tracing, connections and looking included. */
  readonly ms: number
  /** How many queries the looking asked, of the witness. */
  readonly asked: number
  /** Of all its answers the one with the most rows. */
  readonly mostRows: number
  readonly url: string
}

export interface LabOptions {
  readonly way?: Way
  /** As the superuser, who may do more than the owner. */
  readonly setup?: string
  readonly parameters?: string
  readonly countBudgetMs?: number
  /** Somebody else, in the copy. */
  readonly meanwhile?: (superuserUrl: string) => Promise<void>
  /** Of the witness. */
  readonly as?: 'superuser' | 'owner'
}

/** A database with `data` in it, and the migrations traced on it. */
export async function traced(
  server: LabServer,
  data: string | readonly string[],
  files: readonly string[],
  { way = 'split', setup = '', parameters = '', countBudgetMs = 30_000, as = 'superuser', meanwhile }: LabOptions = {},
): Promise<TracedLab> {
  const url = await server.createDatabase()
  const database = new URL(url).pathname.slice(1)
  if (setup !== '') await query(server.superuserUrl(database), setup)
  for (const sql of typeof data === 'string' ? [data] : data) await query(url, sql)
  const target = parsed(url + parameters)
  const planned = await plannedFor(target, files, way)
  const other = meanwhile?.(server.superuserUrl(database))
  let asked = 0
  let mostRows = 0
  const start = performance.now()
  const trace = await traceMigrations({
    migrations: planned,
    apply: way === 'atomic' ? 'atomic' : 'prisma',
    openSubject: (onNotice) => openSubjectSession(target, {}, new AbortController().signal, onNotice),
    openWitness: async () => {
      const session = await connectWithoutLimits(parsed(as === 'superuser' ? server.superuserUrl(database) : url))
      return {
        query: async (text, values) => {
          asked += 1
          const rows = await session.query<never>(text, values)
          mostRows = Math.max(mostRows, rows.length)
          return rows
        },
        [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
      }
    },
    countBudgetMs,
  })
  const ms = performance.now() - start
  await other
  return { planned, trace, ms, asked, mostRows, url }
}

export async function plannedFor(
  url: DatabaseUrl,
  files: readonly string[],
  way: Way,
): Promise<readonly PlannedMigration[]> {
  await using session = await connectWithoutLimits(url)
  const pending = files.map((sql, index) => ({
    name: `${index + 1}_file`,
    file: `${index + 1}.sql`,
    checksum: '',
    sql,
  }))
  const { migrations } = await analyse(
    // Names are branded by whoever reads the folder; here there is none.
    { applied: [], pending: pending as unknown as readonly Migration[] },
    {
      prismaVersion: way === 'batch' ? '6.19.0' : '7.10.1',
      apply: way === 'atomic' ? 'atomic' : 'prisma',
      schema: url.schema,
      rules: {},
      start: await readLiveCatalog(session),
      oneRun: true,
    },
  )
  return migrations
}

export function parsed(url: string): DatabaseUrl {
  const found = parseDatabaseUrl(url, 'DATABASE_URL')
  if (found.kind === 'invalid') throw new Error(found.failure.what)
  return found.url
}

export function fileOf({ trace }: TracedLab, index = 0): FileTrace {
  const file = trace.files[index]
  if (file === undefined || trace.stopped !== undefined)
    throw new Error(`it stopped: ${trace.stopped?.sqlState} ${trace.stopped?.message}`)
  return file
}

export function stoppedIn({ trace }: TracedLab): StoppedTrace {
  if (trace.stopped === undefined) throw new Error('nothing stopped it')
  return trace.stopped
}

/** Locks as `relation mode`, in the order of statements. */
export function locksOf(file: FileTrace): readonly (readonly string[])[] {
  return file.statements.map(({ locks }) => locks.map(({ relation, mode }) => `${relation} ${mode}`))
}
