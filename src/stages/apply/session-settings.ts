import type { Policy } from '../../config.ts'

/** Lets Airlock find the sessions that Prisma opened for this run, and only those. */
export function applicationNameOf(runId: string): string {
  return `airlock-apply-${runId}`
}

/** Settings that reach the server through the URL, for every session that Prisma opens while it applies. */
export function applySettings(policy: Policy, runId: string): Readonly<Record<string, string>> {
  return {
    application_name: applicationNameOf(runId),
    lock_timeout: `${policy['lock-timeout']}ms`,
  }
}
