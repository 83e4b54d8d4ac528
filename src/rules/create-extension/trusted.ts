/** `trusted = true` in the control files of PostgreSQL's own extensions, the same on 14 to 18 (measured). */
export const trustedExtensions: ReadonlySet<string> = new Set(
  (
    'plpgsql btree_gin btree_gist citext cube dict_int fuzzystrmatch hstore intarray isn lo ltree pg_trgm pgcrypto seg ' +
    'tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp'
  ).split(' '),
)
