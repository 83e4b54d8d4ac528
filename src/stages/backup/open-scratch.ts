import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import { openScratchServer, type ScratchServer, type ScratchSource } from '../../postgres/scratch/scratch-server.ts'
import { parseDatabaseUrl } from '../../postgres/url.ts'

const variable = 'AIRLOCK_SCRATCH_URL'

/** The server that a backup is restored into for its proof, as the policy says; a URL in the environment goes first. */
export function scratchOpener(
  { run, invocation, redactor }: Context,
  janitor: Janitor,
  wanted: ScratchWish,
): (major: number, sourceSystemIdentifier: string | null) => Promise<ScratchServer> {
  return (major, sourceSystemIdentifier) =>
    openScratchServer({
      source: sourceFor(wanted, invocation.env[variable] ?? '', redactor),
      major,
      sourceSystemIdentifier,
      environment: invocation.env,
      janitor,
      signal: run.signal,
      onProgress: (text) => run.progress(text),
      cwd: invocation.cwd,
    })
}

export type ScratchWish = Context['policy']['backup']['scratch']

function sourceFor(wanted: ScratchWish, url: string, redactor: Context['redactor']): ScratchSource {
  if (wanted !== 'url' && (wanted !== 'auto' || url === '')) return { kind: wanted }
  redactor.add([url])
  const parsed = parseDatabaseUrl(url, variable)
  if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
  return { kind: 'url', url: parsed.url }
}
