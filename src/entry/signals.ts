/** The first SIGINT or SIGTERM asks the run to stop at the nearest safe point; a second one is the user insisting. */
export function cancelSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // GitHub sends SIGINT and, 7.5 s later, SIGTERM: the second of another kind must not cut the clean-up short.
    process.once(signal, () => controller.abort())
  }
  return controller.signal
}
