import { formatBytes } from '../../report/words.ts'
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

type StatementRisk = Omit<Risk, 'migration' | 'line'>

function risksOfStatement(statement: Statement, sizes: RelationSizes, largeBytes: number): StatementRisk[] {
  const { effects } = statement
  const risks: StatementRisk[] = effects.loses
    .filter((loss) => dataLosses.has(loss.kind))
    .map((loss) => ({ reason: 'destructive', text: `loses ${loss.kind.replace('-', ' ')} ${loss.name}` }))

  for (const relation of overwrittenRelations(statement)) {
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
  if (liftsLockTimeout(statement)) {
    risks.push({
      reason: 'long-lock',
      text: 'sets a lock_timeout of its own, longer than the one that protects the application',
    })
  }
  if (changesReading(statement)) {
    risks.push({
      reason: 'unknown',
      text: 'what comes after it cannot be told: it can change how the server reads the text of later statements',
    })
  }
  const outside = reachOutside(statement)
  if (outside !== undefined)
    risks.push({ reason: 'unknown', text: `what it does cannot be told from here: ${outside}` })
  if (effects.unknown) {
    risks.push({
      reason: 'unknown',
      text: `what it does cannot be told: ${effects.unknownBecause ?? 'no reason recorded'}`,
    })
  }
  return risks
}

/** Statements that add or remove rows and, unless they say so, change none. */
const rowStatements: ReadonlySet<string> = new Set(['InsertStmt', 'DeleteStmt', 'CopyStmt', 'TruncateStmt'])

/**
 * Rows may be changed by more than an UPDATE: ON CONFLICT DO UPDATE, a WITH in front of a SELECT, a block, a function that is
 * called. Where the words say so or nothing says otherwise, a lock that writers take counts as writing.
 */
function overwrittenRelations({ kind, sql, effects }: Statement): readonly RelationName[] {
  const saysSo = /\b(?:update|merge)\b/i.test(sql)
  if (rowStatements.has(kind) && !saysSo) return []
  const hidden = kind === 'DoStmt' && saysSo
  return effects.locks
    .filter(({ mode }) => mode === 'RowExclusiveLock' || (hidden && blocksWrites(mode)))
    .map((lock) => lock.relation)
}

/** What reaches out of the database is in no catalog and in no backup. */
function reachOutside({ kind, sql }: Statement): string | undefined {
  if (kind === 'AlterSystemStmt') return 'it changes the configuration of the whole server'
  if (kind === 'CopyStmt' && /\bprogram\b/i.test(sql)) return 'it runs a program on the server'
  if (kind === 'GrantRoleStmt') return 'it gives or takes membership in roles, which belong to the whole server'
  return undefined
}

const longestOwnLockTimeoutMs = 5_000

/** `SET lock_timeout = 0` would take away what keeps a deploy from queueing the application; a shorter one only helps. */
function liftsLockTimeout({ kind, sql }: Statement): boolean {
  if (kind !== 'VariableSetStmt' || !/\block_timeout\b/i.test(sql) || /^\s*reset\b/i.test(sql)) return false
  const [, amount, unit = 'ms'] = /(?:=|\bto)\s*'?\s*(\d+)\s*(ms|s)?\s*'?\s*;?\s*$/i.exec(sql) ?? []
  const ms = Number(amount ?? Number.NaN) * (unit.toLowerCase() === 's' ? 1_000 : 1)
  return !(ms > 0 && ms <= longestOwnLockTimeoutMs)
}

/**
 * With standard_conforming_strings off a backslash hides the quote after it, and what reads as a string here is statements
 * there; Prisma applies all files in one session. A name in escapes or one that is computed may be that of this setting.
 */
function changesReading({ kind, sql }: Statement): boolean {
  if (asDumped.test(sql)) return false
  if (/standard_conforming_strings|client_encoding/i.test(sql)) return true
  if (kind === 'VariableSetStmt' && /^\s*set\s+(?:(?:session|local)\s+)?(?:names\b|u&)/i.test(sql)) return true
  return /\bset_config\s*\((?!\s*'[\w.]+'\s*,)/i.test(sql)
}

/** As pg_dump writes them at the top: both say what is so already. */
const asDumped = /^set\s+(?:standard_conforming_strings\s*(?:=|to)\s*on|client_encoding\s*(?:=|to)\s*'utf-?8')$/i

function blocksWrites(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= firstModeThatBlocksWrites
}
