import { fail } from '../../errors.ts'
import type { Session } from '../../ports.ts'
import { quoteIdentifier } from '../../postgres/quoting.ts'
import type { DatabaseUrl } from '../../postgres/url.ts'
import type { Statement } from '../../sql/model.ts'

/** What the catalog says about a table that the plan touches. */
export interface RelationFacts {
  readonly name: string
  /** With its partitions and the tables that inherit from it: a statement about it goes through them all. */
  readonly bytes: number
  /** The planner's estimate; `null` where it has none, because the table was never analysed. */
  readonly rows: number | null
  readonly owner: string
  readonly owned: boolean
}

export async function readRelations(session: Session, names: readonly string[]): Promise<readonly RelationFacts[]> {
  if (names.length === 0) return []
  return session.query<RelationFacts>(
    `WITH RECURSIVE wanted AS (
       SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relowner
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname || '.' || c.relname = ANY ($1::text[])
     ), parts AS (
       SELECT oid AS root, oid FROM wanted
       UNION SELECT parts.root, i.inhrelid FROM parts JOIN pg_catalog.pg_inherits i ON i.inhparent = parts.oid
     ), sizes AS (
       SELECT parts.root, sum(pg_catalog.pg_table_size(parts.oid))::float8 AS bytes,
              CASE WHEN bool_and(c.relkind = 'p' OR c.reltuples >= 0)
                   THEN sum(c.reltuples) FILTER (WHERE c.relkind <> 'p') END::float8 AS rows
         FROM parts JOIN pg_catalog.pg_class c ON c.oid = parts.oid GROUP BY parts.root
     )
     SELECT wanted.name, sizes.bytes, sizes.rows, pg_catalog.pg_get_userbyid(wanted.relowner)::text AS owner,
            pg_catalog.pg_has_role(wanted.relowner, 'USAGE') AS owned
       FROM wanted JOIN sizes ON sizes.root = wanted.oid`,
    [names],
  )
}

/** Statements that only an owner may run (manual: ALTER TABLE, CREATE INDEX, DROP TABLE). */
const ownerStatements: ReadonlySet<string> = new Set(['AlterTableStmt', 'IndexStmt', 'RenameStmt'])

/**
 * The table that a statement is about comes first among its locks. The others need not be owned: a foreign key locks the
 * table it points to as well, also when it is dropped.
 */
export function relationsThatNeedTheirOwner(statements: readonly Statement[]): ReadonlySet<string> {
  return new Set(
    statements.flatMap(({ kind, effects }) => {
      if (kind === 'DropStmt') return effects.loses.filter((loss) => loss.kind === 'table').map((loss) => loss.name)
      return ownerStatements.has(kind) ? effects.locks.slice(0, 1).map((lock) => lock.relation) : []
    }),
  )
}

/** Found out before the backup, not by a migration that fails half-way. */
export async function refuseMissingPrivileges(
  session: Session,
  url: DatabaseUrl,
  relations: readonly RelationFacts[],
  needOwner: ReadonlySet<string>,
  historySchema: string = url.schema,
): Promise<void> {
  const foreign = relations.filter((relation) => needOwner.has(relation.name) && !relation.owned)
  const problems = foreign.map(
    (relation) => `${relation.name} belongs to \`${relation.owner}\`; only its owner may change it`,
  )
  const next = foreign.map(
    ({ name, owner }) =>
      `Connect as ${quoteIdentifier(owner)}, or let the role act as it: GRANT ${quoteIdentifier(owner)} TO ${quoteIdentifier(url.user)}; -- for ${name}`,
  )

  const [schema] = await session.query<{ exists: boolean; create: boolean | null; database: boolean }>(
    `SELECT n.oid IS NOT NULL AS exists, pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS create,
            pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS database
       FROM (SELECT $1::text AS name) wanted LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name`,
    [url.schema],
  )
  if (schema?.exists === true && schema.create !== true) {
    problems.push(`it may not create anything in schema \`${url.schema}\``)
    next.push(`GRANT CREATE ON SCHEMA ${quoteIdentifier(url.schema)} TO ${quoteIdentifier(url.user)};`)
  }
  if (schema?.exists !== true && schema?.database !== true) {
    problems.push(`schema \`${url.schema}\` does not exist and it may not create one`)
    next.push(`CREATE SCHEMA ${quoteIdentifier(url.schema)} AUTHORIZATION ${quoteIdentifier(url.user)};`)
  }
  if (historySchema !== url.schema && schema?.database !== true && !(await schemaExists(session, historySchema))) {
    problems.push(`schema \`${historySchema}\`, where the history belongs, does not exist and it may not create one`)
    next.push(`CREATE SCHEMA ${quoteIdentifier(historySchema)} AUTHORIZATION ${quoteIdentifier(url.user)};`)
  }
  if (problems.length === 0) return
  throw fail('DATABASE.NO_PRIVILEGES', {
    what: `The role \`${url.user}\` lacks privileges that these migrations need in \`${url.database}\`.`,
    why: problems.join('\n'),
    next: [...new Set(next)],
  })
}

async function schemaExists(session: Session, name: string): Promise<boolean> {
  const found = await session.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [name])
  return found.length > 0
}
