import type { Context } from '../../context.ts'
import { fail } from '../../errors.ts'
import { listed } from '../../sql/identifiers.ts'
import type { MigrationStage } from '../../sql/model.ts'
import type { Facts } from '../preflight/facts.ts'
import type { Target } from '../preflight/perform.ts'
import { analyseLive } from './analyse-live.ts'
import { decidePart } from './part.ts'

/** Leaves out of the facts what this run was not asked to apply. */
export async function takePart(context: Context, target: Target, facts: Facts): Promise<Facts> {
  const { through, stages } = context.invocation
  if (through === undefined && stages === undefined) return facts
  refuseWithoutMeans(context, target)
  const { history } = facts
  const found = stages === undefined ? new Map<string, MigrationStage>() : await stagesOf(context, target, facts)
  const applied = [...history.applied.map(({ name }) => name), ...history.missing]
  const decided = decidePart({ through, stages }, history.pending, applied, (name) => found.get(name))
  if (decided.kind === 'not-there') {
    throw fail('USAGE.INVALID', {
      what: `There is no migration \`${decided.through}\` to stop behind.`,
      why: `Pending are ${history.pending.length === 0 ? 'none' : listed(history.pending.map(({ name }) => `\`${name}\``))}.`,
      next: ['Name one of them as `through`, as its folder is called.'],
    })
  }
  const begun = history.pending.find(({ name, resume }) => resume !== undefined && decided.leftOut.includes(name))
  if (begun !== undefined) {
    throw fail('USAGE.INVALID', {
      what: `A part of \`${begun.name}\` is in force, and it would be left out.`,
      why: 'A file that was begun is finished before anything stops in front of it.',
      next: [`Deploy without \`through\` and \`stages\`, or through \`${begun.name}\`.`],
    })
  }
  return { ...facts, history: { ...history, pending: decided.pending }, leftOut: decided.leftOut }
}

/** Prisma applies everything that it finds; only an engine of ours can be told to stop. */
function refuseWithoutMeans({ invocation, config }: Context, { apply }: Target): void {
  const engine = invocation.prismaEngine ?? config.prisma.engine
  if (apply === 'atomic' || engine === 'wasm' || invocation.command !== 'deploy') return
  throw fail('USAGE.INVALID', {
    what: 'With this configuration a part of the pending migrations cannot be applied.',
    why: '`prisma migrate deploy` with the engine that Prisma downloads applies all of them.',
    next: [
      'Let Airlock apply them, in airlock.yml under the environment:',
      'apply: atomic',
      'Or use the bundled engine:',
      'prisma: { engine: wasm }',
    ],
  })
}

async function stagesOf(
  { policy }: Context,
  { session, url, source, apply }: Target,
  { history }: Facts,
): Promise<ReadonlyMap<string, MigrationStage>> {
  const { migrations } = await analyseLive(session, history.pending, {
    prismaVersion: source.kind === 'prisma' ? source.prisma.version : undefined,
    apply,
    schema: url.schema,
    rules: policy.rules,
    oneRun: true,
  })
  return new Map(migrations.map(({ name, stage }) => [name, stage]))
}
