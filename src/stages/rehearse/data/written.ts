/** What the server has counted of each table since its database was made. */
export type Footprints = ReadonlyMap<string, Footprint>

export interface Footprint {
  readonly oid: string
  readonly schema: string
  readonly name: string
  /** Another one: the table was written anew, or emptied by TRUNCATE. */
  readonly file: string
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  readonly partition: boolean
}

/** Of one table, between two looks. */
export interface Written extends Footprint {
  readonly newFile: boolean
  /** As it was called before; another one where it was renamed, undefined where it was not there. */
  readonly before: string | undefined
}

/** The tables that were written, in the order of their names; undefined where nobody knows. Those that are gone are not among them. */
export function writtenBetween(
  before: Footprints | undefined,
  after: Footprints | undefined,
): readonly Written[] | undefined {
  if (before === undefined || after === undefined) return undefined
  return [...after.values()]
    .map((now): Written => {
      const was = before.get(now.oid)
      return {
        ...now,
        inserted: now.inserted - (was?.inserted ?? 0),
        updated: now.updated - (was?.updated ?? 0),
        deleted: now.deleted - (was?.deleted ?? 0),
        newFile: was !== undefined && was.file !== now.file,
        before: was === undefined ? undefined : nameOf(was),
      }
    })
    .filter(({ newFile, inserted, updated, deleted }) => newFile || inserted > 0 || updated > 0 || deleted > 0)
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** As the plan writes names: `schema.name` without quotes. */
export function nameOf({ schema, name }: Pick<Footprint, 'schema' | 'name'>): string {
  return `${schema}.${name}`
}
