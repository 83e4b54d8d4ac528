/** CREATE FUNCTION keeps what DO, CALL and every later call look into; so does what makes a function run by itself. */

import type { CreateFunctionStmt, Node } from 'libpg-query'
import type { FunctionBody, UserFunction, Volatility } from '../catalog/model.ts'
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
  create(sink.newName(strings(statement.funcname)), volatilityOf(statement), [body], statement.replace === true, sink)
}

const readLanguages: ReadonlySet<string> = new Set(['sql', 'plpgsql'])

function create(
  name: string,
  volatility: Volatility,
  bodies: UserFunction['bodies'],
  replaces: boolean,
  sink: EffectSink,
): void {
  const made = { name, volatility, bodies, createdBy: sink.context.migration }
  sink.change({ kind: 'create-function', replaces, function: made })
}

function bodyOf(statement: CreateFunctionStmt, sink: EffectSink): FunctionBody {
  const parameters = allOf(statement.parameters, 'FunctionParameter').filter(
    (one) => !/_(OUT|TABLE)$/.test(one.mode ?? ''),
  )
  const option = (name: string) => allOf(statement.options, 'DefElem').find((one) => one.defname === name)?.arg
  const types = parameters.map(({ argType }) => {
    const type = argType === undefined ? undefined : sink.resolveType(typeRef(argType))
    return `${type?.name ?? ''}${type?.array === true ? '[]' : ''}`
  })
  return {
    signature: types.join(),
    language: languageOf(statement.options) ?? 'sql',
    text: sink.context.text,
    sql: strings(as(option('as'), 'List')?.items)[0],
    searchPath: searchPathIn(statement.options),
  }
}

/** `SET search_path = …` among the options of a function; `undefined` where there is none. */
function searchPathIn(options: readonly Node[] | undefined): readonly string[] | undefined {
  const settings = allOf(options, 'DefElem').flatMap((one) => as(one.arg, 'VariableSetStmt') ?? [])
  return settings
    .find((setting) => setting.name === 'search_path')
    ?.args?.map((argument) => as(argument, 'A_Const')?.sval?.sval ?? '')
    .filter((schema) => schema !== '')
}

function languageOf(options: readonly Node[] | undefined): string | undefined {
  const option = allOf(options, 'DefElem').find((one) => one.defname === 'language')
  return as(option?.arg, 'String')?.sval?.toLowerCase()
}

function volatilityOf(statement: CreateFunctionStmt): Volatility {
  const option = allOf(statement.options, 'DefElem').find((one) => one.defname === 'volatility')
  const said = as(option?.arg, 'String')?.sval
  return said === 'immutable' || said === 'stable' ? said : 'volatile'
}

/** What it does when it is called may change with the search path; with cost, strictness and the like it does not. */
export const alterFunction: Handler = (node, sink) => {
  const statement = as(node, 'AlterFunctionStmt')
  const settings = allOf(statement?.actions, 'DefElem').flatMap((one) => as(one.arg, 'VariableSetStmt') ?? [])
  if (!settings.some((setting) => setting.name === undefined || setting.name === 'search_path')) return
  const searchPath = searchPathIn(statement?.actions)
  for (const name of sink.functionsNamed(strings(statement?.func?.objname))) {
    const known = sink.catalog.functions.get(name)
    if (known !== undefined)
      create(
        name,
        known.volatility,
        known.bodies.map((body) => ({ ...body, searchPath })),
        true,
        sink,
      )
  }
}

/** CREATE AGGREGATE, OPERATOR, a base TYPE, COLLATION and text search objects share a node. */
export const define: Handler = (node, sink) => {
  const statement = as(node, 'DefineStmt')
  const functions = () =>
    functionsIn(
      allOf(statement?.definition, 'DefElem').map((one) => one.arg),
      sink,
    )
  if (statement?.kind === 'OBJECT_TYPE') {
    createType(strings(statement.defnames), { kind: 'base' }, sink)
    sink.unknown('the functions that read and write values of the type are not read')
  } else if (statement?.kind === 'OBJECT_AGGREGATE') {
    create(sink.newName(strings(statement.defnames)), 'volatile', [], false, sink)
  } else if (statement?.kind === 'OBJECT_OPERATOR') {
    sink.change({ kind: 'hides', functions: functions() })
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

/** Options of CREATE OPERATOR name functions as types, because the grammar cannot tell them apart. */
function functionsIn(options: readonly (Node | undefined)[], sink: EffectSink): readonly string[] {
  const names = options.map(nameParts).filter((parts) => /^\w/.test(parts.at(-1) ?? ''))
  return names.flatMap((parts) => sink.functionsNamed(parts))
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
