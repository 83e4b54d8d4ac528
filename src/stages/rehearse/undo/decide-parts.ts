import { quoteIdentifier as q } from '../../../postgres/quoting.ts'
import type { ConstraintObject, PartObject, TriggerObject } from './objects.ts'
import type { Matched } from './pairs.ts'
import { type Difference, isOtherView } from './reverse.ts'
import { type Phase, pathOf, type Step } from './steps.ts'

/** Constraints, indexes, statistics, triggers, rules and policies: each hangs on a table or a view. */
export function partSteps(difference: Difference): readonly Step[] {
  const { pairs, now } = difference
  const places = placesIn(difference)
  const constraints = without(pairs.constraints, ({ inherited, kind }) => inherited || kind === 't')
  const indexes = without(pairs.indexes, ({ inherited }) => inherited)
  const triggers = without(pairs.triggers, ({ inherited }) => inherited)
  const on = (part: PartObject) => pathOf(places.pathNow(part.table))
  const change = changerOf(difference, places)
  const isPartitioned = (part: PartObject) =>
    difference.before.tables.some(({ oid, kind }) => oid === part.table && kind === 'p')
  return [
    ...change(constraints, {
      drop: (one) => [
        one.kind === 'f' ? 'drop-foreign-keys' : 'drop-constraints',
        `ALTER TABLE ${on(one)} DROP CONSTRAINT ${q(one.name)}`,
      ],
      create: (one) => [
        one.kind === 'f' ? 'add-foreign-keys' : 'add-constraints',
        `ALTER TABLE ${pathOf(places.pathBefore(one.table))} ADD CONSTRAINT ${q(one.name)} ${one.definition}`,
      ],
    }),
    ...change(indexes, {
      drop: (one) => ['drop-indexes', `DROP INDEX ${pathOf(one)}`],
      // Of a partitioned table the server writes ONLY, which would leave out the partitions.
      create: (one) => [
        places.isView(one.table) ? 'create-triggers' : 'create-indexes',
        isPartitioned(one) ? one.definition.replace(' ON ONLY ', ' ON ') : one.definition,
      ],
    }),
    ...change(pairs.statistics, {
      drop: (one) => ['drop-indexes', `DROP STATISTICS ${pathOf(one)}`],
      create: (one) => ['create-indexes', one.definition],
    }),
    ...change(
      triggers,
      {
        drop: (one) => ['drop-triggers', `DROP TRIGGER ${q(one.name)} ON ${on(one)}`],
        create: (one) => ['create-triggers', one.definition],
      },
      ({ definition, enabled }) => `${definition} ${enabled}`,
    ),
    ...triggers.gone.flatMap((one) => enabled(one, places)),
    ...triggers.both
      .filter(({ was, is }) => was.enabled !== is.enabled || places.isDropped(is.table))
      .flatMap(({ was }) => enabled(was, places)),
    ...change(pairs.rules, {
      drop: (one) => ['drop-triggers', `DROP RULE ${q(one.name)} ON ${on(one)}`],
      create: (one) => ['create-triggers', one.definition.replace(/;\s*$/, '')],
    }),
    ...change(pairs.policies, {
      drop: (one) => ['drop-triggers', `DROP POLICY ${q(one.name)} ON ${on(one)}`],
      create: (one) => ['create-triggers', one.definition],
    }),
  ]

  function changerOf({ dependents }: Difference, { isDropped }: Places) {
    interface Ways<Part> {
      readonly drop: (part: Part) => readonly [Phase, string]
      readonly create: (part: Part) => readonly [Phase, string]
    }
    return <Part extends PartObject>(
      { both, gone, made }: Matched<Part>,
      ways: Ways<Part>,
      textOf: (part: Part) => string = ({ definition }) => definition,
    ): readonly Step[] => {
      const changed = both.filter(
        ({ was, is }) => textOf(was) !== textOf(is) || dependents.has(is.oid) || isDropped(is.table),
      )
      const step = (part: Part, [phase, sql]: readonly [Phase, string]): Step => ({ phase, oid: part.oid, sql })
      return [
        ...[...made, ...changed.map(({ is }) => is)]
          .filter(({ table }) => !isDropped(table) && knows(table))
          .map((part) => step(part, ways.drop(part))),
        ...[...gone, ...changed.map(({ was }) => was)].map((part) => step(part, ways.create(part))),
      ]
    }
  }

  function knows(table: string): boolean {
    return now.tables.some(({ oid }) => oid === table) || now.views.some(({ oid }) => oid === table)
  }
}

function without<Part extends ConstraintObject | PartObject>(
  matched: Matched<Part>,
  skip: (part: Part) => boolean,
): Matched<Part> {
  return {
    both: matched.both.filter(({ was, is }) => !skip(was) && !skip(is)),
    gone: matched.gone.filter((part) => !skip(part)),
    made: matched.made.filter((part) => !skip(part)),
  }
}

interface Place {
  readonly schema: string
  readonly name: string
}

interface Places {
  readonly pathNow: (oid: string) => Place
  readonly pathBefore: (oid: string) => Place
  readonly isView: (oid: string) => boolean
  /** By its oid of now: its parts go with it. */
  readonly isDropped: (oid: string) => boolean
}

function placesIn({ before, now, pairs, dependents }: Difference): Places {
  const was = new Map([...before.tables, ...before.views].map((one) => [one.oid, one]))
  const is = new Map([...now.tables, ...now.views].map((one) => [one.oid, one]))
  const views = new Set(before.views.map(({ oid }) => oid))
  const dropped = new Set([
    ...pairs.tables.made.map(({ oid }) => oid),
    ...pairs.views.made.map(({ oid }) => oid),
    ...pairs.views.both.filter((pair) => isOtherView(pair) || dependents.has(pair.is.oid)).map((pair) => pair.is.oid),
  ])
  const nowhere = { schema: '', name: '' }
  return {
    pathNow: (oid) => is.get(oid) ?? nowhere,
    pathBefore: (oid) => was.get(oid) ?? nowhere,
    isView: (oid) => views.has(oid),
    isDropped: (oid) => dropped.has(oid),
  }
}

const states: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' }

function enabled(trigger: TriggerObject, places: Places): readonly Step[] {
  const state = states[trigger.enabled]
  if (state === undefined) return []
  const table = pathOf(places.pathBefore(trigger.table))
  return [
    { phase: 'create-triggers', oid: trigger.oid, sql: `ALTER TABLE ${table} ${state} TRIGGER ${q(trigger.name)}` },
  ]
}
