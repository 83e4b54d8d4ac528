/** The bodies that a statement runs: that of a DO block, and those of the functions it calls. */

import type { Node } from 'libpg-query'
import type { FunctionBody } from '../catalog/model.ts'
import { splitName } from '../identifiers.ts'
import { BodyRun, type EffectsOf, RunningCatalog } from './body.ts'
import { runPlPgSql } from './plpgsql.ts'
import { schemasIn } from './settings.ts'
import type { EffectSink } from './sink.ts'
import { allOf, as } from './tree.ts'

/** Calls below calls below calls: deeper than this nobody writes on purpose. */
const deepest = 8

export function runBodies(sink: EffectSink, effectsOf: EffectsOf): void {
  const { context } = sink
  const catalog = new RunningCatalog(context.catalog)
  for (const body of sink.bodies) {
    if (body.kind === 'block') {
      runPlPgSql(context.text, 'the DO block', true, new BodyRun(sink, effectsOf, catalog, context))
      continue
    }
    const { because, name } = body
    // A function that calls itself does once more what it does.
    if (context.within.includes(name)) continue
    const called = catalog.current().functions.get(name)?.bodies ?? []
    if (called.length === 0) sink.unknown(`${because}, whose body is not known`)
    else if (context.within.length >= deepest) sink.unknown(`${because}, too many calls deep to be followed`)
    else {
      const certain = body.certain && called.length === 1
      for (const one of called) {
        const { searchPath: own } = one
        const path = own === undefined ? context.path : schemasIn(own, catalog.current())
        const inside = { path, within: [...context.within, name] }
        runFunction(one, name, certain, new BodyRun(sink, effectsOf, catalog, inside))
      }
    }
  }
}

function runFunction(body: FunctionBody, name: string, certain: boolean, run: BodyRun): void {
  const called = `the function ${splitName(name).name}()`
  evaluateAround(body, called, run)
  if (body.language === 'plpgsql') runPlPgSql(body.text, called, certain, run)
  else if (body.language === 'sql' && body.sql !== undefined) run.sql(body.sql, { where: called, certain })
  else
    run.sink.unknown(
      `${called} is written in ${body.language === 'sql' ? 'a form of SQL' : body.language} that is not read`,
    )
}

/** What a call evaluates besides the body: defaults of what is left out, the checks of domains on the way in and out, settings. */
function evaluateAround({ text }: FunctionBody, where: string, run: BodyRun): void {
  const place = { where, certain: false }
  const created = as(run.parsed(text, place)?.[0]?.node, 'CreateFunctionStmt')
  const parameters = allOf(created?.parameters, 'FunctionParameter')
  const types = [created?.returnType, ...parameters.map(({ argType }) => argType)]
  const casts: Node[] = types.flatMap((typeName) => (typeName === undefined ? [] : { TypeCast: { typeName } }))
  const evaluated = [...parameters.flatMap(({ defexpr }) => defexpr ?? []), ...casts]
  run.statement({ SelectStmt: { targetList: evaluated.map((val) => ({ ResTarget: { val } })) } }, '', place)
  for (const { arg } of allOf(created?.options, 'DefElem')) {
    const setting = as(arg, 'VariableSetStmt')
    if (setting !== undefined && setting.name !== 'search_path') run.statement({ VariableSetStmt: setting }, '', place)
  }
}
