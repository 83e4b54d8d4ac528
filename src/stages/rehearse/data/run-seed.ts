import type { Context } from '../../../context.ts'
import { startJanitor } from '../../../janitor/janitor.ts'
import type { Session } from '../../../ports.ts'
import { quoteIdentifier } from '../../../postgres/quoting.ts'
import { type DatabaseUrl, prismaUrl } from '../../../postgres/url.ts'
import { attempt } from '../../backup/attempt.ts'
import { runHook } from '../../hooks/run-hook.ts'
import type { Target } from '../../preflight/perform.ts'
import type { DataCheck } from './data-check.ts'
import { decideSeed, type SeedRun } from './decide-seed.ts'
import { readFootprints } from './footprints.ts'
import { nameOf, type Written, writtenBetween } from './written.ts'

/** The user's seed, twice, with the URL of the copy in the place of production's. */
export async function seedTwice(context: Context, copy: Target): Promise<readonly DataCheck[]> {
  if (context.policy.hooks.seed.length === 0) return []
  context.run.progress('the seed runs, for the first time')
  const first = await seed(context, copy, [])
  if (first.failure !== undefined) return [decideSeed(first, undefined, copy.url.schema)]
  context.run.progress('the seed runs, for the second time')
  return [decideSeed(first, await seed(context, copy, first.written ?? []), copy.url.schema)]
}

async function seed(context: Context, copy: Target, already: readonly Written[]): Promise<SeedRun> {
  const { policy, invocation } = context
  const before = await readFootprints(copy.session)
  const inside = { ...context, invocation: { ...invocation, env: onlyTheCopy(invocation.env, copy.url) } }
  await using janitor = await startJanitor()
  for (const argv of policy.hooks.seed) {
    const failure = await runHook(inside, copy, janitor, { moment: 'seed', argv })
    if (failure !== undefined) return { failure: failure.why, written: undefined, counts: new Map() }
  }
  const written = writtenBetween(before, await readFootprints(copy.session))
  const tables = new Map([...already, ...(written ?? [])].map((one) => [nameOf(one), one]))
  return { failure: undefined, written, counts: await countRows(copy.session, [...tables.values()]) }
}

const libpqConnection = /^PG(?:HOST|HOSTADDR|PORT|DATABASE|USER|PASSWORD|PASSFILE|SERVICE|SERVICEFILE)$/

/** A program that reads its connection under another name must not reach production from here. */
function onlyTheCopy(env: Context['invocation']['env'], copy: DatabaseUrl): Context['invocation']['env'] {
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => !libpqConnection.test(name))
      .map(([name, value]) => [name, /^\s*["']?postgres(?:ql)?:/i.test(value ?? '') ? prismaUrl(copy) : value]),
  )
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
