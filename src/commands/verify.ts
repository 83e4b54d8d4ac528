import type { Context } from '../context.ts'
import { type Ended, noMigrations, targetOf } from '../ended.ts'
import { plural } from '../report/words.ts'
import { openTarget, preflight } from '../stages/preflight/perform.ts'

/** Does the database hold what the folder describes? The history problems themselves are failures of the preflight. */
export async function verify(context: Context): Promise<Ended> {
  await using target = await openTarget(context, 'read')
  const facts = await preflight(context, target)
  const invalid = await context.run.stage(
    'verify',
    () =>
      target.session.query<{ name: string }>(
        `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name FROM pg_catalog.pg_index i
           JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE NOT i.indisvalid AND n.nspname !~ '^pg_' ORDER BY 1`,
      ),
    (rows) => ({
      outcome: rows.length === 0 && facts.history.pending.length === 0 ? 'pass' : 'fail',
      summary: `history, checksums, invalid indexes; not checked: drift, required schema, data, application health`,
    }),
  )
  const problems = [
    ...facts.history.pending.map(({ name }) => `${name} is pending`),
    ...invalid.map(({ name }) => `the index ${name} is invalid: it costs writes and serves no query`),
  ]
  const common = { ...noMigrations, target: targetOf(facts) }
  if (problems.length === 0) {
    return {
      ...common,
      outcome: 'done',
      reasonCode: 'verified',
      reason: `${plural(facts.history.applied.length, 'migration')} applied, none pending, failed or edited.`,
      next: [],
    }
  }
  const failure = {
    code: 'VERIFY.INCOMPLETE',
    what: 'The database is not in the state that the migrations describe.',
    why: problems.join('\n'),
    next: [
      ...(facts.history.pending.length > 0 ? ['airlock plan'] : []),
      ...invalid.map(({ name }) => `REINDEX INDEX CONCURRENTLY ${name};`),
    ],
  } as const
  return { ...common, outcome: 'failed', reasonCode: failure.code, reason: '', next: failure.next, failure }
}
