import type { Policy } from '../../config.ts'

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
): Readonly<Record<string, string>> {
  return {
    ...endWithClient,
    application_name: applicationNameOf(runId),
    lock_timeout: `${policy['lock-timeout']}ms`,
  }
}
