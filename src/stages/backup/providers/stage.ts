import type { Context } from '../../../context.ts'
import { FailureError } from '../../../errors.ts'
import { startJanitor } from '../../../janitor/janitor.ts'
import { connectionFor } from '../../../postgres/client-connection.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
import { nameSnapshot } from './decide.ts'
import { trustProblem } from './decide-trust.ts'
import { type ChosenStrategy, openStrategy } from './open-strategy.ts'
import type { Capabilities, Snapshot, StrategyName } from './strategy.ts'

/** A way back that somebody else keeps. */
export interface SnapshotWayBack {
  readonly kind: 'snapshot'
  readonly strategy: StrategyName
  readonly snapshot: Snapshot
  readonly proven: Capabilities['proves']
  readonly notChecked: readonly string[]
  readonly notCaptured: readonly string[]
}

/** libpq of 16 and newer knows `sslrootcert=system`; the user’s own program may have an older one, so it gets the file. */
const oldestLibpq = { folder: '', dump: '', restore: '', major: 14, version: '14' }

export async function takeSnapshot(
  context: Context,
  url: DatabaseUrl,
  chosen: ChosenStrategy,
): Promise<SnapshotWayBack> {
  const { run, invocation, policy } = context
  return run.stage(
    'backup',
    async () => {
      await using janitor = await startJanitor()
      const strategy = await openStrategy(chosen, {
        target: url,
        environment: invocation.env,
        connection: connectionFor(url)(oldestLibpq),
        cwd: invocation.cwd,
        janitor,
      })
      const { capabilities } = strategy
      const wanted = {
        tier: invocation.tier ?? policy.backup.tier,
        trustProvider: invocation.tier === undefined && policy.backup['trust-provider'],
      }
      // Before anything is made that would not be enough.
      const problem = trustProblem(capabilities.proves, wanted)
      if (problem !== undefined) throw new FailureError(problem)
      const taken = await strategy.take({
        name: nameSnapshot(url.database, new Date()),
        signal: run.signal,
        onProgress: (text) => run.progress(text),
      })
      const less = trustProblem(taken.proven, wanted)
      if (less !== undefined) throw new FailureError(less)
      const { notCaptured } = capabilities
      return { kind: 'snapshot' as const, strategy: strategy.name, notCaptured, ...taken }
    },
    ({ strategy, snapshot, proven, notChecked, notCaptured }) => ({
      outcome: 'pass',
      summary: `${snapshot.where}; ${proven === 'checksum' ? 'its files were checked' : 'not proven'}, not restored`,
      detail: {
        strategy,
        proven,
        notChecked,
        notCaptured,
        snapshot: { ...snapshot, at: snapshot.at?.toISOString() ?? null },
      },
    }),
  )
}
