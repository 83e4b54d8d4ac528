/** Extensions without tables of their own: types, functions, operators and index methods only. */
const withoutTables = new Set(
  (
    'bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance fuzzystrmatch hstore intarray isn lo ltree pg_trgm ' +
    'pgcrypto pgrowlocks pgstattuple plpgsql seg tablefunc tsm_system_rows tsm_system_time unaccent uuid-ossp vector xml2 ' +
    'pg_stat_statements pg_uuidv7 pgvector rum hypopg pg_hint_plan pgjwt http'
  ).split(' '),
)

export function isKnownExtension(name: string): boolean {
  return withoutTables.has(name)
}
