import type { CreateFunctionStmt } from 'libpg-query'
import { allOf, as, strings } from '../../sql/effects/tree.ts'
import { quoted } from '../../sql/identifiers.ts'
import type { AnalysedStatement, Remark, Rule, RuleContext } from '../rule.ts'

export const rule: Rule = {
  id: 'security-definer-search-path',
  title: 'A SECURITY DEFINER function finds its tables where its caller says',
  group: 'security',
  documentation: {
    summary:
      'A SECURITY DEFINER function runs with the rights of its owner, but with the search_path of whoever calls it. A caller who ' +
      'may create objects anywhere can put a table or function of the same name in front, and the function uses it with the ' +
      'rights of the owner. A search_path of its own closes that (manual, CREATE FUNCTION, "Writing SECURITY DEFINER Functions Safely").',
    bad: 'CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS \'SELECT count(*) FROM "User"\';',
    good: 'CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS \'SELECT count(*) FROM "User"\';',
  },
  looksInside: true,
  about: ['CreateFunctionStmt', 'AlterFunctionStmt'],
  check: (context) => context.statements.flatMap((statement) => remark(statement, context)),
}

function remark(statement: AnalysedStatement, context: RuleContext): readonly Remark[] {
  const created = as(statement.node, 'CreateFunctionStmt')
  const altered = as(statement.node, 'AlterFunctionStmt')
  const options = allOf(created?.options ?? altered?.actions, 'DefElem')
  const named = created === undefined ? (altered?.func?.objname ?? []) : (created.funcname ?? [])
  if (!options.some((one) => one.defname === 'security' && as(one.arg, 'Boolean')?.boolval === true)) return []
  // The body of a function in standard SQL is bound to its tables when it is created.
  if (created?.sql_body !== undefined || options.some(setsPath)) return []
  const name = strings(named)
  if (context.statements.some((other) => setsPathOf(name, other))) return []
  const shown = name.map(quoted).join('.')
  const types = created === undefined ? '' : typesOf(created)
  return [
    {
      statement,
      severity: 'warning',
      message: `Lets ${shown} run with the rights of its owner and the search_path of its caller: a caller can make it use other tables and functions.`,
      why: 'Names without a schema are looked up where the caller says, temporary tables first, and used with the rights of the owner.',
      instead: `ALTER FUNCTION ${shown}${types} SET search_path = ${quoted(context.schema)}, pg_temp;`,
    },
  ]
}

function setsPath(option: { readonly defname?: string; readonly arg?: unknown }): boolean {
  const set = (option.arg as { readonly VariableSetStmt?: { readonly name?: string } } | undefined)?.VariableSetStmt
  return option.defname === 'set' && set?.name === 'search_path'
}

function setsPathOf(name: readonly string[], statement: AnalysedStatement): boolean {
  const altered = as(statement.node, 'AlterFunctionStmt')
  if (altered === undefined || strings(altered.func?.objname).at(-1) !== name.at(-1)) return false
  return allOf(altered.actions, 'DefElem').some(setsPath)
}

/** Left out where a type is more than a plain name: a function without a namesake needs no arguments. */
function typesOf(created: CreateFunctionStmt): string {
  const parameters = allOf(created.parameters, 'FunctionParameter').filter(
    (one) => one.mode !== 'FUNC_PARAM_TABLE' && one.mode !== 'FUNC_PARAM_OUT',
  )
  const types = parameters.map((one) =>
    strings(one.argType?.names)
      .filter((part) => part !== 'pg_catalog')
      .map(quoted)
      .join('.'),
  )
  return parameters.some((one) => (one.argType?.arrayBounds ?? []).length > 0) ? '' : `(${types.join(', ')})`
}
