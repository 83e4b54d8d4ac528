import type { Context } from '../../../context.ts'
import type { DatabaseCopy } from '../../backup/backup.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Target } from '../../preflight/perform.ts'
import type { DataCheck } from './data-check.ts'
import { seedTwice } from './run-seed.ts'
import { deployAgain } from './second-deploy.ts'

/** On a copy on which the migrations went through, in the order in which production meets it. */
export async function checkData(
  context: Context,
  copy: Target,
  plan: Plan,
  database: DatabaseCopy,
): Promise<readonly DataCheck[]> {
  return [await deployAgain(context, copy, plan, database), ...(await seedTwice(context, copy))]
}
