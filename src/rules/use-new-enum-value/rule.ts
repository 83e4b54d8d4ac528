import type { Node } from 'libpg-query'
import type { ChangeOf } from '../../sql/catalog/change.ts'
import type { Relation } from '../../sql/catalog/model.ts'
import { strings, walk } from '../../sql/effects/tree.ts'
import { literal, splitName } from '../../sql/identifiers.ts'
import { relation } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'
import { transactionsOf } from '../transactions.ts'

export const rule: Rule = {
  id: 'use-new-enum-value',
  title: 'A label cannot be used in the transaction that adds it',
  group: 'transaction',
  documentation: {
    summary:
      'PostgreSQL lets ALTER TYPE … ADD VALUE run in a transaction, but refuses every use of the label until that has been ' +
      'committed (55P04, unsafe use of new value). As a default, in an UPDATE or in an INSERT it makes the whole migration ' +
      'fail, so the label belongs in a migration of its own before.',
    bad: 'ALTER TYPE "Role" ADD VALUE \'OWNER\';\nALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT \'OWNER\';',
    good: 'ALTER TYPE "Role" ADD VALUE \'OWNER\';',
  },
  about: ['add-label'],
  check: (context) => transactionsOf(context).flatMap((statements) => inTransaction(statements, context)),
}

function inTransaction(statements: readonly AnalysedStatement[], context: RuleContext): readonly Remark[] {
  const remarks: Remark[] = []
  for (const [at, statement] of statements.entries()) {
    for (const change of statement.changes) {
      if (change.kind !== 'add-label') continue
      const use = statements.slice(at + 1).find((later) => uses(later, change, context))
      if (use === undefined) continue
      const isNew = madeBefore(change.type, statements.slice(0, at))
      remarks.push(isNew ? ofNewType(statement, change, use, context) : remark(statement, change, use, context))
    }
  }
  return remarks
}

/** From version 17 on the labels of a type made in the same transaction can be used in it (measured on 14 to 18). */
function madeBefore(type: string, earlier: readonly AnalysedStatement[]): boolean {
  return earlier.some(({ changes }) => changes.some((one) => one.kind === 'create-type' && one.type.name === type))
}

function uses(statement: AnalysedStatement, { type, label }: ChangeOf<'add-label'>, context: RuleContext): boolean {
  // The body of a function is text until it is called.
  if (statement.kind === 'CreateFunctionStmt' || statement.kind === 'AlterEnumStmt' || statement.kind === 'CommentStmt')
    return false
  let says = false
  let names = false
  const { schema, name } = splitName(type)
  for (const { kind, node } of walk(statement.node)) {
    if (kind === 'A_Const') says = says || (node.sval as { readonly sval?: string } | undefined)?.sval === label
    if (kind === 'RangeVar')
      names =
        names ||
        hasColumnOf(
          type,
          `${(node.schemaname as string | undefined) ?? context.schema}.${node.relname as string}`,
          context,
        )
  }
  if (!says) says = JSON.stringify(statement.node).includes(`"sval":{"sval":${JSON.stringify(label)}}`)
  if (!says) return false
  return names || mentionsType(statement.node, schema, name) || touches(statement, type, context)
}

function hasColumnOf(type: string, table: string, context: RuleContext): boolean {
  const before = context.catalogBefore.relations.get(table)
  const after = context.catalogAfter.relations.get(table)
  if (before === undefined && after === undefined) return !context.catalogBefore.complete
  return [before, after].some((one) => columnsOf(one).some((column) => column === type))
}

function columnsOf(relation: Relation | undefined): readonly string[] {
  return relation?.kind === 'table' ? [...relation.columns.values()].map((column) => column.type?.name ?? '') : []
}

function mentionsType(node: Node, schema: string, name: string): boolean {
  for (const { kind, node: inner } of walk({ node })) {
    const parts = kind === 'TypeName' ? strings(inner.names as readonly Node[] | undefined) : typeNamesOf(inner)
    if (parts.at(-1) === name && (parts.length === 1 || parts.at(-2) === schema)) return true
  }
  return false
}

/** A type stands under `typeName` without a node name around it. */
function typeNamesOf(node: Readonly<Record<string, unknown>>): readonly string[] {
  const type = node.typeName as { readonly names?: readonly Node[] } | undefined
  return strings(type?.names)
}

function touches(statement: AnalysedStatement, type: string, context: RuleContext): boolean {
  return statement.effects.locks.some((lock) => hasColumnOf(type, lock.relation, context))
}

function remark(
  statement: AnalysedStatement,
  { type, label }: ChangeOf<'add-label'>,
  use: AnalysedStatement,
  context: RuleContext,
): Remark {
  return {
    statement: use,
    severity: 'error',
    message: `Uses the label ${literal(label)} of ${relation(type, context)} in the transaction that adds it (line ${statement.range.line}): the migration fails.`,
    why: 'PostgreSQL refuses a new label until the transaction that added it is committed (55P04, unsafe use of new value).',
    instead: [
      '-- alone in a migration before this one',
      `${statement.sql};`,
      '-- what uses the label stays in this one',
      `${use.sql};`,
    ].join('\n'),
  }
}

function ofNewType(
  statement: AnalysedStatement,
  { type, label }: ChangeOf<'add-label'>,
  use: AnalysedStatement,
  context: RuleContext,
): Remark {
  return {
    statement: use,
    severity: 'warning',
    message: `Uses the label ${literal(label)} of ${relation(type, context)} in the transaction that adds it (line ${statement.range.line}): up to PostgreSQL 16 the migration fails.`,
    why: 'Before version 17 a label that was added in the same transaction is refused (55P04), also where the type itself is new.',
    instead: `Write ${literal(label)} into the CREATE TYPE of ${relation(type, context)} and leave line ${statement.range.line} out.`,
  }
}
