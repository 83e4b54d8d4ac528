import type { Context } from '../../../context.ts'
import { FailureError } from '../../../errors.ts'
import { connect } from '../../../postgres/connection.ts'
import { findServerPrograms } from '../../../postgres/scratch/server-programs.ts'
import { serverVersionOf } from '../../../postgres/server-identity.ts'
import { type DatabaseUrl, parseDatabaseUrl, secretsOf } from '../../../postgres/url.ts'

export interface ChosenMajor {
  readonly major: number
  readonly because: string
}

const newestKnown = 18
const oldestKnown = 14

/** That of the database where there is one, because definitions are read and written in its words. */
export async function chooseMajor(context: Context, url: DatabaseUrl | undefined): Promise<ChosenMajor> {
  const { invocation, run, policy, redactor } = context
  if (invocation.serverVersion !== undefined) return { major: invocation.serverVersion, because: 'as asked for' }
  const named = invocation.env.AIRLOCK_SCRATCH_URL ?? ''
  if (named !== '' && (policy.backup.scratch === 'url' || policy.backup.scratch === 'auto')) {
    redactor.add([named])
    const parsed = parseDatabaseUrl(named, 'AIRLOCK_SCRATCH_URL')
    if (parsed.kind === 'invalid') throw new FailureError(parsed.failure)
    redactor.add(secretsOf(parsed.url))
    return { major: await majorOf(parsed.url, run.signal), because: 'that of AIRLOCK_SCRATCH_URL' }
  }
  if (url !== undefined) return { major: await majorOf(url, run.signal), because: 'that of the database' }
  const { programs } = await findServerPrograms(invocation.env)
  const installed = programs.map(({ major }) => major).filter((major) => major >= oldestKnown && major <= newestKnown)
  return installed.length > 0 && policy.backup.scratch !== 'embedded'
    ? { major: Math.max(...installed), because: 'the newest on this machine; no connection URL says another' }
    : { major: newestKnown, because: 'the newest; no connection URL says another' }
}

async function majorOf(url: DatabaseUrl, signal: AbortSignal): Promise<number> {
  await using session = await connect(url, 'airlock undo', signal)
  return (await serverVersionOf(session)).major
}
