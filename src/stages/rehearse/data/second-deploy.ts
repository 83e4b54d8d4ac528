import type { Context } from '../../../context.ts'
import { differenceSince, packCatalog } from '../../../postgres/packed-catalog.ts'
import { withoutRowValues } from '../../../postgres/row-values.ts'
import { applyOnce } from '../../apply/perform.ts'
import type { DatabaseCopy } from '../../backup/backup.ts'
import { clearanceOnCopy } from '../../gate/decide.ts'
import type { Plan } from '../../plan/plan.ts'
import { observe } from '../../preflight/observe.ts'
import { readFacts, type Target } from '../../preflight/perform.ts'
import { causeIn } from '../../recover/perform.ts'
import { noWayBack } from '../real-run.ts'
import type { DataCheck } from './data-check.ts'
import { decideSecondDeploy } from './decide-second-deploy.ts'
import { readFootprints } from './footprints.ts'
import { writtenBetween } from './written.ts'

/** A deploy that is started again has nothing to do: the engine that applied the migrations is asked for it once more. */
export async function deployAgain(
  context: Context,
  copy: Target,
  plan: Plan,
  database: DatabaseCopy,
): Promise<DataCheck> {
  const { history } = await readFacts(copy)
  const planned = new Set(plan.migrations.map(({ name }) => name))
  const pending = history.pending.filter(({ name }) => planned.has(name)).map(({ name }) => name)
  // Where Airlock applies them its next run ends here: the history says that nothing is pending.
  if (copy.apply === 'atomic' || pending.length > 0)
    return decideSecondDeploy({ kind: 'history', pending, applied: history.applied.length })
  const before = await packCatalog(copy.session)
  const footprints = await readFootprints(copy.session)
  const clearance = clearanceOnCopy({ ...plan, migrations: [] }, database)
  context.run.progress('a second deploy, which should find nothing pending')
  const exit = await applyOnce(context, copy, clearance, { ...history, pending: [] }, noWayBack)
  const { history: left } = await observe(copy)
  return decideSecondDeploy({
    kind: 'engine',
    engine: exit.engine,
    said: exit.code === 0 ? undefined : withoutRowValues(context.redactor.text(causeIn(exit))),
    applied: { before: history.applied.length, after: left.applied.length },
    failed: left.failed.map(({ name }) => name),
    difference: await differenceSince(before, copy.session),
    written: writtenBetween(footprints, await readFootprints(copy.session)),
  })
}
