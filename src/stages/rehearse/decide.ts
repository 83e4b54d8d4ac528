import type { Plan } from '../plan/plan.ts'
import type { RealRun } from './rehearsal.ts'

/** Everything that keeps a rehearsal from having passed. */
export function problemsOf(plan: Plan, real: RealRun): readonly string[] {
  const finished = new Set(real.finished)
  const missing = plan.migrations.filter(({ name }) => !finished.has(name)).map(({ name }) => name)
  const invalid = real.difference.added.filter((line) => line.startsWith('index ') && line.endsWith(' invalid'))
  return [
    ...(real.said === undefined ? [] : real.said.split('\n')),
    ...(real.said === undefined
      ? missing.map((name) => `${name} is not recorded as applied, although ${real.engine} reported success`)
      : []),
    ...(real.said === undefined ? real.failed.map((name) => `${name} is recorded as failed`) : []),
    ...invalid.map((line) => `invalid ${line}`),
  ]
}
