import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import { openScratchServer, type ScratchServer, type ScratchSource } from '../../postgres/scratch/scratch-server.ts'
import { parseDatabaseUrl } from '../../postgres/url.ts'

const variable = 'AIRLOCK_SCRATCH_URL'

/** The server that a backup is restored into for its proof, as the policy says; a URL in the environment goes first. */
export function scratchOpener(
  { run, invocation, policy }: Context,
  janitor: Janitor,
): (major: number, sourceSystemIdentifier: string | null) => Promise<ScratchServer> {
  return (major, sourceSystemIdentifier) =>
    openScratchServer({
      source: sourceFor(policy.backup.scratch, invocation.env[variable] ?? ''),
      major,
      sourceSystemIdentifier,
      environment: invocation.env,
      janitor,
      signal: run.signal,
      onProgress: (text) => run.progress(text),
      cwd: invocation.cwd,
    })
}

function sourceFor(wanted: 'auto' | 'installed' | 'embedded' | 'url', url: string): ScratchSource {
  if (wanted !== 'url' && (wanted !== 'auto' || url === '')) return { kind: wanted }
  const parsed = parseDatabaseUrl(url, variable)
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  return { kind: 'url', url: parsed.url }
}
