import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { packCatalog } from '../../postgres/packed-catalog.ts'
import { withoutRowValues } from '../../postgres/row-values.ts'
import { applyOnce, type WayBack } from '../apply/perform.ts'
import type { Clearance } from '../gate/decide.ts'
import { observeSince } from '../preflight/observe.ts'
import { readFacts, type Target } from '../preflight/perform.ts'
import { nothingApplied } from '../recover/nothing-applied.ts'
import { causeIn } from '../recover/perform.ts'
import { recordedIn } from '../verify/perform.ts'
import { otherState } from './decide.ts'
import type { RealRun } from './rehearsal.ts'

/** A copy is made from a backup and needs none. */
export const noWayBack: WayBack = { kind: 'waived-by-policy' }

/** Applies the plan to the copy exactly as it is going to be applied: the same engine, settings and limits. */
export async function runForReal(context: Context, copy: Target, clearance: Clearance): Promise<RealRun> {
  const { plan } = clearance
  const { history } = await readFacts(copy)
  const planned = new Set(plan.migrations.map(({ name }) => name))
  const pending = history.pending.filter(({ name }) => planned.has(name))
  const other = otherState(plan, pending)
  if (other !== undefined) throw new FailureError(other)
  const before = await packCatalog(copy.session)
  const startedAt = performance.now()
  const exit = await applyOnce(context, copy, clearance, { ...history, pending }, noWayBack)
  const ms = Math.round(performance.now() - startedAt)
  const { history: left, difference } = await observeSince(before, copy)
  const recorded = recordedIn(left)
  const finished = plan.migrations
    .filter(({ name, checksum }) => recorded.get(name) === checksum)
    .map(({ name }) => name)
  const failed = [
    ...left.failed.map(({ name }) => name),
    ...(exit.stoppedIn === undefined ? [] : [exit.stoppedIn.name]),
  ]
  const said = exit.code === 0 ? undefined : withoutRowValues(context.redactor.text(causeIn(exit)))
  // An engine that cannot be started says nothing about the migrations.
  if (said !== undefined && finished.length + failed.length === 0) throw new FailureError(nothingApplied(exit, said))
  return { engine: exit.engine, ms, finished, failed, said, difference }
}
