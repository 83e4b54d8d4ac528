import { createHash } from 'node:crypto'
import type { RunningRelease } from '../../compatibility/prisma-schema.ts'
import type { Context } from '../../context.ts'
import type { PackedCatalog } from '../../postgres/packed-catalog.ts'
import { plural } from '../../report/words.ts'
import { secretsIn } from '../../sql/secrets.ts'
import type { Facts } from '../preflight/facts.ts'
import { readFacts, type Target } from '../preflight/perform.ts'
import { readRelations, refuseMissingPrivileges, relationsThatNeedTheirOwner } from '../preflight/relations.ts'
import { readIdentity } from '../preflight/server.ts'
import { digestOf } from './digest.ts'
import { lateAmong } from './order.ts'
import type { Plan } from './plan.ts'
import { risksOf, risksOfFindings } from './risks.ts'
import { findingsWithSizes } from './sizes.ts'
import { takePart } from './take-part.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export async function planStage(
  context: Context,
  target: Target,
  facts: Facts,
  running?: RunningRelease,
): Promise<Plan> {
  return context.run.stage(
    'plan',
    async () => (await makePlan(context, target, facts, running)).plan,
    (plan) => ({
      outcome: 'pass',
      summary: `${plural(plan.migrations.length, 'migration')}, ${plural(statementsIn(plan), 'statement')}, ${plural(plan.findings.length, 'finding')}`,
      detail: { digest: plan.digest, risks: plan.risks.length },
    }),
  )
}

export type Replanned =
  | { readonly kind: 'planned'; readonly facts: Facts; readonly plan: Plan; readonly catalog: PackedCatalog }
  | { readonly kind: 'nothing-pending'; readonly facts: Facts }

/** The same facts and the same plan, made anew: what counts is what is true now. */
export async function replan(context: Context, target: Target): Promise<Replanned> {
  const facts = await takePart(context, target, await readFacts(target))
  if (facts.history.pending.length === 0) return { kind: 'nothing-pending', facts }
  return { kind: 'planned', facts, ...(await makePlan(context, target, facts)) }
}

async function makePlan(
  context: Context,
  { session, url, source, intent, apply, lastLook }: Target,
  facts: Facts,
  running?: RunningRelease,
): Promise<{ readonly plan: Plan; readonly catalog: PackedCatalog }> {
  const { policy } = context
  const recorded = source.historyIn(url.schema)
  context.redactor.add(facts.history.pending.flatMap(({ sql }) => secretsIn(sql)))
  const { analysis, catalog } = await lastLook.look(session, facts.history.pending, {
    prismaVersion: source.kind === 'prisma' ? source.prisma.version : undefined,
    apply,
    schema: url.schema,
    rules: policy.rules,
    oneRun: true,
    running: running === undefined ? undefined : { release: running, mustBear: () => true },
    late: lateAmong(facts.history),
  })
  const statements = analysis.migrations.flatMap((migration) => migration.statements)
  const names = new Set(
    statements.flatMap(({ effects }) => [
      ...effects.locks.map((lock) => lock.relation),
      ...effects.scans,
      ...effects.rewrites,
    ]),
  )
  const relations = await readRelations(session, [...names])
  if (intent === 'write')
    await refuseMissingPrivileges(session, url, relations, relationsThatNeedTheirOwner(statements), recorded.schema)

  const largeBytes = policy.thresholds['large-table']
  const sizes = new Map(relations.map((relation) => [relation.name, relation]))
  const findings = findingsWithSizes(analysis.findings, {
    sizes,
    largeBytes,
    schema: url.schema,
    settings: policy.rules,
  })
  const effectRisks = risksOf(
    analysis.migrations,
    new Map(relations.map(({ name, bytes }) => [name, bytes])),
    largeBytes,
  )
  const risks = [...effectRisks, ...risksOfFindings(findings, analysis.migrations, effectRisks)]
  const digest = digestOf(
    {
      migrations: analysis.migrations,
      historyHead: facts.history.head,
      schemaFingerprint: catalog.fingerprint,
      target: {
        systemIdentifier: await readIdentity(session, url),
        database: url.database,
        schema: url.schema,
        history: source.kind === 'prisma' ? undefined : recorded.words.name,
      },
      risks,
      policy,
      rules: policy.rules,
    },
    sha256,
  )
  return { plan: { ...analysis, findings, risks, digest, leftOut: facts.leftOut }, catalog }
}

function statementsIn(plan: Plan): number {
  return plan.migrations.reduce((sum, migration) => sum + migration.statements.length, 0)
}
