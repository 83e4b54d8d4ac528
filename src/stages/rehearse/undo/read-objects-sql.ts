/**
 * One question for each kind of object; the same objects as those of postgres/catalog.ts. With an empty search path, which
 * connect() sets, every name in a definition is whole (manual, 9.27.5).
 */

const common = `
WITH schemas AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
members AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
relations AS (
  SELECT c.*, s.nspname FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relname !~ '^_(prisma|airlock|_drizzle)_migrations' AND (s.nspname <> 'supabase_migrations' OR c.relname !~ '^schema_migrations')
    AND NOT EXISTS (SELECT FROM members e WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid)
)`

export const schemasSql = `${common}
SELECT oid::text AS oid, nspname AS schema, nspname AS name FROM schemas WHERE nspname NOT IN ('drizzle', 'supabase_migrations') ORDER BY oid`

export const extensionsSql = `
SELECT e.oid::text AS oid, n.nspname AS schema, e.extname AS name, e.extversion AS version
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace ORDER BY e.oid`

export const typesSql = `${common}
SELECT t.oid::text AS oid, s.nspname AS schema, t.typname AS name,
       CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' ELSE 'other' END AS kind,
       coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', e.oid::text, 'label', e.enumlabel) ORDER BY e.enumsortorder)
          FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '[]') AS labels,
       CASE t.typtype
         WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod)
           || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE ' || t.typcollation::pg_catalog.regcollation::text ELSE '' END
           || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
           || coalesce((SELECT pg_catalog.string_agg(' CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
                FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype <> 'n'), '')
         WHEN 'c' THEN (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
         ELSE '' END AS definition
  FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
   AND NOT EXISTS (SELECT FROM members e WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND e.objid = t.oid)
 ORDER BY t.oid`

export const sequencesSql = `${common}
SELECT r.oid::text AS oid, r.nspname AS schema, r.relname AS name,
       'AS ' || pg_catalog.format_type(q.seqtypid, NULL) || ' START WITH ' || q.seqstart || ' INCREMENT BY ' || q.seqincrement
         || ' MINVALUE ' || q.seqmin || ' MAXVALUE ' || q.seqmax || ' CACHE ' || q.seqcache || CASE WHEN q.seqcycle THEN ' CYCLE' ELSE ' NO CYCLE' END AS definition,
       (SELECT pg_catalog.json_build_object('table', d.refobjid::text, 'column', d.refobjsubid, 'identity', d.deptype = 'i')
          FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid
           AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') LIMIT 1) AS owner
  FROM pg_catalog.pg_sequence q JOIN relations r ON r.oid = q.seqrelid ORDER BY r.oid`

export const tablesSql = `${common}
SELECT r.oid::text AS oid, r.nspname AS schema, r.relname AS name, r.relkind::text AS kind, r.relpersistence = 'u' AS unlogged,
       r.relrowsecurity AS "rowSecurity", r.relforcerowsecurity AS forced, coalesce(r.reloptions, '{}') AS options,
       r.relreplident::text AS "replicaIdentity",
       (SELECT x.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = r.oid AND i.indisreplident) AS "replicaIndex",
       CASE WHEN r.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(r.oid) END AS "partitionKey",
       pg_catalog.pg_get_expr(r.relpartbound, r.oid) AS "partitionBound",
       ARRAY(SELECT h.inhparent::text FROM pg_catalog.pg_inherits h WHERE h.inhrelid = r.oid ORDER BY h.inhseqno) AS parents
  FROM relations r WHERE r.relkind IN ('r', 'p', 'f') ORDER BY r.oid`

export const columnsSql = `${common}
SELECT r.oid::text AS table, a.attnum AS number, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       (CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE a.atttypid END)::text AS "typeOid",
       t.typcategory = 'A' AND t.typelem <> 0 AS "isArray", t.typcategory::text AS category,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::pg_catalog.regcollation::text END AS collation,
       a.attnotnull AS "notNull", pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
       a.attgenerated::text AS generated, a.attidentity::text AS identity
  FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE r.relkind IN ('r', 'p', 'f') ORDER BY r.oid, a.attnum`

export const viewsSql = `${common}
SELECT oid::text AS oid, nspname AS schema, relname AS name, relkind = 'm' AS materialized,
       pg_catalog.pg_get_viewdef(oid) AS definition, coalesce(reloptions, '{}') AS options
  FROM relations WHERE relkind IN ('v', 'm') ORDER BY oid`

export const constraintsSql = `${common}
SELECT k.oid::text AS oid, r.nspname AS schema, k.conname AS name, r.oid::text AS table, k.contype::text AS kind,
       pg_catalog.pg_get_constraintdef(k.oid) AS definition, k.conparentid <> 0 OR NOT k.conislocal AS inherited
  FROM pg_catalog.pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype <> 'n' ORDER BY k.oid`

export const indexesSql = `${common}
SELECT i.indexrelid::text AS oid, r.nspname AS schema, x.relname AS name, r.oid::text AS table,
       pg_catalog.pg_get_indexdef(i.indexrelid) AS definition, x.relispartition AS inherited
  FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indrelid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
 ORDER BY i.indexrelid`

export const statisticsSql = `${common}
SELECT x.oid::text AS oid, n.nspname AS schema, x.stxname AS name, r.oid::text AS table,
       pg_catalog.pg_get_statisticsobjdef(x.oid) AS definition, false AS inherited
  FROM pg_catalog.pg_statistic_ext x JOIN relations r ON r.oid = x.stxrelid JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace ORDER BY x.oid`

export const triggersSql = `${common}
SELECT t.oid::text AS oid, r.nspname AS schema, t.tgname AS name, r.oid::text AS table,
       pg_catalog.pg_get_triggerdef(t.oid) AS definition, t.tgenabled::text AS enabled, t.tgparentid <> 0 AS inherited
  FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY t.oid`

export const rulesSql = `${common}
SELECT u.oid::text AS oid, r.nspname AS schema, u.rulename AS name, r.oid::text AS table,
       pg_catalog.pg_get_ruledef(u.oid) AS definition, false AS inherited
  FROM pg_catalog.pg_rewrite u JOIN relations r ON r.oid = u.ev_class WHERE u.rulename <> '_RETURN' ORDER BY u.oid`

export const policiesSql = `${common}
SELECT p.oid::text AS oid, r.nspname AS schema, p.polname AS name, r.oid::text AS table, false AS inherited,
       'CREATE POLICY ' || pg_catalog.quote_ident(p.polname) || ' ON ' || pg_catalog.quote_ident(r.nspname) || '.' || pg_catalog.quote_ident(r.relname)
         || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
         || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END
         || ' TO ' || (SELECT pg_catalog.string_agg(CASE o WHEN 0 THEN 'public' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o)) END, ', ' ORDER BY o) FROM pg_catalog.unnest(p.polroles) AS o)
         || coalesce(' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', '')
         || coalesce(' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition
  FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid ORDER BY p.oid`

export const functionsSql = `${common}
SELECT p.oid::text AS oid, s.nspname AS schema, p.proname AS name, pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
       CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END AS definition,
       coalesce(pg_catalog.pg_get_function_result(p.oid), '') AS result
  FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace
 WHERE NOT EXISTS (SELECT FROM members e WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid) ORDER BY p.oid`
