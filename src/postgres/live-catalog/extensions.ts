import type { Extension } from '../../sql/catalog/model.ts'
import type { Names } from './names.ts'
import type { LiveRows } from './rows.ts'

export function extensionsOf(rows: LiveRows, names: Names): ReadonlyMap<string, Extension> {
  return new Map(
    rows.extensions.map((row) => [
      row.name,
      {
        ...row,
        relations: row.relations.flatMap((id) => names.relation(id) ?? []),
        types: row.types.map((type) => names.type({ type, typmod: -1, written: null }).name),
        complete: true,
      },
    ]),
  )
}
