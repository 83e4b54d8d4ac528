import { quoteIdentifier as q, quoteLiteral } from '../../../postgres/quoting.ts'
import type { ColumnObject, Objects, TableObject } from './objects.ts'
import { type Pair, pairColumns } from './pairs.ts'
import type { Difference } from './reverse.ts'
import { type Phase, pathOf, type Step } from './steps.ts'

/** Columns of the tables that stay. Those of a partition follow its parent. */
export function columnSteps({ before, pairs, retyped }: Difference): readonly Step[] {
  return pairs.tables.both
    .filter(({ is }) => is.parents.length === 0)
    .flatMap((table) => {
      const path = pathOf(table.was)
      const { both, gone, made } = pairColumns(table)
      const step = (phase: Phase, change: string): Step => ({
        phase,
        oid: table.was.oid,
        sql: `ALTER TABLE ${path} ${change}`,
      })
      const others = retyped.filter((one) => one.table.is.oid === table.is.oid)
      return [
        ...made.map(({ name }) => step('change-columns', `DROP COLUMN ${q(name)}`)),
        ...both.flatMap((column) =>
          changedColumn(
            column,
            others.some(({ is }) => is.number === column.is.number),
            sequenceOf(before, table.was, column.was),
            step,
          ),
        ),
        ...gone.flatMap((column) => goneColumn(column, sequenceOf(before, table.was, column), before, step)),
      ]
    })
}

type MakeStep = (phase: Phase, change: string) => Step

function changedColumn(
  { was, is }: Pair<ColumnObject>,
  retyped: boolean,
  sequence: string,
  step: MakeStep,
): readonly Step[] {
  const column = `ALTER COLUMN ${q(was.name)}`
  const steps: Step[] = []
  if (was.generated !== '' && (retyped || was.generated !== is.generated || was.expression !== is.expression)) {
    return [
      step('change-columns', `DROP COLUMN ${q(is.name)}`),
      step('change-columns', `ADD COLUMN ${columnText(was, sequence)}`),
    ]
  }
  if (is.generated !== '' && was.generated === '') steps.push(step('drop-defaults', `${column} DROP EXPRESSION`))
  const otherDefault = retyped || was.expression !== is.expression || was.generated !== is.generated
  if (is.expression !== undefined && is.generated === '' && otherDefault)
    steps.push(step('drop-defaults', `${column} DROP DEFAULT`))
  if (is.identity !== '' && was.identity === '') steps.push(step('drop-defaults', `${column} DROP IDENTITY`))
  if (retyped)
    steps.push(step('change-columns', `${column} TYPE ${was.type}${collate(was)} USING ${cast({ was, is })}`))
  if (was.notNull !== is.notNull) steps.push(step('set-defaults', `${column} ${was.notNull ? 'SET' : 'DROP'} NOT NULL`))
  if (was.expression !== undefined && otherDefault)
    steps.push(step('set-defaults', `${column} SET DEFAULT ${was.expression}`))
  if (was.identity !== '' && is.identity === '') {
    steps.push(step('set-defaults', `${column} ADD ${identity(was, sequence)}`))
  } else if (was.identity !== '' && was.identity !== is.identity) {
    steps.push(step('set-defaults', `${column} SET GENERATED ${was.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'}`))
  }
  return steps
}

/** Where no value may be missing and there is no default, rows get one that means as little as possible. */
function goneColumn(column: ColumnObject, sequence: string, before: Objects, step: MakeStep): readonly Step[] {
  const fill = needsFill(column) ? fillFor(column, before) : undefined
  if (fill === undefined) return [step('change-columns', `ADD COLUMN ${columnText(column, sequence)}`)]
  return [
    step('change-columns', `ADD COLUMN ${columnText({ ...column, expression: fill }, sequence)}`),
    step('set-defaults', `ALTER COLUMN ${q(column.name)} DROP DEFAULT`),
  ]
}

export function needsFill({ notNull, expression, identity: generated }: ColumnObject): boolean {
  return notNull && expression === undefined && generated === ''
}

/** undefined: there is no value that stands for none. */
export function fillFor(column: ColumnObject, before: Objects): string | undefined {
  const literal = (text: string) => `${quoteLiteral(text)}::${column.type}`
  if (column.isArray) return literal('{}')
  const enumType = before.types.find(({ oid }) => oid === column.typeOid)
  if (enumType?.kind === 'enum') return literal(enumType.labels[0]?.label ?? '')
  switch (column.category) {
    case 'N':
      return literal('0')
    case 'S':
      return literal('')
    case 'B':
      return literal('false')
    case 'T':
      return literal('0')
    case 'D':
      return /^time\b/.test(column.type) ? literal('00:00') : literal('epoch')
    default:
      return otherFills.get(column.type)?.(literal)
  }
}

const otherFills: ReadonlyMap<string, (literal: (text: string) => string) => string> = new Map([
  ['uuid', () => 'pg_catalog.gen_random_uuid()'],
  ['jsonb', (literal: (text: string) => string) => literal('{}')],
  ['json', (literal: (text: string) => string) => literal('{}')],
  ['bytea', (literal: (text: string) => string) => literal('')],
])

export function columnText(column: ColumnObject, sequence = ''): string {
  const { name, type, notNull, expression, generated } = column
  const value =
    generated !== ''
      ? ` GENERATED ALWAYS AS (${expression}) ${generated === 'v' ? 'VIRTUAL' : 'STORED'}`
      : column.identity !== ''
        ? ` ${identity(column, sequence)}`
        : expression === undefined
          ? ''
          : ` DEFAULT ${expression}`
  return `${q(name)} ${type}${collate(column)}${value}${notNull ? ' NOT NULL' : ''}`
}

function identity({ identity: kind }: ColumnObject, sequence: string): string {
  return `GENERATED ${kind === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${sequence === '' ? '' : ` (${sequence})`}`
}

/** Of an identity column: with the name and the settings that it had. */
export function sequenceOf({ sequences }: Objects, table: TableObject, column: ColumnObject): string {
  const found = sequences.find(
    ({ owner }) => owner?.identity === true && owner.table === table.oid && owner.column === column.number,
  )
  return found === undefined ? '' : `SEQUENCE NAME ${pathOf(found)} ${found.definition.replace(/^AS \S+ /, '')}`
}

function collate({ collation }: ColumnObject): string {
  return collation === undefined ? '' : ` COLLATE ${collation}`
}

/** From the type of now to that of before. Where there is no cast, by way of the text, which every type has. */
export function cast({ was, is }: Pair<ColumnObject>, value = q(was.name)): string {
  if (is.isArray || was.isArray) {
    if (is.isArray !== was.isArray) return `${value}::text::${was.type}`
    return `${value}::text[]::${was.type}`
  }
  const isEnum = was.category === 'E' || is.category === 'E'
  const isText = was.category === 'S' || is.category === 'S'
  const isLike = was.category === is.category && /^[NDT]$/.test(was.category)
  if (!isEnum && (was.typeOid === is.typeOid || isText || isLike)) return `${value}::${was.type}`
  if (is.category === 'B' && was.category === 'N') return `${value}::int::${was.type}`
  return `${value}::text::${was.type}`
}
