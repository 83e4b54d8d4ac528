import type { ChangeOf } from '../../sql/catalog/change.ts'
import { literal, quoted } from '../../sql/identifiers.ts'
import { isEmpty } from '../empty.ts'
import { clauseText, isInUse } from '../in-use.ts'
import { columnList, keyOf, relation, relations, rowOf, typeText } from '../naming.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'table-rewrite',
  title: 'The whole table is written anew while nobody can use it',
  group: 'rewrite',
  documentation: {
    summary:
      'A new column with a default that differs from row to row (gen_random_uuid(), a serial, an identity, a stored expression) ' +
      'makes PostgreSQL write every row anew under ACCESS EXCLUSIVE; so do SET LOGGED, SET UNLOGGED, CLUSTER and VACUUM FULL. ' +
      'A constant default, and now(), costs nothing.',
    bad: 'ALTER TABLE "User" ADD COLUMN "token" UUID NOT NULL DEFAULT gen_random_uuid();',
    good: 'ALTER TABLE "User" ADD COLUMN "token" UUID;',
  },
  growsWithTable: true,
  about: ['rewrites'],
  check: (context) => context.statements.flatMap((statement) => remarks(statement, context)),
}

function remarks(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  const tables = statement.effects.rewrites.filter(
    (table) => isInUse(table, statement, context) && !isEmpty(table, statement, context),
  )
  const emptied = statement.effects.loses.filter((loss) => loss.kind === 'rows').map((loss) => loss.name)
  if (
    tables.every((table) => emptied.includes(table)) ||
    statement.kind === 'TruncateStmt' ||
    statement.kind === 'RefreshMatViewStmt'
  )
    return []
  if (statement.changes.some((change) => change.kind === 'alter-column' && change.typeChange !== undefined)) return []
  const columns = statement.changes.filter(
    (change): change is ChangeOf<'add-column'> =>
      change.kind === 'add-column' && change.filledBy !== 'none' && change.filledBy !== 'constant',
  )
  if (columns.length > 0) return columns.map((change) => forColumn(statement, change, context))
  return [
    {
      statement,
      relation: tables.length === 1 ? tables[0] : undefined,
      severity: 'warning',
      message: `Writes ${relations(tables, context)} anew: nobody can read or write ${tables.length > 1 ? 'them' : 'it'} until that is done.`,
      why: 'The whole table and its indexes are copied under ACCESS EXCLUSIVE, which needs as much free disk again.',
      instead:
        'Run it when nobody uses the table, with a lock_timeout; where it is to win back space, pg_repack does it while everybody works on.',
    },
  ]
}

function forColumn(statement: AnalysedStatement, change: ChangeOf<'add-column'>, context: RuleContext): Remark {
  const table = relation(change.table, context)
  const column = quoted(change.column.name)
  const type = typeText(change.column.type, context)
  const sequence = relation(`${change.table}_${change.column.name}_seq`, context)
  const next = `nextval(${literal(sequence)})`
  const filled = change.filledBy === 'sequence' ? next : defaultText(clauseText(statement, change.clause))
  const key = keyOf(change.table, context.catalogBefore)
  const because = {
    volatile: `its default is evaluated for every row`,
    sequence: 'every row gets its own number',
    generated: 'its value is computed and stored for every row',
  }
  const reason = change.filledBy === 'none' || change.filledBy === 'constant' ? '' : because[change.filledBy]
  return {
    statement,
    clause: change.clause,
    relation: change.table,
    severity: 'warning',
    message: `Adds ${column} to ${table} and writes the whole table anew: nobody can read or write ${table} meanwhile.`,
    why: `PostgreSQL cannot keep one value for all rows, because ${reason}; the lock (ACCESS EXCLUSIVE) is held until the transaction ends.`,
    instead:
      change.filledBy === 'generated'
        ? [
            `ALTER TABLE ${table} ADD COLUMN ${column} ${type};`,
            '-- kept by the application or a trigger; then fill it, repeated until no row is changed',
            `UPDATE ${table} SET ${column} = … WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${column} IS NULL LIMIT 5000);`,
          ].join('\n')
        : [
            `ALTER TABLE ${table} ADD COLUMN ${column} ${type};`,
            ...(change.filledBy === 'sequence' ? [`CREATE SEQUENCE ${sequence} OWNED BY ${table}.${column};`] : []),
            `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${filled};`,
            '-- in the next migration, repeated until no row is changed',
            `UPDATE ${table} SET ${column} = ${filled} WHERE ${rowOf(key)} IN (SELECT ${columnList(key)} FROM ${table} WHERE ${column} IS NULL LIMIT 5000);`,
          ].join('\n'),
  }
}

/** What stands behind DEFAULT, up to the next constraint of the column. */
function defaultText(clause: string): string {
  const after = /\bdefault\s+([\s\S]+)$/i.exec(clause)?.[1] ?? 'DEFAULT'
  return after.replace(/\s+(not\s+null|null|unique|primary\s+key|check|references|constraint)\b[\s\S]*$/i, '').trim()
}
