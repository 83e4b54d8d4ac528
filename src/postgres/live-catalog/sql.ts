import type { LiveRows } from './rows.ts'
import { firstOfSomebody, part, relationKinds, shared } from './shared-sql.ts'

/** Of relations that are somebody's; written out each time, because the planner knows nothing about the result of a WITH. */
const ofSomebody = (relation: string) =>
  `JOIN pg_class c ON c.oid = ${relation} AND c.relnamespace = ANY (ARRAY(SELECT oid FROM schemas))`

/** Where the modifier cannot be read from its number. */
const written = (type: string, modifier: string) =>
  `CASE WHEN ${modifier} >= 0 AND ${type}.typnamespace <> 'pg_catalog'::regnamespace THEN format_type(${type}.oid, ${modifier}) END`

const membersOf = (kind: string, what: string) =>
  `ARRAY(SELECT ${what} FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
                   AND d.deptype = 'e' AND d.classid = '${kind}'::regclass ORDER BY d.objid)`

type Extent = 'whole' | 'part'
type InPart = (relation: string, set?: 'chosen' | 'around') => string

const sectionsOf = (extent: Extent, inPart: InPart): Readonly<Record<keyof LiveRows, string>> => ({
  schemas: 'SELECT name FROM schemas ORDER BY oid',

  typeNames: `
    SELECT t.oid::int8 AS id, e.oid IS NOT NULL AS "array",
           CASE n.nspname WHEN 'pg_catalog' THEN coalesce(e.typname, t.typname)::text
             ELSE n.nspname || '.' || coalesce(e.typname, t.typname) END AS name
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid${extent === 'whole' ? '' : typesInPart} ORDER BY t.oid`,

  relations: `
    SELECT c.oid::int8 AS id, ${extent === 'whole' ? 'true' : 'c.oid IN (SELECT oid FROM chosen)'} AS whole, s.name || '.' || c.relname AS name, c.relkind AS kind, c.relpersistence = 'u' AS unlogged,
           c.relrowsecurity AS "rowSecurity", nullif(c.reloftype, 0)::int8 AS "ofType",
           coalesce(pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', false) AS "defaultPartition"
      FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
     WHERE c.relkind IN ${relationKinds} ${inPart('c.oid', 'around')} ORDER BY c.oid`,

  columns: `
    SELECT c.oid::int8 AS relation, a.attnum AS number, a.attname AS name, a.atttypid::int8 AS type, a.atttypmod AS typmod,
           ${written('t', 'a.atttypmod')} AS written, a.attcollation::int8 AS collation, a.attnotnull AS "notNull",
           a.attidentity <> '' AS identity, a.attgenerated <> '' AS generated,
           a.atthasdef AND a.attgenerated = '' OR a.attidentity <> '' AS "hasDefault"
      FROM pg_attribute a ${ofSomebody('a.attrelid')} JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped ${inPart('c.oid', 'around')}
     ORDER BY c.oid, a.attnum`,

  // Of a foreign key to a partitioned table the server keeps one more for each partition, on the same table.
  constraints: `
    SELECT c.oid::int8 AS relation, k.conname AS name, k.contype AS kind, k.conkey AS columns, k.conindid::int8 AS index,
           nullif(k.confrelid, 0)::int8 AS references, k.confkey AS "referencedColumns", k.confdeltype AS "onDelete",
           k.confupdtype AS "onUpdate", k.convalidated AS validated,
           CASE WHEN k.contype = 'c' AND k.conbin::text LIKE '%{NULLTEST %' THEN pg_get_expr(k.conbin, k.conrelid) END AS expression
      FROM pg_constraint k ${ofSomebody('k.conrelid')} LEFT JOIN pg_constraint p ON p.oid = k.conparentid
     WHERE k.contype IN ('p', 'u', 'f', 'c', 'x', 'n') AND p.conrelid IS DISTINCT FROM k.conrelid ${inPart('c.oid')}
     ORDER BY k.oid`,

  indexes: `
    SELECT i.indexrelid::int8 AS id, i.indrelid::int8 AS "table", i.indkey::int2[] AS columns, i.indisunique AS "unique",
           i.indisexclusion AS exclusion, i.indexprs IS NULL AND i.indpred IS NULL AS plain,
           m.amname = 'btree' AND i.indnatts = i.indnkeyatts AND 0 = ALL (i.indoption::int2[])
             AND NOT i.indclass::oid[] && ARRAY(SELECT oid FROM pg_opclass WHERE NOT opcdefault) AS ordinary,
           i.indcollation::oid[]::int8[] AS collations
      FROM pg_index i ${ofSomebody('i.indexrelid')} JOIN pg_am m ON m.oid = c.relam WHERE true ${inPart('c.oid')}
     ORDER BY i.indexrelid`,

  computed: `
    SELECT DISTINCT d.objid::int8 AS index, d.refobjsubid AS "column"
      FROM pg_index i ${ofSomebody('i.indexrelid')}
      JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
     WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND d.refobjsubid > 0 ${inPart('c.oid')} ORDER BY 1, 2`,

  // A trigger of a partitioned table is on each partition too, up to 14 marked as internal like those behind constraints.
  triggers: `
    SELECT c.oid::int8 AS relation, t.tgname AS name, t.tgtype AS type, n.nspname || '.' || p.proname AS function
      FROM pg_trigger t ${ofSomebody('t.tgrelid')} JOIN pg_proc p ON p.oid = t.tgfoid
      JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint
     WHERE (NOT t.tgisinternal OR t.tgparentid <> 0 AND coalesce(k.contype, 't') = 't') ${inPart('c.oid')} ORDER BY t.oid`,

  attachments: `
    SELECT relation::int8, kind, name
      FROM (SELECT oid, polrelid AS relation, 'policy' AS kind, polname AS name FROM pg_policy
            UNION ALL
            SELECT oid, ev_class, 'rule', rulename FROM pg_rewrite WHERE rulename <> '_RETURN') a
     WHERE true ${inPart('relation')} ORDER BY oid`,

  sequences: `
    SELECT c.oid::int8 AS id, d.refobjid::int8 AS "table", d.refobjsubid AS "column", coalesce(d.deptype = 'i', false) AS identity
      FROM pg_sequence q ${ofSomebody('q.seqrelid')}
      LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                           AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 WHERE true ${inPart('c.oid')} ORDER BY c.oid`,

  fills: `
    SELECT x.adrelid::int8 AS relation, x.adnum AS "column", c.oid::int8 AS sequence
      FROM pg_attrdef x
      JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid AND d.refclassid = 'pg_class'::regclass
      ${ofSomebody('d.refobjid')} AND c.relkind = 'S' WHERE true ${inPart('x.adrelid')} ORDER BY c.oid`,

  defaultTypes: `
    SELECT x.adrelid::int8 AS relation, x.adnum AS "column", d.refobjid::int8 AS type
      FROM pg_attrdef x
      JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid AND d.refclassid = 'pg_type'::regclass
      ${ofSomebody('x.adrelid')} WHERE true ${inPart('c.oid')} ORDER BY x.oid, d.refobjid`,

  inheritance: `
    SELECT inhrelid::int8 AS relation, inhparent::int8 AS parent FROM pg_inherits ${ofSomebody('inhrelid')}
     WHERE c.relkind NOT IN ('i', 'I') ${inPart('inhrelid')} ORDER BY inhrelid, inhseqno`,

  parents: `
    SELECT DISTINCT s.name || '.' || p.relname AS name FROM pg_inherits ${ofSomebody('inhrelid')}
      JOIN pg_class p ON p.oid = inhparent JOIN schemas s ON s.oid = p.relnamespace
     WHERE c.relkind NOT IN ('i', 'I') AND p.relkind IN ${relationKinds} ORDER BY 1`,

  reads: `
    SELECT DISTINCT w.ev_class::int8 AS view, d.refobjid::int8 AS relation, d.refobjsubid AS "column"
      FROM pg_rewrite w ${ofSomebody('w.ev_class')}
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
     WHERE w.rulename = '_RETURN' AND d.refobjid <> w.ev_class ${inPart('w.ev_class')} ORDER BY 1, 2, 3`,

  runs: `
   SELECT * FROM (
    SELECT DISTINCT f.name AS function, f.of_extension AS "ofExtension", f.immutable, false AS "ofServer",
           CASE k.classid
             WHEN 'pg_attrdef'::regclass THEN (SELECT adrelid FROM pg_attrdef WHERE oid = k.objid)
             WHEN 'pg_constraint'::regclass THEN (SELECT conrelid FROM pg_constraint WHERE oid = k.objid)
             WHEN 'pg_class'::regclass THEN coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = k.objid), k.objid)
             WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = k.objid)
             WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = k.objid AND rulename = '_RETURN')
             WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = k.objid)
             WHEN 'pg_statistic_ext'::regclass THEN (SELECT stxrelid FROM pg_statistic_ext WHERE oid = k.objid)
           END::int8 AS relation,
           (SELECT tgname FROM pg_trigger WHERE k.classid = 'pg_trigger'::regclass AND oid = k.objid) AS trigger,
           NULL::int8 AS type
      FROM calls k JOIN functions f ON f.oid = k.function
    UNION ALL
    SELECT f.name, f.of_extension, f.immutable, false, NULL, NULL, r.type::int8
      FROM type_calls r JOIN functions f ON f.oid = r.function
     WHERE r.own OR NOT EXISTS (SELECT FROM pg_type WHERE oid = r.type AND typtype = 'd')
    UNION ALL
    SELECT DISTINCT 'pg_catalog.' || p.proname, false, false, true, e.relation::int8, e.trigger, e.type::int8
      FROM expressions e CROSS JOIN regexp_matches(e.tree, ':funcid (\\d+)', 'g') called
      JOIN pg_proc p ON p.oid = called[1]::oid
     WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.provolatile <> 'i' AND p.oid < ${firstOfSomebody}
   ) u WHERE coalesce(relation, 0) = 0 OR true ${inPart('relation')} ORDER BY relation, type, trigger, function`,

  types: `
    SELECT t.oid::int8 AS id, t.typtype AS kind,
           ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels,
           CASE t.typtype WHEN 'd' THEN json_build_object('type', t.typbasetype::int8, 'typmod', t.typtypmod,
             'written', ${written('b', 't.typtypmod')})
             WHEN 'r' THEN (SELECT json_build_object('type', rngsubtype::int8, 'typmod', -1, 'written', NULL) FROM pg_range WHERE rngtypid = t.oid)
             WHEN 'm' THEN (SELECT json_build_object('type', rngtypid::int8, 'typmod', -1, 'written', NULL) FROM pg_range WHERE rngmultitypid = t.oid)
           END AS base,
           (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8, 'typmod', a.atttypmod,
                     'written', ${written('y', 'a.atttypmod')}) ORDER BY a.attnum), '[]')
              FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
             WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes,
           t.typnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS constrained
      FROM pg_type t JOIN schemas s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
      LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid LEFT JOIN pg_type b ON b.oid = t.typbasetype
     WHERE t.typisdefined AND CASE t.typtype WHEN 'c' THEN c.relkind = 'c' WHEN 'p' THEN false
             WHEN 'b' THEN e.oid IS NULL ELSE true END
     ORDER BY t.oid`,

  functions: `
    SELECT f.name, CASE p.prokind WHEN 'a' THEN 'v' ELSE p.provolatile END AS volatility, l.lanname AS language, p.proargtypes::oid[]::int8[] AS arguments,
           CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS text,
           CASE WHEN l.lanname = 'sql' AND p.prosqlbody IS NULL THEN p.prosrc END AS sql, p.proconfig AS settings
      FROM functions f JOIN pg_proc p ON p.oid = f.oid JOIN pg_language l ON l.oid = p.prolang
     WHERE NOT f.of_extension ORDER BY p.oid`,

  hidden: `
    SELECT DISTINCT name AS function, false AS "ofExtension", immutable, false AS "ofServer" FROM functions
     WHERE NOT of_extension AND oid IN (
       SELECT unnest(ARRAY[oprcode, oprrest, oprjoin]) FROM pg_operator
       UNION ALL SELECT castfunc FROM pg_cast UNION ALL SELECT amproc FROM pg_amproc)
    UNION
    SELECT name, true, immutable, false FROM functions WHERE of_extension AND oid IN (SELECT function FROM by_hand)
    UNION
    SELECT 'pg_catalog.' || proname, false, false, true FROM pg_proc
     WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile <> 'i' AND oid < ${firstOfSomebody}
       AND oid IN (SELECT function FROM by_hand) ORDER BY 1, 2, 3, 4`,

  eventTriggers: `
    SELECT e.evtname AS name, n.nspname || '.' || p.proname AS function
      FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace ORDER BY e.oid`,

  extensions: `
    SELECT e.extname AS name, n.nspname AS schema,
           ARRAY(SELECT r.extname FROM pg_depend d JOIN pg_extension r ON r.oid = d.refobjid
                  WHERE d.classid = 'pg_extension'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_extension'::regclass) AS requires,
           ${membersOf('pg_class', 'd.objid::int8')} AS relations, ${membersOf('pg_type', 'd.objid::int8')} AS types,
           ${membersOf('pg_namespace', '(SELECT nspname FROM pg_namespace WHERE oid = d.objid)')} AS schemas
      FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.oid`,
})

/** The rows of a table have a type, and so do arrays of them: of a table outside the part only where something is of that type. */
const typesInPart = `
     WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = coalesce(nullif(t.typrelid, 0), e.typrelid) AND c.relkind <> 'c'
                         AND c.oid NOT IN (SELECT oid FROM around))
        OR EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid = t.oid AND d.deptype = 'n')`

function sqlOf(extent: Extent): string {
  const inPart: InPart = (relation, set = 'chosen') =>
    extent === 'whole' ? '' : `AND ${relation} IN (SELECT oid FROM ${set})`
  return `WITH RECURSIVE ${extent === 'whole' ? shared : shared.replace('functions AS (', `${part}\nfunctions AS (`)}
SELECT ${Object.entries(sectionsOf(extent, inPart))
    .map(([name, sql]) => `(SELECT coalesce(json_agg(s), '[]') FROM (${sql}) s) AS "${name}"`)
    .join(',\n')}`
}

/**
 * Everything in one statement, so that all of it is of one moment. What one expression calls is read from pg_depend, which
 * leaves out what PostgreSQL brings itself (14 on: those objects are pinned by their number).
 */
export const liveCatalogSql = sqlOf('whole')

/** The same of relations with these names ($1) or constraints ($2), and of what points at them; what is no relation is whole. */
export const partOfCatalogSql = sqlOf('part')
