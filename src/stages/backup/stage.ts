import { availableParallelism, tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { startJanitor } from '../../janitor/janitor.ts'
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
import type { Backup } from './backup.ts'
import { type Compression, parseCompression, type WantedShape } from './dump/shape.ts'
import { scratchOpener } from './open-scratch.ts'
import { performBackup } from './perform.ts'
import { chosenStrategy } from './providers/open-strategy.ts'
import { takeSnapshot } from './providers/stage.ts'
import { findAge } from './seal/age-program.ts'
import { openStoreText } from './store/open-store.ts'
import { requireSealed } from './store/sealed.ts'

/** The way back for a deploy: a backup, or the policy's own word that none is wanted. */
export async function makeWayBack(context: Context, url: DatabaseUrl): Promise<WayBack> {
  if (context.policy.backup.strategy === 'none') {
    context.run.skip('backup', 'airlock.yml says `backup: { strategy: none }`')
    return { kind: 'waived-by-policy' }
  }
  const { invocation, policy } = context
  const chosen = chosenStrategy(policy.backup)
  if (chosen !== undefined) return takeSnapshot(context, url, chosen)
  return backUp(
    context,
    url,
    invocation.backupDir ?? policy.backup.dir ?? resolve(invocation.cwd, '.airlock', 'backups'),
  )
}

export async function backUp(context: Context, url: DatabaseUrl, directory: string): Promise<Backup> {
  const { run, invocation, policy } = context
  return run.stage(
    'backup',
    async () => {
      const folder = resolve(invocation.cwd, directory)
      await makePrivateFolder(folder)
      await using janitor = await startJanitor()
      await using session = await connect(url, 'airlock backup', run.signal)
      const backup = await performBackup({
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
      await keepInStore(context, backup)
      return backup
    },
    (backup) => ({
      outcome: 'pass',
      summary: summaryOf(backup),
      detail: { manifest: backup.manifestPath, tier: backup.tier, notChecked: backup.notChecked },
    }),
  )
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
async function clientFor({ run, invocation, policy }: Context, serverMajor: number): Promise<ClientTools> {
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
