/** Runs every rule over a migration and puts what they say in the order of the file. */

import { documentationUrl } from '../project.ts'
import { clausesOf } from '../sql/clauses.ts'
import { idle } from './airlock-comment/rule.ts'
import type { AllowedFinding, Finding } from './finding.ts'
import { rules } from './index.ts'
import { type Permission, type Place, permissionsIn, ruleOfComments } from './permissions.ts'
import type { Remark, Rule, RuleContext } from './rule.ts'

export interface Judgement {
  readonly findings: readonly Finding[]
  /** What a comment in the migration silenced. */
  readonly allowed: readonly AllowedFinding[]
}

export function judge(context: RuleContext): Judgement {
  const permissions = permissionsIn(context, context.ruleIds).given
  const used = new Set<Permission>()
  const findings: Finding[] = []
  const allowed: AllowedFinding[] = []
  for (const rule of rules) {
    for (const remark of rule.check(context)) {
      const finding = findingOf(rule.id, remark, context)
      const permission = permissions.find((one) => one.rule === rule.id && one.statement === remark.statement)
      if (permission === undefined) {
        findings.push(finding)
      } else {
        used.add(permission)
        allowed.push(allowedOf(finding, permission.reason))
      }
    }
  }
  for (const permission of permissions.filter((one) => !used.has(one) && isJudged(one.rule, context)))
    findings.push(...idle(permission, context).map((remark) => findingOf(ruleOfComments, remark, context)))
  const inOrder = (one: Finding, other: Finding) => one.line - other.line || one.column - other.column
  return { findings: findings.toSorted(inOrder), allowed: allowed.toSorted((one, other) => one.line - other.line) }
}

function isJudged(id: string, context: RuleContext): boolean {
  const rule: Rule | undefined = rules.find((one) => one.id === id)
  return rule?.judges?.(context) !== false
}

function allowedOf({ rule, severity, migration, file, line, message }: Finding, reason: string): AllowedFinding {
  return { rule, severity, migration, file, line, message, reason }
}

function findingOf(rule: string, remark: Remark, context: RuleContext): Finding {
  const { line, column } = placeOf(remark, context)
  return {
    rule,
    severity: remark.severity,
    migration: context.migration,
    file: context.file,
    line,
    column,
    message: remark.message,
    why: remark.why,
    instead: remark.instead,
    docs: `${documentationUrl}/rules/${rule}.md`,
    ...(remark.relation === undefined ? {} : { relation: remark.relation }),
  }
}

function placeOf({ statement, clause, at }: Remark, context: RuleContext): Place {
  const { range } = statement
  if (at !== undefined) return at
  if (clause === undefined) return range
  const found = clausesOf(statement.sql)[clause]
  if (found === undefined) return range
  return context.source.atOffset(context.source.atByte(range.startByte).offset + found.start)
}
