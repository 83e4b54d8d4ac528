import type { CatalogDifference } from '../../../postgres/catalog.ts'
import type { Statement } from '../../../sql/model.ts'
import type { RowComparison } from './compare-rows.ts'
import type { Objects } from './objects.ts'
import { plainName } from './steps.ts'
import type { Undo, UndoLoss, UndoOrigin, WrittenSince } from './undo.ts'
import { notInTheCatalog } from './unseen.ts'

/** What was seen when it was run. */
export type Run = { readonly origin: UndoOrigin; readonly sql: string } & (
  | { readonly kind: 'down-failed'; readonly sqlState: string | undefined; readonly because: string }
  | { readonly kind: 'differs'; readonly differs: CatalogDifference }
  | {
      readonly kind: 'ran'
      readonly statements: readonly Pick<Statement, 'effects' | 'kind' | 'sql' | 'range'>[]
      readonly before: Objects
      readonly after: Objects
      readonly rows: RowComparison
      readonly writtenSince: readonly WrittenSince[]
      readonly again: Again
    }
)

/** The second up. */
export type Again =
  | { readonly kind: 'failed'; readonly because: string }
  /** `differs`: from the first. */
  | { readonly kind: 'ran'; readonly differs: CatalogDifference }
  | { readonly kind: 'not-run'; readonly because: string }

export function decideUndo(run: Run): Undo {
  const { origin, sql } = run
  const notProven = (because: string): Undo => ({ kind: 'not-proven', origin, sql, because })
  switch (run.kind) {
    case 'down-failed':
      return origin.kind === 'generated' && isAboutRows(run.sqlState)
        ? {
            kind: 'impossible',
            origin,
            because: `The rows of now do not fit into the schema of before: ${run.because}`,
          }
        : notProven(`The way back fails: ${run.because}`)
    case 'differs':
      return notProven(`Up and down do not lead to the same catalog.\n${sayDifference(run.differs)}`)
    case 'ran':
      return decideLoss(run, notProven)
  }
}

/** Class 22: a value does not convert; class 23: a constraint does not hold (manual, appendix A). */
function isAboutRows(sqlState: string | undefined): boolean {
  return sqlState !== undefined && /^2[23]/.test(sqlState)
}

function decideLoss(run: Extract<Run, { kind: 'ran' }>, notProven: (because: string) => Undo): Undo {
  const { origin, sql, again, rows, writtenSince, before, after } = run
  if (again.kind === 'failed')
    return notProven(`After up and down the migration cannot be applied again: ${again.because}`)
  if (again.kind === 'ran' && again.differs.added.length + again.differs.removed.length > 0) {
    return notProven(
      `After up, down and up the catalog is not the one of the first up.\n${sayDifference(again.differs)}`,
    )
  }
  const unknown = run.statements.find(({ effects }) => effects.unknown)
  // With rows everything that such code did to them would have been seen.
  if (unknown !== undefined && rows.filled.size === 0) {
    const because = unknown.effects.unknownBecause ?? 'a part of it cannot be told'
    return notProven(`What it does to rows cannot be told (${because}), and there were no rows to see it on.`)
  }
  const unseen = notInTheCatalog(run.statements)
  if (unseen !== undefined) return notProven(unseen)
  if (rows.notCompared.length > 0 && sql.trim() === '' && run.statements.some(changesRows)) {
    const because = `The migration changes rows and no SQL brings them back, only a backup does. ${rows.notCompared.join(' ')}`
    return { kind: 'impossible', origin, because }
  }
  if (rows.notCompared.length > 0)
    return notProven(
      [
        'The schema comes back; of the rows that is not known.',
        ...rows.notCompared,
        ...rows.loses.map(({ text }) => text),
      ].join(' '),
    )
  const loses = [...rows.loses, ...lostUnseen(run)]
  const common = {
    origin,
    sql,
    checked: checkedIn(run),
    notChecked: [...notCheckedIn(run), ...otherOrder(before, after)],
    writtenSince,
  }
  if (loses.length === 0) return { ...common, kind: 'proven', loses: [] }
  if (sql.trim() === '') {
    const onlyAdds = loses.every(({ kind }) => kind === 'rows') && !run.statements.some(mayChangeRows)
    const why = onlyAdds
      ? 'The migration adds rows, and nothing in the catalog says which: a DELETE in a file of your own takes them away.'
      : 'The migration changes rows and no SQL brings them back, only a backup does.'
    const because = `${why} ${loses.map(({ text }) => text).join(' ')}`
    return { kind: 'impossible', origin, because }
  }
  return { ...common, kind: 'lossy', loses }
}

function changesRows({ effects }: Pick<Statement, 'effects'>): boolean {
  return effects.overwrites.length > 0 || effects.loses.some(({ kind }) => kind === 'rows')
}

function mayChangeRows(statement: Pick<Statement, 'effects'>): boolean {
  return statement.effects.unknown || changesRows(statement)
}

/** What the statements say they take from tables that had no rows to show it. */
function lostUnseen({ statements, before, rows }: Extract<Run, { kind: 'ran' }>): readonly UndoLoss[] {
  const tables = new Set(before.tables.map(plainName))
  const empty = (table: string) => tables.has(table) && !rows.filled.has(table)
  const seen = new Set(rows.loses.map(({ name }) => name))
  const found = new Map<string, UndoLoss>()
  const add = (kind: UndoLoss['kind'], name: string, what: string) => {
    if (seen.has(name) || found.has(name)) return
    found.set(name, { kind, name, rows: null, text: `${what} (not counted: the table had no rows here).` })
  }
  for (const { effects } of statements) {
    for (const name of effects.overwrites) {
      if (empty(name)) add('values', name, `Values of ${name} that the migration writes over do not come back`)
    }
    for (const { kind, name } of effects.loses) {
      if (kind === 'rows' && empty(name))
        add('rows', name, `Rows of ${name} that the migration deletes do not come back`)
      const table = name.split('.').slice(0, 2).join('.')
      if (kind === 'precision' && empty(table)) {
        add('values', name, `Values of ${name} that the migration cuts do not come back as they were`)
      }
    }
  }
  return [...found.values()]
}

function checkedIn({ rows, again }: Extract<Run, { kind: 'ran' }>): readonly string[] {
  return [
    'up and down lead to the catalog of before',
    ...(again.kind === 'not-run' ? [] : ['up again leads to the catalog of the first up']),
    ...(rows.filled.size === 0 || rows.tables === 0
      ? []
      : [`the ${rows.rows} rows of ${rows.tables} tables that it writes to or changes, by hash`]),
  ]
}

function notCheckedIn({ rows, before, after, again }: Extract<Run, { kind: 'ran' }>): readonly string[] {
  const oids = new Set(after.sequences.map(({ oid }) => oid))
  const anew = before.sequences.filter(({ oid }) => !oids.has(oid))
  return [
    ...(again.kind === 'not-run' ? [`whether it can be applied again: ${again.because}`] : []),
    ...(rows.filled.size === 0 ? ['rows: there were none'] : []),
    'owners, privileges and comments of what is made again',
    ...anew.map((one) => `the position of the sequence ${plainName(one)}: it goes on behind the highest value`),
  ]
}

/** `ALTER TABLE … ADD COLUMN` has no place to say. Nothing but `SELECT *` and `INSERT` without columns sees the difference. */
function otherOrder(before: Objects, after: Objects): readonly string[] {
  return before.tables.flatMap((table) => {
    const now = after.tables.find((one) => plainName(one) === plainName(table))
    const names = (columns: Objects['tables'][number]['columns']) => columns.map(({ name }) => name).join()
    if (now === undefined || names(now.columns) === names(table.columns)) return []
    return [`the order of the columns of ${plainName(table)}: a column that is added again comes last`]
  })
}

const mostLines = 12

function sayDifference({ added, removed }: CatalogDifference): string {
  const lines = [...removed.map((line) => `missing: ${line}`), ...added.map((line) => `left over: ${line}`)]
  const rest = lines.length - mostLines
  return [...lines.slice(0, mostLines), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')
}
