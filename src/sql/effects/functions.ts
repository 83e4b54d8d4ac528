/** CREATE FUNCTION keeps what DO, CALL and every later call look into. */

import type { CreateFunctionStmt, Node } from 'libpg-query'
import type { FunctionBody, Volatility } from '../catalog/model.ts'
import { lockReads } from './queries.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, strings } from './tree.ts'

/** The function itself does nothing until it is called; an SQL body is checked, which looks at what it names. */
export const createFunction: Handler = (node, sink) => {
  const statement = as(node, 'CreateFunctionStmt')
  if (statement === undefined) return
  if (statement.sql_body !== undefined) lockReads(statement.sql_body, sink, 'names')
  const name = sink.name(strings(statement.funcname))
  sink.change({
    kind: 'create-function',
    replaces: statement.replace === true,
    function: {
      name,
      volatility: volatilityOf(statement),
      bodies: [bodyOf(statement, sink)],
      createdBy: sink.context.migration,
    },
  })
}

function bodyOf(statement: CreateFunctionStmt, sink: EffectSink): FunctionBody {
  const parameters = allOf(statement.parameters, 'FunctionParameter').filter(
    (one) => !/_(OUT|TABLE)$/.test(one.mode ?? ''),
  )
  const option = (name: string) => allOf(statement.options, 'DefElem').find((one) => one.defname === name)?.arg
  const settings = allOf(statement.options, 'DefElem').flatMap((one) => as(one.arg, 'VariableSetStmt') ?? [])
  const searchPath = settings.find((setting) => setting.name === 'search_path')
  return {
    signature: parameters.map((one) => JSON.stringify(one.argType ?? null, withoutPlaces)).join(),
    language: languageOf(statement.options) ?? 'sql',
    text: sink.context.text,
    sql: strings(as(option('as'), 'List')?.items)[0],
    searchPath:
      searchPath === undefined ? undefined : (as(searchPath.args?.[0], 'A_Const')?.sval?.sval ?? 'pg_catalog'),
  }
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'location' ? undefined : value
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

export const doBlock: Handler = (node, sink) => {
  const language = languageOf(as(node, 'DoStmt')?.args)
  if (language === undefined || language === 'plpgsql') sink.run({ kind: 'block' })
  else sink.unknown(`the DO block is written in ${language}, which is not read`)
}

export const call: Handler = (node, sink) => {
  const called = as(node, 'CallStmt')?.funccall
  lockReads(called?.args, sink, 'views-too')
  const parts = strings(called?.funcname)
  sink.run({
    kind: 'call',
    name: sink.name(parts),
    because: `it calls the procedure ${parts.join('.')}()`,
    certain: true,
  })
}
