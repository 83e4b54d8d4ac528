import { availableParallelism, tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import type { Janitor } from '../../janitor/janitor.ts'
import { describeMachine, findClients } from '../../postgres/client-tools.ts'
import { type ScratchWish, scratchOpener } from '../backup/open-scratch.ts'
import { findAge } from '../backup/seal/age-program.ts'
import { openStoreText } from '../backup/store/open-store.ts'
import type { ProofRequest } from './check.ts'

/** Everything that a command needs to open the backup that `--from` names. */
export async function backupRequest(
  context: Context,
  janitor: Janitor,
  from: string,
  wish: ScratchWish = 'auto',
): Promise<ProofRequest> {
  const { invocation, run } = context
  return {
    clients: await findClients(invocation.env),
    machine: await describeMachine(invocation.env),
    manifestPath: await manifestFor(context, janitor, from),
    signal: run.signal,
    onProgress: (text: string) => run.progress(text),
    identityFile: invocation.identity === undefined ? undefined : resolve(invocation.cwd, invocation.identity),
    program: await findAge(invocation.env),
    janitor,
    tier: invocation.tier,
    openScratch: scratchOpener(context, janitor, wish),
    temporary: invocation.env.RUNNER_TEMP ?? tmpdir(),
    jobs: Math.min(4, availableParallelism()),
  }
}

/** The file on this machine; from a store it is fetched first, into a folder that goes with the run. */
async function manifestFor(context: Context, janitor: Janitor, from: string): Promise<string> {
  const { invocation, run } = context
  if (invocation.store === undefined) return resolve(invocation.cwd, from)
  const access = { env: invocation.env, signal: run.signal, onProgress: (text: string) => run.progress(text) }
  const store = await openStoreText(invocation.store, invocation.cwd, access)
  const folder = await janitor.folder(invocation.env.RUNNER_TEMP ?? tmpdir(), 'airlock-fetched-')
  run.progress(`fetching ${from} from ${store.describe}`)
  return store.fetch(from.replace(/\.manifest\.json$/, ''), folder.path)
}
