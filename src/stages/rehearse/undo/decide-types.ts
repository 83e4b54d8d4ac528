import { quoteIdentifier as q, quoteLiteral } from '../../../postgres/quoting.ts'
import type { TypeObject } from './objects.ts'
import type { Difference } from './reverse.ts'
import { pathOf, type Step } from './steps.ts'

/** Extensions, types and sequences: what tables are made of. */
export function typeSteps({ pairs, rebuiltTypes }: Difference): readonly Step[] {
  const { types, extensions, schemas } = pairs
  return [
    ...extensions.gone.map(({ oid, schema, name }): Step => {
      return { phase: 'create-extensions', oid, sql: `CREATE EXTENSION ${q(name)} WITH SCHEMA ${q(schema)}` }
    }),
    ...extensions.made.map(
      ({ oid, name }): Step => ({ phase: 'drop-extensions', oid, sql: `DROP EXTENSION ${q(name)}` }),
    ),
    ...schemas.made.map(({ oid, name }): Step => ({ phase: 'drop-schemas', oid, sql: `DROP SCHEMA ${q(name)}` })),
    ...types.gone.map((type): Step => ({ phase: 'create-types', oid: type.oid, sql: createType(type) })),
    ...types.made.map((type): Step => ({ phase: 'drop-types', oid: type.oid, sql: dropType(type) })),
    ...types.both
      .filter(({ is }) => rebuiltTypes.has(is.oid))
      .flatMap(({ was, is }): readonly Step[] => {
        // A label cannot be removed from an enum (manual, ALTER TYPE), so the type is made anew.
        const aside = { ...is, name: `airlock_undo_${is.oid}` }
        const what = is.kind === 'domain' ? 'DOMAIN' : 'TYPE'
        return [
          { phase: 'create-types', oid: was.oid, sql: `ALTER ${what} ${pathOf(is)} RENAME TO ${q(aside.name)}` },
          { phase: 'create-types', oid: was.oid, sql: createType(was) },
          { phase: 'drop-types', oid: is.oid, sql: dropType(aside) },
        ]
      }),
  ]
}

function createType(type: TypeObject): string {
  const name = pathOf(type)
  switch (type.kind) {
    case 'enum':
      return `CREATE TYPE ${name} AS ENUM (${type.labels.map(({ label }) => quoteLiteral(label)).join(', ')})`
    case 'domain':
      return `CREATE DOMAIN ${name} AS ${type.definition}`
    default:
      return `CREATE TYPE ${name} AS (${type.definition})`
  }
}

function dropType(type: TypeObject): string {
  return `DROP ${type.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${pathOf(type)}`
}
