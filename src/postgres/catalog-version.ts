import { isCancellation } from '../cancellation.ts'
import { FailureError } from '../errors.ts'
import type { Session } from '../ports.ts'

/** Which versions of their rows the system catalogs have: two readings that are equal have nothing committed between them. */
export type CatalogVersion = string & { readonly catalogVersion: unique symbol }

/**
 * Everything that catalog.ts and live-catalog/ read, and the functions of the server that they call. Left out is what neither
 * of them looks at: statistics, large objects, comments, labels, default and initial privileges, publications, subscriptions,
 * user mappings. A test holds this list against the catalogs of each major.
 */
export const versionedCatalogs = [
  'pg_aggregate',
  'pg_am',
  'pg_amop',
  'pg_amproc',
  'pg_attrdef',
  'pg_attribute',
  'pg_cast',
  'pg_class',
  'pg_collation',
  'pg_constraint',
  'pg_conversion',
  'pg_depend',
  'pg_enum',
  'pg_event_trigger',
  'pg_extension',
  'pg_foreign_data_wrapper',
  'pg_foreign_server',
  'pg_foreign_table',
  'pg_index',
  'pg_inherits',
  'pg_language',
  'pg_namespace',
  'pg_opclass',
  'pg_operator',
  'pg_opfamily',
  'pg_partitioned_table',
  'pg_policy',
  'pg_proc',
  'pg_range',
  'pg_rewrite',
  'pg_sequence',
  'pg_statistic_ext',
  'pg_transform',
  'pg_trigger',
  'pg_ts_config',
  'pg_ts_config_map',
  'pg_ts_dict',
  'pg_ts_parser',
  'pg_ts_template',
  'pg_type',
] as const

/** What a running server may be told anew (ALTER SYSTEM, ALTER DATABASE does not reach this session), and definitions are printed by. */
const settings = [
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'bytea_output',
  'extra_float_digits',
  'lc_monetary',
  'quote_all_identifiers',
  'search_path',
  'xmlbinary',
] as const

/** Who a policy is for and whether an extension belongs to a superuser; pg_authid itself is not for everybody to read. */
const roles = `SELECT pg_catalog.md5(coalesce(pg_catalog.string_agg(concat_ws(' ', oid, rolsuper, rolname), ',' ORDER BY oid), '')) FROM pg_catalog.pg_roles`

/**
 * A row of a catalog that is changed becomes another one, elsewhere in its table and with the number of the transaction that
 * wrote it: a transaction that commits after one reading has a number that no row had then, and a row that is deleted is gone
 * from the sum. Written over in place, and not seen here, are only counts and ages (`heap_inplace_update`: relpages, reltuples,
 * relfrozenxid, relhasindex; from 14 on no longer indisvalid). Some 0.5 s at 10,000 tables, where reading what is in them takes 6.
 */
export const catalogVersionSql = `SELECT pg_catalog.concat_ws('/', ${[
  ...versionedCatalogs.map(
    (name) =>
      `(SELECT concat(count(*), ' ', bit_xor(pg_catalog.hashtidextended(ctid, xmin::pg_catalog.text::pg_catalog.int8))) FROM pg_catalog.${name})`,
  ),
  `(${roles})`,
  'session_user, current_user',
  ...settings.map((name) => `pg_catalog.current_setting('${name}')`),
].join(',\n')}) AS version`

/** `undefined` where it cannot be told: nothing that was read before may then be relied on. */
export async function readCatalogVersion(session: Session): Promise<CatalogVersion | undefined> {
  try {
    const [row] = await session.query<{ version: string | null }>(catalogVersionSql)
    return (row?.version ?? undefined) as CatalogVersion | undefined
  } catch (error) {
    // Whoever asks next hears of a connection that is lost.
    if (error instanceof FailureError && !isCancellation(error)) return undefined
    throw error
  }
}
