import type { Context } from '../../../context.ts'
import type { DatabaseUrl } from '../../../postgres/url.ts'
import type { DatabaseCopy } from '../../backup/backup.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Target } from '../../preflight/perform.ts'
import type { RehearsalMode } from '../estimate/estimate.ts'
import { askAssertions } from './ask-assertions.ts'
import type { DataCheck } from './data-check.ts'
import { decideAssertion } from './decide-assertion.ts'
import type { StoredTable } from './read-tables.ts'
import { seedTwice } from './run-seed.ts'
import { deployAgain } from './second-deploy.ts'
import { watchTables } from './watch-tables.ts'

export interface DataWatch {
  /** On a copy on which the migrations went through, in the order in which production meets it. */
  readonly check: () => Promise<readonly DataCheck[]>
}

interface Watched {
  readonly mode: RehearsalMode
  readonly database: DatabaseCopy
  readonly writtenOver: readonly StoredTable[]
  /** Where a seed must not arrive. */
  readonly production: DatabaseUrl
}

/** What has to be known of the copy before the migrations run on it. */
export async function watchData(
  context: Context,
  copy: Target,
  plan: Plan,
  { mode, database, writtenOver, production }: Watched,
): Promise<DataWatch> {
  const again = async () => [
    await deployAgain(context, copy, plan, database),
    ...(await seedTwice(context, { mode, copy, production })),
  ]
  if (mode === 'schema') return { check: again }
  const { assertions } = context.policy
  const tables = await watchTables(copy, plan, writtenOver)
  const before = await askAssertions(copy, assertions, 'before')
  return {
    async check() {
      const compared = await tables.compare()
      const after = await askAssertions(copy, assertions, 'after')
      return [
        ...compared,
        ...assertions.map((one) => decideAssertion(one, { before: before.get(one), after: after.get(one) })),
        ...(await again()),
      ]
    },
  }
}
