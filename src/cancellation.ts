import { FailureError, fail } from './errors.ts'

/** How a run that was asked to stop ends, and how work that cannot be interrupted is left behind. */

export function cancellation(cause?: unknown): FailureError {
  return fail(
    'RUN.CANCELLED',
    {
      what: 'The run was cancelled.',
      why: 'It received an interrupt or termination signal, before any migration was applied.',
      next: ['Run `airlock plan` to see what is applied and what is still pending, then deploy again.'],
    },
    { cause },
  )
}

export function isCancellation(error: unknown): boolean {
  return error instanceof FailureError && error.failure.code === 'RUN.CANCELLED'
}

/** Ends as soon as the signal comes, whatever becomes of the work. */
export async function unlessCancelled<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return work
  let giveUp = () => {}
  const cancelled = new Promise<never>((_, reject) => {
    giveUp = () => reject(cancellation(signal.reason))
  })
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    return await Promise.race([work, cancelled])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
