import type { Context } from '../../../context.ts'
import { startJanitor } from '../../../janitor/janitor.ts'
import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { type DatabaseUrl, prismaUrl, secretsOf } from '../../../postgres/url.ts'
import { childEnvironment } from '../../apply/child-environment.ts'
import { attempt } from '../../backup/attempt.ts'
import { runHook } from '../../hooks/run-hook.ts'
import type { Target } from '../../preflight/perform.ts'
import type { RehearsalMode } from '../estimate/estimate.ts'
import type { DataCheck } from './data-check.ts'
import { decideSeed, type SeedRun, seedNotRun } from './decide-seed.ts'
import { leadsToProduction, onlyTheCopy } from './decide-seed-environment.ts'
import { readFootprints } from './footprints.ts'
import { nameOf, type Written, writtenBetween } from './written.ts'

export interface SeededCopy {
  readonly mode: RehearsalMode
  readonly copy: Target
  readonly production: DatabaseUrl
}

/** The user's seed, twice, with the URL of the copy in the place of production's. */
export async function seedTwice(
  context: Context,
  { mode, copy, production }: SeededCopy,
): Promise<readonly DataCheck[]> {
  const { policy, invocation, run } = context
  if (policy.hooks.seed.length === 0) return []
  const url = prismaUrl(copy.url)
  const { urlVariables, directUrlVariable } = copy.source.urls
  const names = directUrlVariable === undefined ? urlVariables : [...urlVariables, directUrlVariable]
  const env = childEnvironment(onlyTheCopy(invocation.env, url), names, url)
  const leading = leadsToProduction(env, url, { ...production, secrets: secretsOf(production) })
  if (leading !== undefined) return [seedNotRun(leading)]
  const inside = { ...context, invocation: { ...invocation, env } }
  run.progress('the seed runs, for the first time')
  const first = await seed(inside, copy, [])
  if (first.failure !== undefined) return [decideSeed(first, undefined, { schema: copy.url.schema, mode })]
  run.progress('the seed runs, for the second time')
  const second = await seed(inside, copy, first.written ?? [])
  return [decideSeed(first, second, { schema: copy.url.schema, mode })]
}

async function seed(context: Context, copy: Target, already: readonly Written[]): Promise<SeedRun> {
  const before = await readFootprints(copy.session)
  await using janitor = await startJanitor()
  for (const argv of context.policy.hooks.seed) {
    const failure = await runHook(context, copy, janitor, { moment: 'seed', argv })
    if (failure !== undefined) return { failure: failure.why, written: undefined, counts: new Map() }
  }
  const written = writtenBetween(before, await readFootprints(copy.session))
  const tables = new Map([...already, ...(written ?? [])].map((one) => [nameOf(one), one]))
  return { failure: undefined, written, counts: await countRows(copy.session, [...tables.values()]) }
}

const countMs = 20_000

async function countRows(
  session: Session,
  tables: readonly Pick<Written, 'schema' | 'name'>[],
): Promise<ReadonlyMap<string, number | null>> {
  const counts = new Map<string, number | null>()
  const deadline = performance.now() + countMs
  await session.query('BEGIN READ ONLY')
  try {
    for (const table of tables) {
      const remainingMs = Math.max(1, Math.floor(deadline - performance.now()))
      const counted = await attempt(session, async () => {
        await session.query(`SET LOCAL statement_timeout = ${remainingMs}`)
        return await session.query<{ rows: string }>(
          `SELECT pg_catalog.count(*)::text AS rows FROM ONLY ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`,
        )
      })
      const rows = counted.kind === 'done' ? counted.value[0]?.rows : undefined
      counts.set(nameOf(table), rows === undefined ? null : Number(rows))
    }
  } finally {
    await session.query('ROLLBACK')
  }
  return counts
}
