/** Two works at the same time. When one of them fails the other is stopped, and what failed first is thrown. */
export async function bothAtOnce<A, B>(
  signal: AbortSignal,
  [a, b]: readonly [(signal: AbortSignal) => Promise<A>, (signal: AbortSignal) => Promise<B>],
): Promise<readonly [A, B]> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const stopOther = (thrown: unknown) => {
    stop.abort(thrown)
    throw thrown
  }
  const [first, second] = await Promise.allSettled([a(both).catch(stopOther), b(both).catch(stopOther)])
  // The first failure is the reason; the other one only says that it was stopped.
  if (stop.signal.aborted) throw stop.signal.reason
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}
