import { constants } from 'node:os'

/**
 * The first SIGINT or SIGTERM asks the run to stop at the nearest safe point. GitHub sends SIGINT and, 7.5 s later, SIGTERM:
 * one of each must not cut the clean-up short. The second of a kind is the user insisting.
 */
export function cancelSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      controller.abort()
      // Not the default action, which would leave behind what ends and removes itself when this process exits.
      process.once(signal, () => process.exit(128 + constants.signals[signal]))
    })
  }
  return controller.signal
}
