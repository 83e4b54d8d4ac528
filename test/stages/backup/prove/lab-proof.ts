import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FailureError } from '../../../../src/errors.ts'
import { startJanitor } from '../../../../src/janitor/janitor.ts'
import { type ClientTools, chooseClient } from '../../../../src/postgres/client-choice.ts'
import { connectionFor } from '../../../../src/postgres/client-connection.ts'
import { runClient } from '../../../../src/postgres/client-process.ts'
import { connect, type OpenSession } from '../../../../src/postgres/connection.ts'
import { createDatabaseSql } from '../../../../src/postgres/create-database.ts'
import { loadParser, type Parser } from '../../../../src/sql/parse.ts'
import type { DatabaseContent } from '../../../../src/stages/backup/content/content.ts'
import { readContent } from '../../../../src/stages/backup/content/read-content.ts'
import { readContentWhile } from '../../../../src/stages/backup/content/read-content-while.ts'
import {
  type ProofRequest,
  proveByRestore,
  type RestoredCopy,
} from '../../../../src/stages/backup/prove/prove-by-restore.ts'
import type { ScratchTarget } from '../../../../src/stages/backup/prove/scratch-target.ts'
import { openSnapshot, readSource } from '../../../../src/stages/backup/source.ts'
import { labClients, labMachine } from '../../../lab/clients.ts'
import { query } from '../../../lab/query.ts'
import type { LabServer } from '../../../lab/server.ts'
import { parsed } from '../lab-backup.ts'

const never = new AbortController().signal
let loaded: Promise<Parser> | undefined
export const parser = () => (loaded ??= loadParser())

export async function clientOf(major: number): Promise<ClientTools> {
  const choice = chooseClient(await labClients(), major, await labMachine())
  if (choice.kind === 'none') throw new Error(choice.failure.what)
  return choice.client
}

export async function scratchOn(server: LabServer): Promise<ScratchTarget> {
  const there = await query<{ name: string; version: string }>(
    server.superuserUrl(),
    'SELECT name, default_version AS version FROM pg_available_extensions',
  )
  // The program's own connection, because it is its failures that the proof understands.
  const execute = async (sql: string) => {
    await using admin = await connect(parsed(server.superuserUrl()))
    await admin.query(sql)
  }
  return {
    major: server.major,
    url: parsed(server.superuserUrl()),
    databaseUrl: (name) => parsed(server.superuserUrl(name)),
    createDatabase: async (traits) => {
      const name = `copy_${randomBytes(6).toString('hex')}`
      await execute(createDatabaseSql(name, traits, server.major))
      return { name, [Symbol.asyncDispose]: () => execute(`DROP DATABASE "${name}" WITH (FORCE)`) }
    },
    extensions: new Map(there.map(({ name, version }) => [name, version])),
  }
}

export async function contentOf(url: string, budgetMs = 60_000): Promise<DatabaseContent> {
  await using session = await connect(parsed(url))
  return await readContent({
    sessions: [session],
    budgetMs,
    lockTimeoutMs: 500,
    signal: never,
    onProgress: () => undefined,
  })
}

export interface LabDump {
  readonly path: string
  readonly content: DatabaseContent
}

/** A dump and the content of the same snapshot, as a backup takes them. */
export async function dump(
  url: string,
  client: ClientTools,
  path: string,
  format = 'custom',
  options: readonly string[] = [],
): Promise<LabDump> {
  const target = parsed(url)
  const sessions: OpenSession[] = []
  for (let n = 0; n < 3; n += 1) sessions.push(await connect(target))
  try {
    const [holder, first, second] = sessions
    if (holder === undefined || first === undefined || second === undefined) throw new Error('no sessions')
    const snapshot = await openSnapshot(holder, 0, 2_000)
    const { content } = await readContentWhile(
      {
        sessions: [first, second],
        snapshot,
        budgetMs: 60_000,
        lockTimeoutMs: 2_000,
        signal: never,
        onProgress: () => undefined,
      },
      async (signal) => {
        const exit = await runClient({
          program: client.dump,
          args: [`--format=${format}`, `--file=${path}`, '--no-password', `--snapshot=${snapshot}`, ...options],
          connection: connectionFor(target)(client),
          signal,
        })
        if (exit.code !== 0) throw new Error(exit.stderr)
      },
    )
    return { path, content }
  } finally {
    for (const session of sessions) await session[Symbol.asyncDispose]()
  }
}

export async function prove(
  url: string,
  scratch: ScratchTarget,
  dumped: { readonly path: string; readonly content: DatabaseContent | undefined },
  changed: Partial<ProofRequest> & { readonly client: ClientTools; readonly folder: string },
): Promise<RestoredCopy> {
  await using session = await connect(parsed(url))
  await session.query('BEGIN')
  const { source } = await readSource(session, { version: '', major: scratch.major })
  const folder = join(changed.folder, `proof-${Math.random().toString(36).slice(2)}`)
  await mkdir(folder)
  await using janitor = await startJanitor()
  return await proveByRestore({
    janitor,
    dumpPath: dumped.path,
    scratch,
    source,
    content: dumped.content,
    parser: await parser(),
    jobs: 2,
    budgetMs: 60_000,
    signal: never,
    onProgress: () => undefined,
    ...changed,
    folder,
  }).catch((thrown: unknown) => {
    // The reason says more than the sentence above it.
    if (thrown instanceof FailureError) thrown.message += `\n${thrown.failure.why}`
    throw thrown
  })
}
