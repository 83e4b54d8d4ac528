import type { Session } from '../../ports.ts'
import type { Backup } from '../backup/backup.ts'
import type { Plan } from '../plan/plan.ts'
import { readRelations } from '../preflight/relations.ts'
import type { DeployEstimate, RehearsalMode } from './estimate/estimate.ts'
import { estimateDeploy, relationsOf } from './estimate/estimate-deploy.ts'
import { machinesOf, nothingMeasured } from './estimate/machines.ts'
import { measureMachines } from './estimate/measure-machines.ts'
import type { Trace } from './trace/trace.ts'

/** Where the copy comes from: who it is compared with, as far as there is anybody. */
export interface Origin {
  readonly production: Session | undefined
  readonly backup: Backup | undefined
}

/** The copy has not changed yet: its sizes are those of the moment of the backup. */
export async function estimateOnCopy(
  copy: Session,
  { mode, trace, plan }: { readonly mode: RehearsalMode; readonly trace: Trace; readonly plan: Plan },
  { production, backup }: Origin,
): Promise<DeployEstimate> {
  const names = [...relationsOf(trace, plan.migrations)]
  const sizesOn = async (session: Session) =>
    new Map((await readRelations(session, names)).map(({ name, bytes, rows }) => [name, { bytes, rows }]))
  const sizes = await sizesOn(copy)
  return estimateDeploy({
    mode,
    trace,
    plan: plan.migrations,
    sizes: { production: production === undefined ? sizes : await sizesOn(production), copy: sizes },
    machines: machinesOf(
      production === undefined
        ? nothingMeasured
        : await measureMachines({ production, copy, backup: readingOf(backup) }),
    ),
  })
}

function readingOf(backup: Backup | undefined): { readonly tableBytes: number; readonly ms: number } | undefined {
  const took = backup?.manifest.tookMs
  return backup === undefined || took === undefined
    ? undefined
    : { tableBytes: backup.manifest.source.bytes, ms: took.dump }
}
