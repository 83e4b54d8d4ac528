import { quoteIdentifier, quoteLiteral } from '../../../postgres/quoting.ts'
import { type KnownTable, qualified, spoken } from './known-table.ts'
import type { Question } from './question.ts'

/** From a question and what the catalog knows of its tables to SQL that counts and SQL that finds. Pure. */

export interface Search {
  /** What the searching needs first: a temporary function. */
  readonly prepare: string | undefined
  readonly count: string
  /** Ready to paste. */
  readonly find: string
  /** Of so many rows, or of nobody knows how many. */
  readonly say: (rows: number | undefined) => string
}

const keyOf = (table: KnownTable, prefix = '') =>
  (table.key.length === 0 ? ['ctid'] : table.key.map(quoteIdentifier)).map((name) => `${prefix}${name}`).join(', ')
/** A table that inherits is one of its own, to what is unique and to foreign keys; a partition is not. */
const onlyOf = (table: KnownTable) => `${table.partitioned ? '' : 'ONLY '}${qualified(table)}`
const numbered = (rows: number | undefined) =>
  rows === undefined ? 'Some rows' : rows === 1 ? '1 row' : `${rows} rows`
const namesOf = (names: readonly string[]) => names.map(quoteIdentifier).join(', ')

/** Of `Question`, what needs no more than its own table. */
export function searchDuplicates(question: Extract<Question, { kind: 'duplicates' }>, table: KnownTable): Search {
  const { keys, where, nullsNotDistinct } = question
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    ...(nullsNotDistinct ? [] : keys.map((key) => `(${key}) IS NOT NULL`)),
  ]
  const from = `FROM ${onlyOf(table)}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`
  const numberedKeys = keys.map((key, index) => `(${key}) AS k${index}`).join(', ')
  const groups = keys.map((_, index) => `k${index}`).join(', ')
  return {
    prepare: undefined,
    count: `SELECT coalesce(sum(n), 0)::float8 AS rows FROM (SELECT count(*) AS n FROM (SELECT ${numberedKeys} ${from}) k GROUP BY ${groups} HAVING count(*) > 1) d`,
    find: `SELECT ${keyOf(table)} FROM (SELECT ${keyOf(table)}, count(*) OVER (PARTITION BY ${keys.map((key) => `(${key})`).join(', ')}) AS rows_with_this_key ${from}) AS ${quoteIdentifier(table.name)} WHERE rows_with_this_key > 1;`,
    say: (rows) => `${numbered(rows)} of ${spoken(table)} have the same ${keys.join(', ')} as another one.`,
  }
}

export function searchRows({ where, say }: Extract<Question, { kind: 'rows' }>, table: KnownTable): Search {
  const from = `FROM ${qualified(table)}${where === undefined ? '' : ` WHERE ${where}`}`
  return {
    prepare: undefined,
    count: `SELECT count(*)::float8 AS rows ${from}`,
    find: `SELECT ${keyOf(table)} ${from};`,
    say: (rows) => `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? say.one : say.many}.`,
  }
}

export function searchOrphans(
  {
    columns,
    toColumns,
    matchFull,
  }: Pick<Extract<Question, { kind: 'orphans' }>, 'columns' | 'toColumns' | 'matchFull'>,
  table: KnownTable,
  to: KnownTable,
): Search {
  const theirs = toColumns.length === 0 ? to.key : toColumns
  const own = columns.map((column) => `pointing.${quoteIdentifier(column)}`)
  const same = own.map((column, index) => `other.${quoteIdentifier(theirs[index] ?? '')} = ${column}`).join(' AND ')
  const found = `EXISTS (SELECT FROM ${onlyOf(to)} AS other WHERE ${same})`
  const all = own.map((column) => `${column} IS NOT NULL`).join(' AND ')
  const some = own.map((column) => `${column} IS NOT NULL`).join(' OR ')
  // MATCH FULL wants all of the columns or none (manual, CREATE TABLE); a join would be no more than that.
  const where = matchFull && own.length > 1 ? `(${some}) AND NOT (${all} AND ${found})` : `${all} AND NOT ${found}`
  const from = `FROM ${onlyOf(table)} AS pointing WHERE ${where}`
  return {
    prepare: undefined,
    count: `SELECT count(*)::float8 AS rows ${from}`,
    find: `SELECT ${keyOf(table, 'pointing.')} ${from};`,
    say: (rows) =>
      `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? 'has' : 'have'} a ${namesOf(columns)} that no row of ${spoken(to)} has as its ${namesOf(theirs)}.`,
  }
}

/** Rows that point to one that is to go. */
export function searchPointing(
  { columns, toColumns }: { readonly columns: readonly string[]; readonly toColumns: readonly string[] },
  table: KnownTable,
  to: KnownTable,
  deleted: string | undefined,
): Search {
  const target = quoteIdentifier(to.name)
  const same = columns.map(
    (column, index) => `${target}.${quoteIdentifier(toColumns[index] ?? '')} = pointing.${quoteIdentifier(column)}`,
  )
  const going = [...(deleted === undefined ? [] : [`(${deleted})`]), ...same].join(' AND ')
  const from = `FROM ${onlyOf(table)} AS pointing WHERE EXISTS (SELECT FROM ${qualified(to)} WHERE ${going})`
  return {
    prepare: undefined,
    count: `SELECT count(*)::float8 AS rows ${from}`,
    find: `SELECT ${keyOf(table, 'pointing.')} ${from};`,
    say: (rows) =>
      `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? 'points' : 'point'} with ${namesOf(columns)} to rows of ${spoken(to)} that are to be deleted.`,
  }
}

export function searchConflicts(
  { keys, where, constraint }: Extract<Question, { kind: 'conflicts' }>,
  table: KnownTable,
): Search {
  const columns = keys.map(({ sql }, index) => `(${sql}) AS k${index}`).join(', ')
  const one = `(SELECT ctid AS place, tableoid AS part, ${keyOf(table)}, ${columns} FROM ${onlyOf(table)}${where === undefined ? '' : ` WHERE (${where})`})`
  const both = keys.map(({ operator }, index) => `other.k${index} ${operator} one.k${index}`).join(' AND ')
  const from = `FROM ${one} AS one WHERE EXISTS (SELECT FROM ${one} AS other WHERE (other.place, other.part) <> (one.place, one.part) AND ${both})`
  return {
    prepare: undefined,
    count: `SELECT count(*)::float8 AS rows ${from}`,
    find: `SELECT ${keyOf(table, 'one.')} ${from};`,
    say: (rows) =>
      `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? 'conflicts' : 'conflict'} with another one under ${quoteIdentifier(constraint)}.`,
  }
}

export interface SearchedConversion {
  readonly column: string
  readonly type: string
  readonly labels: readonly string[]
  readonly sql: string
  readonly plain: boolean
  readonly where: string | undefined
  readonly sqlState: string | undefined
  /** Of the server: from 16 on it can be asked whether a text is one of a type. */
  readonly major: number
}

export function searchConversion(conversion: SearchedConversion, table: KnownTable): Search {
  const { column, type, labels, sql, plain, where, sqlState, major } = conversion
  const name = quoteIdentifier(column)
  const also = where === undefined ? '' : `(${where}) AND `
  const say = (rows: number | undefined) =>
    `${numbered(rows)} of ${spoken(table)} ${rows === 1 ? 'has' : 'have'} ${becomes(sqlState, name, type, labels)}.`
  if (plain && labels.length > 0) {
    const known = `ARRAY[${labels.map(quoteLiteral).join(', ')}]`
    const from = `FROM ${qualified(table)} WHERE ${also}${name}::text <> ALL (${known})`
    return {
      prepare: undefined,
      count: `SELECT count(*)::float8 AS rows ${from}`,
      find: `SELECT ${keyOf(table)} ${from};`,
      say,
    }
  }
  const prepare = tryFunction(sql, type, table)
  const from = `FROM ${qualified(table)} AS ${quoteIdentifier(table.name)} WHERE ${also}NOT pg_temp.airlock_becomes(${quoteIdentifier(table.name)})`
  const asked = plain && major >= 16 && sqlState !== '22001' && sqlState !== '22003'
  const find = asked
    ? `SELECT ${keyOf(table)} FROM ${qualified(table)} WHERE ${name} IS NOT NULL AND NOT pg_catalog.pg_input_is_valid(${name}::text, ${quoteLiteral(type)});`
    : `${prepare};\nSELECT ${keyOf(table)} ${from};`
  return { prepare, count: `SELECT count(*)::float8 AS rows ${from}`, find, say }
}

/**
 * Whether the new value of a row can be made. The server evaluates the statement's own expression and assigns it to a variable
 * of the new type, which refuses what the column would (an explicit cast would cut a text that is too long). Any other error
 * than one of a value, such as a column that is not there, ends the counting.
 */
function tryFunction(sql: string, type: string, table: KnownTable): string {
  const body = `
#variable_conflict use_column
DECLARE became ${type};
BEGIN
  SELECT ${sql} INTO became FROM (SELECT (of_row).*) AS ${quoteIdentifier(table.name)};
  RETURN true;
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
  RETURN false;
END `
  return `CREATE FUNCTION pg_temp.airlock_becomes(of_row ${qualified(table)}) RETURNS boolean LANGUAGE plpgsql AS ${quotedBody(body)}`
}

/** Dollars, so that a person can read it. */
function quotedBody(body: string): string {
  return body.includes('$airlock$') ? quoteLiteral(body) : `$airlock$${body}$airlock$`
}

function becomes(sqlState: string | undefined, name: string, type: string, labels: readonly string[]): string {
  if (labels.length > 0) return `a ${name} that is no label of ${type}`
  if (sqlState === '22001') return `a ${name} that is too long for ${type}`
  if (sqlState === '22003') return `a ${name} that is out of the range of ${type}`
  if (sqlState === '22012') return `values with which the new ${name} divides by zero`
  return `a ${name} that does not become ${type}`
}
