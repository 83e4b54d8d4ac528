import { withoutRowValues } from '../../../postgres/row-values.ts'
import { sqlStateOf } from './refusal.ts'

/** What the server says of an error (manual, 54.8): names of the schema, and nothing of a row. */
export interface ServerError {
  readonly sqlState: string | undefined
  readonly message: string
  /** For lists of objects: `view v depends on column …`. Never a row. */
  readonly objects: readonly string[]
  readonly schema: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
  readonly dataType: string | undefined
  readonly constraint: string | undefined
  /** Raised by code of the user's own. */
  readonly raisedIn: string | undefined
}

export function serverErrorOf(error: unknown): ServerError {
  const text = (name: string): string | undefined => {
    const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined
    return typeof value === 'string' ? value : undefined
  }
  const sqlState = sqlStateOf(error)
  const raisedIn = raisedBy(text('routine'), text('where') ?? '')
  return {
    sqlState,
    message: messageFor(sqlState, error instanceof Error ? error.message : String(error), raisedIn),
    objects: sqlState === '2BP01' ? (text('detail') ?? '').split('\n').filter((line) => line !== '') : [],
    schema: text('schema'),
    table: text('table'),
    column: text('column'),
    dataType: text('dataType'),
    constraint: text('constraint'),
    raisedIn,
  }
}

/** `exec_stmt_raise` of pl_exec.c, whatever SQLSTATE it was given. The function's name is in the first line of the context. */
function raisedBy(routine: string | undefined, where: string): string | undefined {
  if (routine !== 'exec_stmt_raise' && routine !== 'exec_stmt_assert') return undefined
  return /(?:function|procedure) (.+?) line \d+/.exec(where)?.[1] ?? 'a DO block'
}

/** What a RAISE says was put together from anything, rows among it. */
function messageFor(sqlState: string | undefined, message: string, raisedIn: string | undefined): string {
  if (raisedIn !== undefined) return `RAISE in ${raisedIn} (what it says is left out, since it can quote rows)`
  const without = withoutRowValues(message)
  // Values may have line breaks in them, and data exceptions end in the value.
  return sqlState?.startsWith('22') === true
    ? without.replace(/: "(?!…"$)[\s\S]*"/, ': "…"').replace(/\b(value|Token) "(?!…")[\s\S]*"(?= is )/, '$1 "…"')
    : without
}
