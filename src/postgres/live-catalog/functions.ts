import type { FunctionBody, UserFunction, Volatility } from '../../sql/catalog/model.ts'
import { namesIn as schemasNamedIn } from '../../sql/effects/settings.ts'
import { groupedBy } from './grouped.ts'
import type { Names } from './names.ts'
import type { FunctionRow, Id, LiveRows } from './rows.ts'

export function functionsOf(rows: LiveRows, names: Names): ReadonlyMap<string, UserFunction> {
  const functions = new Map<string, UserFunction>()
  for (const [name, overloads] of groupedBy(rows.functions, (row) => row.name)) {
    // An aggregate has no text; it stays among the others of its name as one that cannot be read.
    const bodies = overloads.map((row) => bodyOf(row, row.text ?? '', names))
    functions.set(name, { name, volatility: worstOf(overloads), bodies, createdBy: undefined })
  }
  return functions
}

function bodyOf(row: FunctionRow, text: string, names: Names): FunctionBody {
  const path = row.settings?.find((setting) => setting.startsWith('search_path='))
  return {
    signature: row.arguments.map((type) => typeText(type, names)).join(),
    language: row.language,
    text,
    sql: row.sql ?? undefined,
    // `""` stands for no schema at all.
    searchPath: path === undefined ? undefined : schemasNamedIn(path.slice('search_path='.length)).filter(Boolean),
  }
}

function typeText(type: Id, names: Names): string {
  const { name, array } = names.type({ type, typmod: -1, written: null })
  return array ? `${name}[]` : name
}

function worstOf(overloads: readonly FunctionRow[]): Volatility {
  const said = new Set(overloads.map((row) => row.volatility))
  return said.has('v') ? 'volatile' : said.has('s') ? 'stable' : 'immutable'
}
