import { fail } from '../../../errors.ts'

/** A restore takes the disk, the memory and the connections of its server, so it must not be the one in use. */
export function refuseSource(
  source: { readonly systemIdentifier: string | null },
  scratch: { readonly kind: string; readonly systemIdentifier: string | null },
): void {
  if (scratch.kind !== 'url' || source.systemIdentifier === null) return
  if (source.systemIdentifier !== scratch.systemIdentifier) return
  throw fail('SCRATCH.IS_SOURCE', {
    what: 'The server in AIRLOCK_SCRATCH_URL is the one that was backed up.',
    why: 'Restoring a copy beside the database would take disk, memory and processors from the application.',
    next: [
      'Name another server of the same major version in AIRLOCK_SCRATCH_URL, such as a service container.',
      'Or leave it empty: Airlock then starts a server of its own for the proof.',
    ],
  })
}
