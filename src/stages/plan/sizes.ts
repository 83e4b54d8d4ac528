/** What the sizes of the live tables make of findings whose harm grows with the table. */

import type { RuleSettings } from '../../config.ts'
import { formatBytes } from '../../report/words.ts'
import type { Finding } from '../../rules/finding.ts'
import { rules } from '../../rules/index.ts'
import { quotedRelation } from '../../sql/identifiers.ts'
import type { RelationName } from '../../sql/model.ts'

export interface TableSize {
  readonly bytes: number
  /** The planner's estimate; `null` where there is none. */
  readonly rows: number | null
}

export interface Measured {
  readonly sizes: ReadonlyMap<RelationName, TableSize>
  /** From this size on a table is large. */
  readonly largeBytes: number
  readonly schema: string
  /** Severities that somebody chose: no size changes these. */
  readonly settings: RuleSettings
}

const growing: ReadonlySet<string> = new Set(rules.filter((rule) => rule.growsWithTable === true).map(({ id }) => id))

/**
 * On a table that is known to be small, what lasts as long as the table is large lasts no time. Errors stay: they are about
 * what is lost, and that is lost in one row as well.
 */
export function findingsWithSizes(findings: readonly Finding[], measured: Measured): readonly Finding[] {
  return findings.map((finding) => (growing.has(finding.rule) ? withSize(finding, measured) : finding))
}

function withSize(finding: Finding, { sizes, largeBytes, schema, settings }: Measured): Finding {
  const { relation } = finding
  if (relation === undefined) return finding
  const name = quotedRelation(relation, schema)
  const size = sizes.get(relation)
  if (size === undefined) {
    return { ...finding, why: `${finding.why} The size of ${name} is not known and counts as large.` }
  }
  const small = size.bytes < largeBytes
  const lowered = small && finding.severity === 'warning' && settings[finding.rule] === undefined
  const verdict = small ? `, which is less than ${formatBytes(largeBytes)} and counts as small` : ''
  return {
    ...finding,
    severity: lowered ? 'notice' : finding.severity,
    why: `${finding.why} ${name} has ${formatBytes(size.bytes)} and ${rowsText(size.rows)}${verdict}.`,
  }
}

const scales = [
  { from: 1e9, word: ' billion' },
  { from: 1e6, word: ' million' },
  { from: 1e3, word: ' thousand' },
] as const

/** An estimate is told as one: two digits and no more. */
export function rowsText(rows: number | null): string {
  if (rows === null) return 'an unknown number of rows'
  const rounded = Number(rows.toPrecision(2))
  const scale = scales.find(({ from }) => rounded >= from)
  if (scale === undefined) return `about ${rounded} ${rounded === 1 ? 'row' : 'rows'}`
  return `about ${Number((rounded / scale.from).toPrecision(2))}${scale.word} rows`
}
