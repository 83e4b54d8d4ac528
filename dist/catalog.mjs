// src/postgres/catalog.ts
function differenceOf(before, after) {
	const was = new Set(before.lines);
	const is = new Set(after.lines);
	return {
		added: after.lines.filter((line) => !was.has(line)),
		removed: before.lines.filter((line) => !is.has(line))
	};
}
async function readCatalog(session) {
	return { lines: (await session.query(snapshotSql)).map((row) => row.line) };
}
const snapshotSql = `
WITH schemas AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
),
extension_objects AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
relations AS (
  SELECT c.*, s.nspname, quote_ident(s.nspname) || '.' || quote_ident(c.relname) AS name
  FROM pg_catalog.pg_class c JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relname !~ '^_(prisma|airlock|_drizzle)_migrations' AND (s.nspname <> 'supabase_migrations' OR c.relname !~ '^schema_migrations')
    AND NOT EXISTS (SELECT FROM extension_objects e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid)
),
lines AS (
  SELECT 'schema ' || quote_ident(nspname) AS line FROM schemas WHERE nspname NOT IN ('drizzle', 'supabase_migrations')
  UNION ALL
  SELECT CASE relkind WHEN 'p' THEN 'partitioned table ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || name
      || CASE relpersistence WHEN 'u' THEN ' unlogged' ELSE '' END
      || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END || CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END
      || coalesce(' ' || pg_catalog.pg_get_expr(relpartbound, oid), '') || coalesce(' with ' || array_to_string(reloptions, ', '), '')
      || CASE relreplident WHEN 'd' THEN '' ELSE ' replica identity ' || relreplident::text END
    FROM relations WHERE relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'column ' || r.name || '.' || quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attcollation <> t.typcollation THEN ' collate ' || a.attcollation::pg_catalog.regcollation::text ELSE '' END
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
      || CASE a.attgenerated WHEN '' THEN coalesce(' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
           ELSE ' generated ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) END
      || CASE a.attidentity WHEN '' THEN '' ELSE ' identity ' || a.attidentity::text END
    FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE r.relkind IN ('r', 'p', 'f', 'c')
  UNION ALL
  SELECT 'constraint ' || r.name || '.' || quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid)
    FROM pg_catalog.pg_constraint k JOIN relations r ON r.oid = k.conrelid WHERE k.contype <> 'n'
  UNION ALL
  SELECT 'index ' || pg_catalog.pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indrelid
  UNION ALL
  SELECT CASE relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || name || ' ' || pg_catalog.pg_get_viewdef(oid)
    FROM relations WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT 'sequence ' || r.name || ' ' || pg_catalog.format_type(q.seqtypid, NULL) || ' from ' || q.seqstart || ' by ' || q.seqincrement
      || ' between ' || q.seqmin || ' and ' || q.seqmax || CASE WHEN q.seqcycle THEN ' cycle' ELSE '' END
    FROM pg_catalog.pg_sequence q JOIN relations r ON r.oid = q.seqrelid
  UNION ALL
  SELECT 'trigger ' || pg_catalog.pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
    FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'rule ' || pg_catalog.pg_get_ruledef(u.oid) || ' ' || u.ev_enabled::text
    FROM pg_catalog.pg_rewrite u JOIN relations r ON r.oid = u.ev_class WHERE u.rulename <> '_RETURN'
  UNION ALL
  SELECT 'statistics ' || pg_catalog.pg_get_statisticsobjdef(x.oid)
    FROM pg_catalog.pg_statistic_ext x JOIN relations r ON r.oid = x.stxrelid
  UNION ALL
  SELECT 'policy ' || r.name || '.' || quote_ident(p.polname) || ' ' || p.polcmd::text || ' ' || p.polpermissive::text
      || ' to ' || (SELECT string_agg(CASE o WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(o)::text END, ',' ORDER BY o) FROM unnest(p.polroles) AS o)
      || coalesce(' using ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid), '')
      || coalesce(' check ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
    FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
  UNION ALL
  SELECT 'enum ' || quote_ident(s.nspname) || '.' || quote_ident(t.typname) || ' '
      || (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
    FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace WHERE t.typtype = 'e'
  UNION ALL
  SELECT 'domain ' || quote_ident(s.nspname) || '.' || quote_ident(t.typname) || ' ' || pg_catalog.format_type(t.typbasetype, t.typtypmod)
      || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || t.typdefault, '')
    FROM pg_catalog.pg_type t JOIN schemas s ON s.oid = t.typnamespace WHERE t.typtype = 'd'
  UNION ALL
  SELECT 'domain constraint ' || quote_ident(s.nspname) || '.' || quote_ident(t.typname) || '.' || quote_ident(k.conname)
      || ' ' || pg_catalog.pg_get_constraintdef(k.oid)
    FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid JOIN schemas s ON s.oid = t.typnamespace
    WHERE k.contype <> 'n'
  UNION ALL
  SELECT 'function ' || quote_ident(s.nspname) || '.' || quote_ident(p.proname) || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid)
      || ') ' || md5(concat_ws('|', l.lanname, pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.pg_get_function_result(p.oid),
           p.prosrc, p.probin, pg_catalog.pg_get_function_sqlbody(p.oid), p.prosecdef, p.provolatile, p.proisstrict, p.proleakproof,
           p.proparallel, p.proconfig))
    FROM pg_catalog.pg_proc p JOIN schemas s ON s.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE NOT EXISTS (SELECT FROM extension_objects e WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid)
  UNION ALL
  SELECT 'extension ' || quote_ident(extname) FROM pg_catalog.pg_extension
)
SELECT line FROM lines ORDER BY line COLLATE "C"`;
export { readCatalog as n, snapshotSql as r, differenceOf as t };
