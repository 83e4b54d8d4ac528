import type { History } from '../../migrations/history.ts'
import { outOfOrder } from '../../migrations/history-failures.ts'
import { documentationUrl } from '../../project.ts'
import type { Finding } from '../../rules/finding.ts'

/** Branches that are merged late are everyday life, and Prisma applies them: worth knowing, not worth stopping for. */
export function findingsOfOrder(history: History): readonly Finding[] {
  return history.outOfOrder.flatMap((migration): Finding[] => {
    const said = outOfOrder({ ...history, outOfOrder: [migration] })
    if (said === undefined) return []
    return [
      {
        rule: 'out-of-order',
        severity: 'notice',
        migration: migration.name,
        file: migration.file,
        line: 1,
        column: 1,
        message: said.what,
        why: said.why,
        instead: said.next.at(-1) ?? '',
        docs: `${documentationUrl}/reference/errors.md`,
      },
    ]
  })
}
