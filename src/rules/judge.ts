/** Runs every rule over a migration and puts what they say in the order of the file. */

import { documentationUrl } from '../project.ts'
import { clausesOf } from '../sql/clauses.ts'
import type { Finding } from './finding.ts'
import { rules } from './index.ts'
import type { Remark, Rule, RuleContext } from './rule.ts'

export function findingsOf(context: RuleContext): readonly Finding[] {
  return rules
    .flatMap((rule) => rule.check(context).map((remark) => findingOf(rule, remark, context)))
    .toSorted((one, other) => one.line - other.line || one.column - other.column)
}

function findingOf(rule: Rule, remark: Remark, context: RuleContext): Finding {
  const { line, column } = placeOf(remark, context)
  return {
    rule: rule.id,
    severity: remark.severity,
    migration: context.migration,
    file: context.file,
    line,
    column,
    message: remark.message,
    why: remark.why,
    instead: remark.instead,
    docs: `${documentationUrl}/rules/${rule.id}.md`,
  }
}

function placeOf(
  { statement, clause }: Remark,
  context: RuleContext,
): { readonly line: number; readonly column: number } {
  const { range } = statement
  if (clause === undefined) return range
  const found = clausesOf(statement.sql)[clause]
  if (found === undefined) return range
  return context.source.atOffset(context.source.atByte(range.startByte).offset + found.start)
}
