import type { FunctionObject, ViewObject } from './objects.ts'
import { type Difference, isOtherView } from './reverse.ts'
import { pathOf, plainName, type Step } from './steps.ts'

/** Views and functions. What hangs on one that changes is dropped with it and written again. */
export function viewSteps({ pairs, dependents }: Difference): readonly Step[] {
  const { both, gone, made } = pairs.views
  const changed = both.filter((pair) => isOtherView(pair) || dependents.has(pair.is.oid))
  const drop = [...made, ...changed.map(({ is }) => is)]
  const dropAll = (materialized: boolean): readonly Step[] => {
    const some = drop.filter((view) => view.materialized === materialized)
    if (some.length === 0) return []
    const what = materialized ? 'MATERIALIZED VIEW' : 'VIEW'
    // In one statement, because a view may read another.
    return [{ phase: 'drop-views', oid: materialized ? '0' : '1', sql: `DROP ${what} ${some.map(pathOf).join(', ')}` }]
  }
  return [
    ...dropAll(true),
    ...dropAll(false),
    ...[...gone, ...changed.map(({ was }) => was)].map(
      (view): Step => ({ phase: 'create-views', oid: view.oid, sql: createView(view) }),
    ),
  ]
}

function createView(view: ViewObject): string {
  const options = view.options.length === 0 ? '' : ` WITH (${view.options.join(', ')})`
  const query = view.definition.trim().replace(/;$/, '')
  return `CREATE ${view.materialized ? 'MATERIALIZED ' : ''}VIEW ${pathOf(view)}${options} AS\n${query}`
}

export function functionSteps({ pairs, dependents }: Difference): readonly Step[] {
  const { both, gone, made } = pairs.functions
  const otherResult = ({ was, is }: (typeof both)[number]) => was.result !== is.result || dependents.has(is.oid)
  const changed = both.filter((pair) => pair.was.definition !== pair.is.definition || otherResult(pair))
  const inTheWay = (one: FunctionObject) => gone.some(({ schema, name }) => schema === one.schema && name === one.name)
  const views = [...pairs.views.made, ...pairs.views.both.map(({ is }) => is)]
  const ofView = ({ oid, result, arguments: list }: FunctionObject) =>
    dependents.has(oid) && views.some((view) => namesOf(view).some((name) => `${result} ${list}`.includes(name)))
  const drop = (phase: Step['phase'], one: FunctionObject): Step => ({
    phase,
    oid: one.oid,
    sql: `DROP ROUTINE ${pathOf(one)}(${one.arguments})`,
  })
  return [
    ...made.map((one) =>
      drop(
        ofView(one) ? 'drop-functions-of-views' : inTheWay(one) ? 'drop-functions-in-the-way' : 'drop-functions',
        one,
      ),
    ),
    ...changed
      .filter(otherResult)
      .map(({ is }) => drop(ofView(is) ? 'drop-functions-of-views' : 'drop-functions-in-the-way', is)),
    ...[...gone, ...changed.map(({ was }) => was)].flatMap((one): readonly Step[] => {
      const ofRows = pairs.views.gone.concat(pairs.views.both.map(({ was }) => was))
      const late = ofRows.some((view) => namesOf(view).some((name) => `${one.result} ${one.arguments}`.includes(name)))
      const phase = late ? 'create-functions-of-views' : 'create-tables'
      return one.definition === undefined ? [] : [{ phase, oid: one.oid, sql: one.definition.trimEnd() }]
    }),
  ]
}

/** As a type is written: with quotes only where it needs them. */
function namesOf(view: ViewObject): readonly string[] {
  return [plainName(view), pathOf(view), `${view.schema}."${view.name}"`]
}
