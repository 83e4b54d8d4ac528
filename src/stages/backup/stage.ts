import { availableParallelism, tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { startJanitor } from '../../janitor/janitor.ts'
import { connectionFor } from '../../postgres/client-connection.ts'
import { describeMachine, findClients } from '../../postgres/client-tools.ts'
import { connect } from '../../postgres/connection.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'
import { makePrivateFolder } from '../../private-folder.ts'
import { formatBytes } from '../../report/words.ts'
import type { WayBack } from '../apply/perform.ts'
import type { Backup } from './backup.ts'
import { performBackup } from './perform.ts'
import { findAge } from './seal/age-program.ts'

/** Counting may take this long; a table that was not reached says so in the manifest. */
const countBudgetMs = 60_000

/** The way back for a deploy: a backup, or the policy's own word that none is wanted. */
export async function makeWayBack(context: Context, url: DatabaseUrl): Promise<WayBack> {
  if (context.policy.backup.strategy === 'none') {
    context.run.skip('backup', 'airlock.yml says `backup: { strategy: none }`')
    return { kind: 'waived-by-policy' }
  }
  const { invocation, policy } = context
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
      return await performBackup({
        directory: folder,
        target: url,
        historySchema: url.schema,
        session,
        connectionFor: connectionFor(url),
        clients: await findClients(invocation.env),
        machine: await describeMachine(invocation.env),
        lockTimeoutMs: policy['lock-timeout'],
        countBudgetMs,
        shape: { format: 'auto', jobs: 'auto', compression: 'auto' },
        cpus: availableParallelism(),
        recipients: [],
        age: await findAge(invocation.env),
        temporary: invocation.env.RUNNER_TEMP ?? tmpdir(),
        janitor,
        airlockVersion: context.version,
        signal: run.signal,
        onProgress: (text) => run.progress(text),
      })
    },
    (backup) => ({
      outcome: 'pass',
      summary: `${formatBytes(backup.bytes)}, proven to the tier \`${backup.tier}\`; ${backup.notChecked.map((what) => what.split(':')[0]).join(', ')} not checked`,
      detail: { manifest: backup.manifestPath, tier: backup.tier, notChecked: backup.notChecked },
    }),
  )
}
