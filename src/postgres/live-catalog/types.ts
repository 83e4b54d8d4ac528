import type { UserType } from '../../sql/catalog/model.ts'
import type { Names } from './names.ts'
import type { TypeRow } from './rows.ts'
import type { Runs } from './runs.ts'

const kinds: Readonly<Record<TypeRow['kind'], UserType['kind']>> = {
  e: 'enum',
  c: 'composite',
  d: 'domain',
  r: 'range',
  m: 'range',
  b: 'base',
}

export function typeOf(
  { id, kind, labels, base, attributes, constrained }: TypeRow,
  names: Names,
  runs: Runs,
): UserType {
  return {
    kind: kinds[kind],
    name: names.type({ type: id, typmod: -1, written: null }).name,
    labels,
    base: base === null ? undefined : names.type(base),
    attributes: attributes.map((one) => ({ name: one.name, type: names.type(one) })),
    constrained,
    runs: runs.ofType(id),
    createdBy: undefined,
  }
}
