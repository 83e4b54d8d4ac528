/** Runs every rule over a migration and puts what they say in the order of the file. */

import { documentationUrl } from '../project.ts'
import { clausesOf } from '../sql/clauses.ts'
import { idle } from './airlock-comment/rule.ts'
import type { AllowedFinding, Finding } from './finding.ts'
import { staysBehind } from './half-applied.ts'
import { rules } from './index.ts'
import { type Unfolded, unfolded } from './inside.ts'
import { type Permission, type Place, permissionsIn, ruleOfComments } from './permissions.ts'
import type { Remark, RuleContext } from './rule.ts'
import { type Topic, topicsOf } from './topics.ts'

export interface Judgement {
  readonly findings: readonly Finding[]
  /** What a comment in the migration silenced. */
  readonly allowed: readonly AllowedFinding[]
}

type Judged = Omit<RuleContext, 'isAllowed'>

export function judge(migration: Judged): Judgement {
  const permissions = permissionsIn(migration, migration.ruleIds).given
  const used = new Set<Permission>()
  const findings: Finding[] = []
  const allowed: AllowedFinding[] = []
  const say = (rule: string, remark: Remark) => {
    if (migration.settings[rule] !== 'off') findings.push(findingOf(rule, remark, migration))
  }
  const inside = unfolded(migration.statements)
  const topics = topicsOf(migration.statements)
  // What is only in a block or in a function concerns those that look there.
  const topicsInside = inside.statements === migration.statements ? topics : topicsOf(inside.statements)
  const withoutPermission = { ...migration, isAllowed: () => false }
  const withoutPermissionInside = { ...withoutPermission, statements: inside.statements }
  for (const rule of rules) {
    if (migration.settings[rule.id] === 'off') continue
    const looksInside = rule.looksInside === true
    const asked =
      rule.about === undefined || hasOne(rule.about, topics) || (looksInside && hasOne(rule.about, topicsInside))
    if (permissions.length === 0) {
      if (!asked) continue
      const remarks = rule.check(looksInside ? withoutPermissionInside : withoutPermission)
      for (const remark of remarks) say(rule.id, looksInside ? inFile(remark, inside) : remark)
      continue
    }
    const given = permissions.filter((one) => one.rule === rule.id)
    const permissionFor = (statement: Remark['statement']) =>
      given.find((one) => one.statement === inside.outer(statement))
    const own =
      given.length === 0
        ? withoutPermission
        : { ...migration, isAllowed: (statement: Remark['statement']) => permissionFor(statement) !== undefined }
    const context = rule.looksInside === true ? { ...own, statements: inside.statements } : own
    const remarks = asked ? rule.check(context) : []
    for (const remark of remarks.map((one) => inFile(one, inside))) {
      const permission = permissionFor(remark.statement)
      if (permission === undefined) {
        say(rule.id, remark)
      } else {
        used.add(permission)
        allowed.push(allowedOf(findingOf(rule.id, remark, migration), permission.reason))
      }
    }
    if (rule.judges?.(context) === false) continue
    for (const permission of given.filter((one) => !used.has(one)))
      for (const remark of idle(permission, context)) say(ruleOfComments, remark)
  }
  const inOrder = (one: Finding, other: Finding) => one.line - other.line || one.column - other.column
  return { findings: findings.toSorted(inOrder), allowed: allowed.toSorted((one, other) => one.line - other.line) }
}

/** A clause of a statement in a block has no place of its own. */
function inFile(remark: Remark, { outer }: Unfolded): Remark {
  const statement = outer(remark.statement)
  if (statement === remark.statement) return remark
  const same = statement.sql === remark.statement.sql
  return { ...remark, statement, clause: same ? remark.clause : undefined }
}

function hasOne(about: readonly Topic[], topics: ReadonlySet<string>): boolean {
  for (const topic of about) if (topics.has(topic)) return true
  return false
}

function allowedOf({ rule, severity, migration, file, line, message }: Finding, reason: string): AllowedFinding {
  return { rule, severity, migration, file, line, message, reason }
}

function findingOf(rule: string, remark: Remark, context: Judged): Finding {
  const { migration, file, source, settings } = context
  const { line, column } = placeOf(remark, source)
  const chosen = settings[rule]
  return {
    rule,
    severity: chosen === undefined || chosen === 'off' ? remark.severity : chosen,
    migration,
    file,
    line,
    column,
    message: remark.message,
    why: remark.mayFail === true ? `${remark.why}${staysBehind(remark.statement, context)}` : remark.why,
    instead: remark.instead,
    docs: `${documentationUrl}/rules/${rule}.md`,
    ...(remark.relation === undefined ? {} : { relation: remark.relation }),
  }
}

function placeOf({ statement, clause, at }: Remark, source: RuleContext['source']): Place {
  const { range } = statement
  if (at !== undefined) return at
  if (clause === undefined) return range
  const found = clausesOf(statement.sql)[clause]
  if (found === undefined) return range
  return source.atOffset(source.atByte(range.startByte).offset + found.start)
}
