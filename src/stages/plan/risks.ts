import { formatBytes } from '../../report/words.ts'
import type { Finding } from '../../rules/finding.ts'
import { dataLosses, type LockMode, lockModes, type RelationName, type Statement } from '../../sql/model.ts'
import type { PlannedMigration, Risk } from './plan.ts'

const firstModeThatBlocksWrites = lockModes.indexOf('ShareLock')

/** Bytes by relation, from the live catalog. A relation that is not in it has an unknown size. */
export type RelationSizes = ReadonlyMap<RelationName, number>

/** Reading or rewriting `largeBytes` under a lock is long enough for users to notice; an unknown size counts as large. */
export function risksOf(
  migrations: readonly PlannedMigration[],
  sizes: RelationSizes,
  largeBytes: number,
): readonly Risk[] {
  return migrations.flatMap((migration) =>
    migration.statements.flatMap((statement) =>
      risksOfStatement(statement, sizes, largeBytes).map((risk) => ({
        ...risk,
        migration: migration.name,
        line: statement.range.line,
      })),
    ),
  )
}

/** Known to `check` and `plan` alone: a deploy has no running release to compare with, and its digest must be that of the plan. */
const ofRunningRelease = 'breaks-running-release'

/**
 * A finding of severity `error` asks for approval too, unless its statement is a risk already: then the risk asks and the
 * finding explains it. See docs/decisions/0004.
 */
export function risksOfFindings(
  findings: readonly Finding[],
  migrations: readonly Pick<PlannedMigration, 'name' | 'statements'>[],
  risks: readonly Risk[],
): readonly Risk[] {
  return findings
    .filter(({ rule, severity }) => severity === 'error' && rule !== ofRunningRelease)
    .flatMap(({ rule, migration, line, message }): readonly Risk[] => {
      const statement = migrations
        .find(({ name }) => name === migration)
        ?.statements.find(({ range }) => range.line <= line && line <= range.endLine)
      const asked = risks.some((risk) => risk.migration === migration && risk.line === statement?.range.line)
      return asked ? [] : [{ reason: 'finding', migration, line, text: `${rule}: ${message}` }]
    })
}

type StatementRisk = Omit<Risk, 'migration' | 'line'>

function risksOfStatement(statement: Statement, sizes: RelationSizes, largeBytes: number): StatementRisk[] {
  const { effects } = statement
  const risks: StatementRisk[] = effects.loses
    .filter((loss) => dataLosses.has(loss.kind))
    .map((loss) => ({ reason: 'destructive', text: `loses ${loss.kind.replace('-', ' ')} ${loss.name}` }))

  const sequences = effects.loses.filter((loss) => loss.kind === 'sequence').map((loss) => loss.name)
  for (const sequence of sequences)
    risks.push({
      reason: 'irreversible',
      text: `loses the position of sequence ${sequence}; which number came next is only in the backup`,
    })
  for (const relation of effects.overwrites.filter((one) => !sequences.includes(one))) {
    risks.push({
      reason: 'irreversible',
      text: `overwrites rows of ${relation}; their old values are only in the backup`,
    })
  }
  for (const relation of new Set([...effects.rewrites, ...effects.scans])) {
    const mode = effects.locks.find((lock) => lock.relation === relation && blocksWrites(lock.mode))?.mode
    const bytes = sizes.get(relation)
    // An emptied table has nothing to read or rewrite, however large it was.
    const emptied = effects.loses.some((loss) => loss.kind === 'rows' && loss.name === relation)
    if (mode === undefined || emptied || (bytes !== undefined && bytes < largeBytes)) continue
    const work = effects.rewrites.includes(relation) ? 'rewrites' : 'reads all of'
    const size = bytes === undefined ? 'of unknown size' : `of ${formatBytes(bytes)}`
    risks.push({ reason: 'long-lock', text: `${work} ${relation} ${size} while it holds ${mode}` })
  }
  if (effects.unknown) {
    risks.push({
      reason: 'unknown',
      text: `what it does cannot be told: ${effects.unknownBecause ?? 'no reason recorded'}`,
    })
  }
  return risks
}

function blocksWrites(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= firstModeThatBlocksWrites
}
