/** The bodies that a statement runs: that of a DO block, and those of the functions it calls. */

import type { FunctionBody } from '../catalog/model.ts'
import { splitName } from '../identifiers.ts'
import { BodyRun, type EffectsOf, RunningCatalog } from './body.ts'
import { runPlPgSql } from './plpgsql.ts'
import type { EffectSink } from './sink.ts'

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
        const inside = { path: one.searchPath ?? context.path, within: [...context.within, name] }
        runFunction(one, name, certain, new BodyRun(sink, effectsOf, catalog, inside))
      }
    }
  }
}

function runFunction(body: FunctionBody, name: string, certain: boolean, run: BodyRun): void {
  const called = `the function ${splitName(name).name}()`
  if (body.language === 'plpgsql') runPlPgSql(body.text, called, certain, run)
  else if (body.language === 'sql' && body.sql !== undefined) run.sql(body.sql, { where: called, certain })
  else
    run.sink.unknown(
      `${called} is written in ${body.language === 'sql' ? 'a form of SQL' : body.language} that is not read`,
    )
}
