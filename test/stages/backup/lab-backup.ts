import { tmpdir } from 'node:os'
import { type Failure, FailureError } from '../../../src/errors.ts'
import { type Janitor, startJanitor } from '../../../src/janitor/janitor.ts'
import { chooseClient, type FoundClients, type Machine } from '../../../src/postgres/client-choice.ts'
import { connectionFor } from '../../../src/postgres/client-connection.ts'
import { connect } from '../../../src/postgres/connection.ts'
import { openScratchServer } from '../../../src/postgres/scratch/scratch-server.ts'
import { type DatabaseUrl, parseDatabaseUrl, withDatabase } from '../../../src/postgres/url.ts'
import type { Backup } from '../../../src/stages/backup/backup.ts'
import { type BackupRequest, performBackup } from '../../../src/stages/backup/perform.ts'
import { type CheckedBackup, checkBackup, type ProofRequest } from '../../../src/stages/restore/check.ts'
import { type Restored, type RestoreRequest, restoreBackup } from '../../../src/stages/restore/perform.ts'
import { labClients, labMachine, labServerPath } from '../../lab/clients.ts'

export function parsed(url: string): DatabaseUrl {
  const result = parseDatabaseUrl(url, 'DATABASE_URL')
  if (result.kind === 'invalid') throw new FailureError(result.failure)
  return result.url
}

export interface ChangedBackup extends Partial<BackupRequest> {
  readonly clients?: FoundClients
  readonly machine?: Machine
}

/** Only read back and decoded, unless something else is asked for. */
export async function backUp(
  url: string,
  directory: string,
  { clients, machine, ...changed }: ChangedBackup = {},
): Promise<Backup> {
  const target = parsed(url)
  await using janitor = await startJanitor()
  await using session = await connect(target)
  await using made = await performBackup({
    directory,
    target,
    historySchema: target.schema,
    session,
    connectionFor: connectionFor(target),
    openSession: () => connect(target),
    clientFor: async (major) => {
      const choice = chooseClient(clients ?? (await labClients()), major, machine ?? (await labMachine()))
      if (choice.kind === 'none') throw new FailureError(choice.failure)
      return choice.client
    },
    tier: { tier: 'decoded' },
    openScratch: scratchOpener(janitor),
    lockTimeoutMs: 2_000,
    contentBudgetMs: 30_000,
    shape: { format: 'auto', jobs: 'auto', compression: 'auto' },
    cpus: 2,
    recipients: [],
    travels: false,
    age: undefined,
    temporary: tmpdir(),
    janitor,
    airlockVersion: '0.0.0-test',
    environment: 'production',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changed,
  })
  return made.backup
}

function scratchOpener(janitor: Janitor): BackupRequest['openScratch'] {
  return async (major, sourceSystemIdentifier) =>
    openScratchServer({
      source: { kind: 'installed' },
      major,
      sourceSystemIdentifier,
      environment: { AIRLOCK_PG_BIN: await labServerPath() },
      janitor,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
}

/** `url` says the server and the role. */
export async function restore(
  url: string,
  manifestPath: string,
  into: string,
  changed: Partial<RestoreRequest> = {},
): Promise<Restored> {
  const target = parsed(url)
  await using janitor = await startJanitor()
  await using admin = await connect(target)
  return await restoreBackup({
    manifestPath,
    into,
    replaces: target.database,
    admin,
    openSession: (database) => connect(withDatabase(target, database)),
    connectionFor: connectionFor(target),
    jobs: 2,
    identityFile: undefined,
    program: undefined,
    janitor,
    clients: await labClients(),
    machine: await labMachine(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changed,
  })
}

/** Read back and decoded, unless something else is asked for. */
export async function check(manifestPath: string, changed: Partial<ProofRequest> = {}): Promise<CheckedBackup> {
  await using janitor = await startJanitor()
  return await checkBackup({
    manifestPath,
    clients: await labClients(),
    machine: await labMachine(),
    identityFile: undefined,
    program: undefined,
    janitor,
    tier: 'decoded',
    openScratch: scratchOpener(janitor),
    temporary: tmpdir(),
    jobs: 2,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changed,
  })
}

/** The failure that a promise ends with; anything else, and no failure at all, is an error of the test. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    (value) => new Error(`succeeded with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (thrown instanceof FailureError) return thrown.failure
  throw thrown
}
