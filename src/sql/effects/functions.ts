/** CREATE FUNCTION keeps what DO, CALL and every later call look into; so does what makes a function run by itself. */

import type { CreateFunctionStmt, Node, TypeName } from 'libpg-query'
import type { FunctionBody, UserFunction, Volatility } from '../catalog/model.ts'
import { splitName } from '../identifiers.ts'
import { functionsCalled } from './own-code.ts'
import { lockReads } from './queries.ts'
import { setVariable } from './settings.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, nameParts, strings, typeRef } from './tree.ts'
import { createType } from './types.ts'

/** The function itself does nothing until it is called; an SQL body is checked, which looks at what it names. */
export const createFunction: Handler = (node, sink) => {
  const statement = as(node, 'CreateFunctionStmt')
  if (statement === undefined) return
  if (statement.sql_body !== undefined) lockReads(statement.sql_body, sink, 'names')
  const body = bodyOf(statement, sink)
  for (const option of allOf(statement.options, 'DefElem')) {
    const setting = as(option.arg, 'VariableSetStmt')
    if (setting !== undefined && setting.name !== 'search_path') setVariable({ VariableSetStmt: setting }, sink)
  }
  if (!readLanguages.has(body.language))
    sink.unknown(`it brings a function written in ${body.language}, which is not read`)
  if (strings(statement.returnType?.names).at(-1) === 'event_trigger')
    sink.unknown('an event trigger may run it with every later statement that changes the schema')
  create(
    sink.newName(strings(statement.funcname)),
    volatilityIn(statement.options),
    [body],
    statement.replace === true,
    sink,
  )
}

const readLanguages: ReadonlySet<string> = new Set(['sql', 'plpgsql'])

function create(
  name: string,
  volatility: Volatility,
  bodies: UserFunction['bodies'],
  replaces: boolean,
  sink: EffectSink,
): void {
  if (splitName(name).schema === 'pg_catalog') sink.unknown(`it puts a function among those of PostgreSQL's own`)
  const made = { name, volatility, bodies, createdBy: sink.context.migration }
  sink.change({ kind: 'create-function', replaces, function: made })
}

function bodyOf(statement: CreateFunctionStmt, sink: EffectSink): FunctionBody {
  const parameters = allOf(statement.parameters, 'FunctionParameter').filter(
    (one) => !/_(OUT|TABLE)$/.test(one.mode ?? ''),
  )
  const option = (name: string) => allOf(statement.options, 'DefElem').find((one) => one.defname === name)?.arg
  return {
    signature: signatureOf(
      parameters.flatMap(({ argType }) => argType ?? []),
      sink,
    ),
    language: languageOf(statement.options) ?? 'sql',
    text: sink.context.text,
    sql: strings(as(option('as'), 'List')?.items)[0],
    searchPath: searchPathIn(statement.options, sink),
  }
}

/** What tells functions of one name apart; `table.column%TYPE` is the type that the column has now. */
export function signatureOf(types: readonly TypeName[], sink: EffectSink): string {
  return types
    .map((written) => {
      const names = strings(written.names)
      const column =
        written.pct_type === true
          ? sink.table(sink.name(names.slice(0, -1)))?.columns.get(names.at(-1) ?? '')
          : undefined
      const type = column?.type ?? sink.resolveType(typeRef(written))
      return `${type.name}${type.array ? '[]' : ''}`
    })
    .join()
}

/** `SET search_path = …` among the options of a function; `undefined` where there is none. */
function searchPathIn(options: readonly Node[] | undefined, sink: EffectSink): readonly string[] | undefined {
  const settings = allOf(options, 'DefElem').flatMap((one) => as(one.arg, 'VariableSetStmt') ?? [])
  const setting = settings.find((one) => one.name === 'search_path')
  if (setting?.kind === 'VAR_SET_CURRENT') return sink.context.path
  return setting?.args?.map((argument) => as(argument, 'A_Const')?.sval?.sval ?? '').filter((schema) => schema !== '')
}

function languageOf(options: readonly Node[] | undefined): string | undefined {
  const option = allOf(options, 'DefElem').find((one) => one.defname === 'language')
  return as(option?.arg, 'String')?.sval?.toLowerCase()
}

function volatilityIn(options: readonly Node[] | undefined): Volatility {
  const option = allOf(options, 'DefElem').find((one) => one.defname === 'volatility')
  const said = as(option?.arg, 'String')?.sval
  return said === 'immutable' || said === 'stable' ? said : 'volatile'
}

/** What it does when it is called may change with the search path; with cost, strictness and the like it does not. */
export const alterFunction: Handler = (node, sink) => {
  const statement = as(node, 'AlterFunctionStmt')
  const actions = allOf(statement?.actions, 'DefElem')
  const settings = actions.flatMap((one) => as(one.arg, 'VariableSetStmt') ?? [])
  const changesPath = settings.some((setting) => setting.name === undefined || setting.name === 'search_path')
  const changesVolatility = actions.some((one) => one.defname === 'volatility')
  for (const setting of settings) if (setting.name !== 'search_path') setVariable({ VariableSetStmt: setting }, sink)
  if (!changesPath && !changesVolatility) return
  for (const name of sink.functionsNamed(strings(statement?.func?.objname))) {
    const known = sink.catalog.functions.get(name)
    if (known === undefined) continue
    // Which of several is meant is not told apart: the path of all of them is then unknown, and so is what they do.
    const alone = known.bodies.length === 1
    const searchPath = searchPathIn(statement?.actions, sink)
    const moved = alone ? known.bodies.map((body) => ({ ...body, searchPath })) : [unread(name)]
    const volatility =
      alone && changesVolatility ? volatilityIn(statement?.actions) : changesVolatility ? 'volatile' : known.volatility
    sink.change({ kind: 'drop-function', name, signature: undefined })
    create(name, volatility, changesPath ? moved : known.bodies, false, sink)
  }
}

/** Stands for a function whose text is not at hand: to call it is unknown. */
function unread(name: string): FunctionBody {
  return { signature: name, language: 'a language', text: '', sql: undefined, searchPath: undefined }
}

/** CREATE AGGREGATE, OPERATOR, a base TYPE, COLLATION and text search objects share a node. */
export const define: Handler = (node, sink) => {
  const statement = as(node, 'DefineStmt')
  if (statement?.kind === 'OBJECT_TYPE') {
    createType(strings(statement.defnames), { kind: 'base' }, sink)
    sink.unknown('the functions that read and write values of the type are not read')
  } else if (statement?.kind === 'OBJECT_AGGREGATE') {
    const name = sink.newName(strings(statement.defnames))
    create(name, 'volatile', [unread(name)], false, sink)
  } else if (statement?.kind === 'OBJECT_OPERATOR') {
    // The grammar takes the function for a type. Estimators beside it cannot be written in a language that is read or run.
    const named = allOf(statement.definition, 'DefElem').filter(({ defname }) =>
      /^(function|procedure)$/.test(defname ?? ''),
    )
    sink.change({ kind: 'hides', functions: named.flatMap(({ arg }) => functionsCalled(nameParts(arg), sink)) })
  }
}

export const createCast: Handler = (node, sink) => {
  const called = as(node, 'CreateCastStmt')?.func?.objname
  if (called !== undefined) sink.change({ kind: 'hides', functions: functionsCalled(strings(called), sink) })
}

export const createOperatorClass: Handler = (node, sink) => {
  const items = allOf(as(node, 'CreateOpClassStmt')?.items, 'CreateOpClassItem')
  const names = items.map((item) => strings(item.name?.objname)).filter((parts) => /^\w/.test(parts.at(-1) ?? ''))
  sink.change({ kind: 'hides', functions: names.flatMap((parts) => functionsCalled(parts, sink)) })
}

export const doBlock: Handler = (node, sink) => {
  const language = languageOf(as(node, 'DoStmt')?.args)
  if (language === undefined || language === 'plpgsql') sink.run({ kind: 'block' })
  else sink.unknown(`the DO block is written in ${language}, which is not read`)
}

export const call: Handler = (node, sink) => {
  const called = as(node, 'CallStmt')?.funccall
  lockReads(called?.args, sink, 'views-too')
  const parts = strings(called?.funcname)
  for (const name of functionsCalled(parts, sink))
    sink.run({ kind: 'call', name, because: `it calls the procedure ${parts.join('.')}()`, certain: true })
}
