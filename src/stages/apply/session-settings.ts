import type { Policy } from '../../config.ts'
import type { PlannedMigration } from '../plan/plan.ts'
import { isGentle } from './gentle.ts'

/** Lets Airlock find the sessions that Prisma opened for this run, and only those. */
export function applicationNameOf(runId: string): string {
  return `airlock-apply-${runId}`
}

/**
 * Settings that reach the server through the URL, for every session that Prisma opens while it applies. `endWithClient`:
 * a migration must not go on, unwatched, on a server whose client was killed.
 */
export function applySettings(
  policy: Policy,
  runId: string,
  endWithClient: Readonly<Record<string, string>>,
  pending: readonly Pick<PlannedMigration, 'statements'>[] = [],
): Readonly<Record<string, string>> {
  return {
    ...endWithClient,
    application_name: applicationNameOf(runId),
    ...limitsFor(policy, pending),
  }
}

export function gentleLockTimeoutMs(policy: Policy): number {
  return Math.max(policy['lock-timeout'], policy['blocker-wait'])
}

/** One session applies all of them, so that only what is gentle as a whole gets other limits. */
function limitsFor(
  policy: Policy,
  pending: readonly Pick<PlannedMigration, 'statements'>[],
): Readonly<Record<string, string>> {
  if (pending.length > 0 && pending.every(isGentle))
    return {
      lock_timeout: `${gentleLockTimeoutMs(policy)}ms`,
      statement_timeout: '0',
    }
  const limit = policy['statement-timeout']
  return {
    lock_timeout: `${policy['lock-timeout']}ms`,
    ...(limit === undefined ? {} : { statement_timeout: `${limit}ms` }),
  }
}
