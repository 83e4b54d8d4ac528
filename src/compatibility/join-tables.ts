import { splitName } from '../sql/identifiers.ts'
import type { JoinTable, SchemaModel } from './prisma-schema.ts'
import type { RelationField } from './read-schema.ts'

/**
 * Two lists that face each other and no field between them: Prisma keeps a table `_RelationName`, or `_AToB` with the models
 * in alphabetical order, in the schema of the first.
 * https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/many-to-many-relations
 */
export function joinTablesOf(
  relations: readonly RelationField[],
  models: readonly SchemaModel[],
): readonly JoinTable[] {
  const tables = new Map<string, JoinTable>()
  const lists = relations.filter(({ list }) => list)
  for (const one of lists) {
    const faced = lists.some(
      (other) => other !== one && other.model === one.to && other.to === one.model && other.relation === one.relation,
    )
    if (!faced) continue
    const [first, second] = one.model <= one.to ? [one.model, one.to] : [one.to, one.model]
    const owner = models.find(({ name }) => name === first)
    if (owner === undefined || !models.some(({ name }) => name === second)) continue
    const table = `${splitName(owner.table).schema}._${one.relation ?? `${first}To${second}`}`
    tables.set(table, { table, models: [first, second] })
  }
  return [...tables.values()]
}
