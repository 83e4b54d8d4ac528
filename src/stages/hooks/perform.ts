import type { Context } from '../../context.ts'
import { FailureError } from '../../errors.ts'
import { startJanitor } from '../../janitor/janitor.ts'
import { connectWithoutLimits } from '../../postgres/connection.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import { plural } from '../../report/words.ts'
import { lockModes, type RelationName } from '../../sql/model.ts'
import type { Plan } from '../plan/plan.ts'
import type { Target } from '../preflight/perform.ts'
import { runHook } from './run-hook.ts'

/** Stops the deploy where one of them fails: it may be what makes the deploy safe. */
export async function beforeDeploy(context: Context, target: Target): Promise<void> {
  const commands = context.policy.hooks['before-deploy']
  if (commands.length === 0) return
  await context.run.stage(
    'before-deploy',
    async () => {
      await using janitor = await startJanitor()
      for (const argv of commands) {
        const failure = await runHook(context, target, janitor, { moment: 'before-deploy', argv })
        if (failure !== undefined) throw new FailureError(failure)
      }
    },
    () => ({ outcome: 'pass', summary: plural(commands.length, 'program') }),
  )
}

/** The deploy is verified and stands, whatever becomes of these: a failure is told and changes no outcome. */
export async function afterDeploy(context: Context, target: Target, plan: Plan): Promise<void> {
  const { run, policy } = context
  const commands = [
    ...policy.hooks.seed.map((argv) => ({ moment: 'seed' as const, argv })),
    ...policy.hooks['after-deploy'].map((argv) => ({ moment: 'after-deploy' as const, argv })),
  ]
  if (commands.length === 0 && !policy.analyze) return
  await run.stage(
    'after-deploy',
    async () => {
      const problems: string[] = []
      if (policy.analyze) problems.push(...(await analyzeTables(context, target, changedBy(plan))))
      if (commands.length === 0) return problems
      await using janitor = await startJanitor()
      for (const hook of commands) {
        if (run.signal.aborted) return [...problems, `${hook.argv[0]} was not run: the run was cancelled`]
        const failure = await runUnlessCancelled(() => runHook(context, target, janitor, hook))
        if (failure !== undefined) problems.push(`${failure.what} ${failure.why}`)
      }
      return problems
    },
    (problems) => {
      for (const problem of problems) run.notice(problem)
      return problems.length === 0
        ? {
            outcome: 'pass',
            summary: [...(policy.analyze ? ['ANALYZE'] : []), plural(commands.length, 'program')].join(', '),
          }
        : { outcome: 'fail', summary: `${plural(problems.length, 'problem')}; the deploy stands`, detail: { problems } }
    },
    'to-its-end',
  )
}

async function runUnlessCancelled(hook: () => ReturnType<typeof runHook>): ReturnType<typeof runHook> {
  try {
    return await hook()
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
}

const leastOfWriters = lockModes.indexOf('RowExclusiveLock')

function changedBy(plan: Plan): readonly RelationName[] {
  const locks = plan.migrations.flatMap(({ statements }) => statements.flatMap(({ effects }) => effects.locks))
  return [
    ...new Set(locks.filter(({ mode }) => lockModes.indexOf(mode) >= leastOfWriters).map(({ relation }) => relation)),
  ]
}

/** What could not be done, in sentences. Of tables that are gone by now, and of indexes and sequences, there is nothing to do. */
async function analyzeTables(
  { run }: Context,
  { url }: Target,
  relations: readonly RelationName[],
): Promise<readonly string[]> {
  const problems: string[] = []
  try {
    await using session = await connectWithoutLimits(url, 'airlock', run.signal)
    const tables = await session.query<{ schema: string; name: string }>(
      `SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname || '.' || c.relname = ANY ($1::text[]) ORDER BY 1, 2`,
      [relations],
    )
    for (const { schema, name } of tables) {
      run.progress(`ANALYZE ${schema}.${name}`)
      await session.query(`ANALYZE ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`)
    }
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    problems.push(`ANALYZE: ${error.failure.what} ${error.failure.why}`)
  }
  return problems
}
