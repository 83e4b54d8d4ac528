import { availableParallelism, tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { type Janitor, startJanitor } from '../../janitor/janitor.ts'
import { clientNotice } from '../../postgres/client-advisories.ts'
import type { ClientTools } from '../../postgres/client-choice.ts'
import { connectionFor } from '../../postgres/client-connection.ts'
import { ensureClient } from '../../postgres/client-install/perform.ts'
import { describeMachine } from '../../postgres/client-tools.ts'
import { connect } from '../../postgres/connection.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'
import { makePrivateFolder } from '../../private-folder.ts'
import { formatBytes } from '../../report/words.ts'
import type { WayBack } from '../apply/perform.ts'
import type { Backup, BackupWithCopy, DatabaseCopy } from './backup.ts'
import { type Compression, parseCompression, type WantedShape } from './dump/shape.ts'
import { scratchOpener } from './open-scratch.ts'
import { performBackup } from './perform.ts'
import { chosenStrategy } from './providers/open-strategy.ts'
import { takeSnapshot } from './providers/stage.ts'
import { findAge } from './seal/age-program.ts'
import { openStoreText } from './store/open-store.ts'
import { requireSealed } from './store/sealed.ts'

/** The way back for a deploy; and the copy that it was proven on, which is there until this is disposed of. */
export interface MadeWayBack extends AsyncDisposable {
  readonly wayBack: WayBack
  readonly copy: DatabaseCopy | undefined
}

/** A backup, or the policy's own word that none is wanted. */
export async function makeWayBack(context: Context, url: DatabaseUrl): Promise<MadeWayBack> {
  const { invocation, policy } = context
  if (policy.backup.strategy === 'none') {
    context.run.skip('backup', 'airlock.yml says `backup: { strategy: none }`')
    return withoutCopy({ kind: 'waived-by-policy' })
  }
  const chosen = chosenStrategy(policy.backup)
  if (chosen !== undefined) return withoutCopy(await takeSnapshot(context, url, chosen))
  const folder = invocation.backupDir ?? policy.backup.dir ?? resolve(invocation.cwd, '.airlock', 'backups')
  const made = await backUp(context, url, folder)
  return { wayBack: made.backup, copy: made.copy, [Symbol.asyncDispose]: () => made[Symbol.asyncDispose]() }
}

function withoutCopy(wayBack: WayBack): MadeWayBack {
  return { wayBack, copy: undefined, async [Symbol.asyncDispose]() {} }
}

export async function backUp(context: Context, url: DatabaseUrl, directory: string): Promise<BackupWithCopy> {
  return context.run.stage(
    'backup',
    async () => {
      // Not only for the backup: what it watches over is there as long as the copy.
      const janitor = await startJanitor()
      try {
        const made = await dumpAndProve(context, url, directory, janitor)
        try {
          await keepInStore(context, made.backup)
        } catch (thrown) {
          await made[Symbol.asyncDispose]()
          throw thrown
        }
        return {
          ...made,
          async [Symbol.asyncDispose]() {
            await made[Symbol.asyncDispose]()
            await janitor[Symbol.asyncDispose]()
          },
        }
      } catch (thrown) {
        await janitor[Symbol.asyncDispose]()
        throw thrown
      }
    },
    ({ backup }) => ({
      outcome: 'pass',
      summary: summaryOf(backup),
      detail: { manifest: backup.manifestPath, tier: backup.tier, notChecked: backup.notChecked },
    }),
  )
}

/** A copy and nothing else: its dump lies in a folder that the caller removes, in plain text and in no store. */
export async function copyDatabase(
  context: Context,
  url: DatabaseUrl,
  { folder, janitor }: { readonly folder: string; readonly janitor: Janitor },
): Promise<BackupWithCopy> {
  const policy = { ...context.policy, backup: { ...context.policy.backup, store: undefined, 'encrypt-to': [] } }
  const invocation = { ...context.invocation, tier: 'restored', store: undefined, encryptTo: [] } as const
  return context.run.stage(
    'backup',
    () => dumpAndProve({ ...context, policy, invocation }, url, folder, janitor),
    ({ backup }) => ({ outcome: 'pass', summary: `a copy of the database, ${formatBytes(backup.bytes)} as a dump` }),
  )
}

async function dumpAndProve(
  context: Context,
  url: DatabaseUrl,
  directory: string,
  janitor: Janitor,
): Promise<BackupWithCopy> {
  const { run, invocation, policy } = context
  const folder = resolve(invocation.cwd, directory)
  await makePrivateFolder(folder)
  await using session = await connect(url, 'airlock backup', run.signal)
  // `await`, or the session would be gone before it is used.
  return await performBackup({
    directory: folder,
    target: url,
    historySchema: url.schema,
    session,
    openSession: () => connect(url, 'airlock backup', run.signal),
    connectionFor: connectionFor(url),
    clientFor: (major) => clientFor(context, major),
    lockTimeoutMs: policy['lock-timeout'],
    contentBudgetMs: policy.backup['content-budget'],
    shape: shapeFrom(policy.backup),
    cpus: availableParallelism(),
    tier: invocation.tier === undefined ? policy.backup : { tier: invocation.tier },
    openScratch: scratchOpener(context, janitor, policy.backup.scratch),
    travels:
      (invocation.store ?? policy.backup.store) !== undefined ||
      policy.backup['encrypt-to'].length + invocation.encryptTo.length > 0,
    recipients: [...new Set([...policy.backup['encrypt-to'], ...invocation.encryptTo])],
    age: await findAge(invocation.env),
    temporary: invocation.env.RUNNER_TEMP ?? tmpdir(),
    janitor,
    airlockVersion: context.version,
    environment: invocation.environment,
    signal: run.signal,
    onProgress: (text) => run.progress(text),
  })
}

/** A copy where the policy says; the one on this machine stays what a recovery of this run uses. */
async function keepInStore({ run, invocation, policy }: Context, backup: Backup): Promise<void> {
  const text = invocation.store ?? policy.backup.store
  if (text === undefined) return
  const access = { env: invocation.env, signal: run.signal, onProgress: (line: string) => run.progress(line) }
  const store = await openStoreText(text, invocation.cwd, access)
  if (requireSealed(backup.manifest, store.describe) !== undefined) {
    run.notice(
      `The backup lies in ${store.describe} as it is: whoever reads that store reads the database. \`encrypt-to\` in airlock.yml encrypts it.`,
    )
  }
  run.progress(`copying the backup to ${store.describe}`)
  await store.put({ manifestPath: backup.manifestPath, manifest: backup.manifest })
}

/** Installed where it is missing and the policy, or a runner that is thrown away after the job, lets us. */
export async function clientFor({ run, invocation, policy }: Context, serverMajor: number): Promise<ClientTools> {
  const machine = await describeMachine(invocation.env)
  const choice = await ensureClient({
    serverMajor,
    environment: invocation.env,
    machine,
    install: policy.backup['install-client'] ?? invocation.env.RUNNER_ENVIRONMENT === 'github-hosted',
    signal: run.signal,
    onProgress: (text) => run.progress(text),
  })
  if (choice.kind === 'none') throw new FailureError(choice.failure)
  const notice = clientNotice(choice.client, machine)
  if (notice !== undefined) run.notice(notice)
  return choice.client
}

function shapeFrom(backup: Context['policy']['backup']): WantedShape {
  return { format: backup.format, jobs: backup.jobs ?? 'auto', compression: compressionFrom(backup.compression) }
}

function compressionFrom(text: string): 'auto' | Compression {
  const parsed = parseCompression(text)
  if (parsed.kind === 'invalid') throw new Error(`airlock.yml was read, and ${parsed.because}`)
  return parsed.compression
}

function summaryOf({ bytes, tier, notChecked, manifest }: Backup): string {
  const sealed = manifest.encryption === null ? '' : ', encrypted'
  const open = notChecked.map((what) => what.split(':')[0])
  return `${formatBytes(bytes)}${sealed}, proven to the tier \`${tier}\`${open.length === 0 ? '' : `; ${open.join(', ')} not checked`}`
}
