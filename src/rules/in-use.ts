/** Whether anybody can notice: the questions most rules ask before they speak. */

import type { Change, ChangeKind, ChangeOf } from '../sql/catalog/change.ts'
import { clausesOf } from '../sql/clauses.ts'
import { lockModes, type RelationName } from '../sql/model.ts'
import type { AnalysedStatement, RuleContext } from './rule.ts'

/** The relation was there before the migration, and running applications may use it. */
export function isInUse(relation: RelationName, statement: AnalysedStatement, context: RuleContext): boolean {
  return !context.notYetInUse.has(relation) && statement.effects.locks.some((lock) => lock.relation === relation)
}

/** SHARE and everything above it conflicts with the lock of INSERT, UPDATE and DELETE. */
export function blocksWrites(relation: RelationName, statement: AnalysedStatement): boolean {
  const lock = statement.effects.locks.find((one) => one.relation === relation)
  return lock !== undefined && lockModes.indexOf(lock.mode) >= lockModes.indexOf('ShareLock')
}

/** Only ACCESS EXCLUSIVE stops readers. */
export function blocksReads(relation: RelationName, statement: AnalysedStatement): boolean {
  return statement.effects.locks.some((lock) => lock.relation === relation && lock.mode === 'AccessExclusiveLock')
}

/** It goes through rows, and so lasts as long as a table is large. */
export function takesLong({ kind, effects }: AnalysedStatement): boolean {
  const writes = ['UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(kind) && effects.locks.length > 0
  return writes || effects.scans.length > 0 || effects.rewrites.length > 0
}

/** What they do lies in a body: a block, a procedure, a function that is called. */
const bodyKinds: ReadonlySet<string> = new Set(['DoStmt', 'CallStmt', 'SelectStmt'])

export function hasBody({ kind }: Pick<AnalysedStatement, 'kind'>): boolean {
  return bodyKinds.has(kind)
}

export interface Located<K extends ChangeKind> {
  readonly statement: AnalysedStatement
  readonly change: ChangeOf<K>
}

/** Every change of one kind in the file, with its statement. */
export function changesOf<K extends ChangeKind>(context: RuleContext, kind: K): readonly Located<K>[] {
  const found: Located<K>[] = []
  for (const statement of context.statements) {
    for (const change of statement.changes) if (isOf(change, kind)) found.push({ statement, change })
  }
  return found
}

function isOf<K extends ChangeKind>(change: Change, kind: K): change is ChangeOf<K> {
  return change.kind === kind
}

/** The command of an ALTER TABLE as the user wrote it. */
export function clauseText(statement: AnalysedStatement, clause: number): string {
  return clausesOf(statement.sql)[clause]?.text ?? statement.sql
}
