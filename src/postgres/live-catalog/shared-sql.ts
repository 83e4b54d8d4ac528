/** What several of the questions in sql.ts are asked from: whose functions there are, and what calls them without naming them. */

/** The numbers below are those of what comes with PostgreSQL (FirstNormalObjectId in src/include/access/transam.h). */
export const firstOfSomebody = 16384

/** ALTER EXTENSION … ADD makes what anybody made a member; the script of an extension runs as a superuser. */
const isOfExtension = (kind: string, id: string, owner: string) =>
  `(EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${kind}'::regclass AND e.objid = ${id} AND e.deptype = 'e')
           AND EXISTS (SELECT FROM pg_roles r WHERE r.oid = ${owner} AND r.rolsuper))`

export const shared = `
schemas AS MATERIALIZED (
  SELECT oid, nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
),
functions AS (
  -- Without the constructors that come with a range type: they are named like it and only compute.
  -- What somebody put among PostgreSQL's own counts too.
  SELECT p.oid, s.nspname || '.' || p.proname AS name, p.provolatile = 'i' AS immutable,
         ${isOfExtension('pg_proc', 'p.oid', 'p.proowner')} AS of_extension
    FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace
   WHERE (s.oid IN (SELECT oid FROM schemas) OR s.nspname = 'pg_catalog' AND p.oid >= ${firstOfSomebody})
     AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid
                       AND i.refclassid = 'pg_type'::regclass AND i.deptype = 'i')
),
by_hand AS (
  -- Operators, casts and classes that no extension of a superuser brought: what is behind them runs without being named.
  SELECT o.oprcode AS function FROM pg_operator o WHERE o.oid >= ${firstOfSomebody} AND NOT ${isOfExtension('pg_operator', 'o.oid', 'o.oprowner')}
  UNION
  -- A cast has no owner: it is that of an extension only where its function is too.
  SELECT c.castfunc FROM pg_cast c WHERE c.oid >= ${firstOfSomebody} AND NOT (
    EXISTS (SELECT FROM functions f WHERE f.oid = c.castfunc AND f.of_extension)
    AND EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype = 'e'))
  UNION
  SELECT a.amproc FROM pg_amproc a JOIN pg_opfamily y ON y.oid = a.amprocfamily
   WHERE a.oid >= ${firstOfSomebody} AND NOT ${isOfExtension('pg_opfamily', 'y.oid', 'y.opfowner')}
),
calls AS (
  SELECT classid, objid, refobjid AS function FROM pg_depend WHERE refclassid = 'pg_proc'::regclass
  UNION ALL
  SELECT d.classid, d.objid, o.oprcode FROM pg_depend d JOIN pg_operator o ON o.oid = d.refobjid
   WHERE d.refclassid = 'pg_operator'::regclass
  UNION ALL
  SELECT d.classid, d.objid, a.amproc FROM pg_depend d JOIN pg_opclass o ON o.oid = d.refobjid
    JOIN pg_amproc a ON a.amprocfamily = o.opcfamily WHERE d.refclassid = 'pg_opclass'::regclass
  UNION ALL
  SELECT 'pg_policy'::regclass, p.policy, d.refobjid FROM policy_reads p JOIN pg_rewrite w ON w.ev_class = p.relation
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_proc'::regclass
),
policy_reads AS (
  SELECT objid AS policy, refobjid AS relation FROM pg_depend
   WHERE classid = 'pg_policy'::regclass AND refclassid = 'pg_class'::regclass AND deptype = 'n'
  UNION
  SELECT p.policy, d.refobjid FROM policy_reads p JOIN pg_rewrite w ON w.ev_class = p.relation AND w.rulename = '_RETURN'
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
),
parts AS (
  SELECT a.atttypid AS part, c.reltype AS whole FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.reltype <> 0 AND c.oid >= ${firstOfSomebody} AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT typelem, oid FROM pg_type WHERE typelem <> 0
  UNION ALL SELECT typbasetype, oid FROM pg_type WHERE typbasetype <> 0
  UNION ALL SELECT rngsubtype, rngtypid FROM pg_range
  UNION ALL SELECT rngsubtype, rngmultitypid FROM pg_range
),
type_calls AS (
  -- The checks and the default of a domain, the functions of a range; and they are in every type that has one of those in it.
  SELECT contypid AS type, function, true AS own FROM calls
    JOIN pg_constraint ON classid = 'pg_constraint'::regclass AND oid = objid AND contypid <> 0
  UNION
  -- Not those that read and write values of a base type: they are written in C, by whoever owns the server.
  SELECT objid, function, true FROM calls JOIN pg_type b ON b.oid = objid AND b.typtype <> 'b' WHERE classid = 'pg_type'::regclass
  UNION
  SELECT p.whole, t.function, false FROM type_calls t JOIN parts p ON p.part = t.type
),
expressions AS (
  SELECT adrelid AS relation, NULL::name AS trigger, NULL::oid AS type, adbin::text AS tree FROM pg_attrdef
  UNION ALL SELECT conrelid, NULL, contypid, conbin::text FROM pg_constraint WHERE conbin IS NOT NULL
  UNION ALL SELECT indrelid, NULL, NULL, concat(indexprs, indpred) FROM pg_index WHERE indexprs IS NOT NULL OR indpred IS NOT NULL
  UNION ALL SELECT partrelid, NULL, NULL, partexprs::text FROM pg_partitioned_table WHERE partexprs IS NOT NULL
  UNION ALL SELECT stxrelid, NULL, NULL, stxexprs::text FROM pg_statistic_ext WHERE stxexprs IS NOT NULL
  UNION ALL SELECT polrelid, NULL, NULL, concat(polqual, polwithcheck) FROM pg_policy
  UNION ALL SELECT tgrelid, tgname, NULL, tgqual::text FROM pg_trigger WHERE tgqual IS NOT NULL
  UNION ALL SELECT NULL, NULL, oid, typdefaultbin::text FROM pg_type WHERE typdefaultbin IS NOT NULL
  UNION ALL SELECT ev_class, NULL, NULL, ev_action::text FROM pg_rewrite WHERE rulename = '_RETURN' AND ev_class >= ${firstOfSomebody}
)`

/** What a relation of somebody's can be that is kept by its name. */
export const relationKinds = `('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S')`

const classDepend = (kind: string) => `d.classid = '${kind}'::regclass AND d.refclassid = 'pg_class'::regclass`

/**
 * For a part: `wanted` by their names, and by those of their constraints; with all that points at one of them; and with the
 * indexes and sequences of those tables (`chosen`). What these point at is there with its name and its columns (`around`).
 */
export const part = `
wanted AS MATERIALIZED (
  SELECT c.oid FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
   WHERE c.relkind IN ${relationKinds} AND s.name || '.' || c.relname = ANY ($1::text[])
  UNION
  SELECT k.conrelid FROM pg_constraint k JOIN schemas s ON s.oid = k.connamespace
   WHERE k.conrelid <> 0 AND s.name || '.' || k.conname = ANY ($2::text[])
),
pointing AS MATERIALIZED (
  SELECT oid FROM wanted
  UNION SELECT inhrelid FROM pg_inherits WHERE inhparent IN (SELECT oid FROM wanted)
  UNION SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND confrelid IN (SELECT oid FROM wanted)
  UNION SELECT w.ev_class FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
         WHERE ${classDepend('pg_rewrite')} AND d.refobjid IN (SELECT oid FROM wanted)
),
chosen AS MATERIALIZED (
  SELECT oid FROM pointing
  UNION SELECT indexrelid FROM pg_index WHERE indrelid IN (SELECT oid FROM pointing)
  UNION SELECT d.objid FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
         WHERE ${classDepend('pg_class')} AND d.refobjid IN (SELECT oid FROM pointing) AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
),
around AS MATERIALIZED (
  SELECT oid FROM chosen
  UNION SELECT indrelid FROM pg_index WHERE indexrelid IN (SELECT oid FROM chosen)
  UNION SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT oid FROM chosen)
  UNION SELECT inhparent FROM pg_inherits WHERE inhrelid IN (SELECT oid FROM chosen)
  UNION SELECT d.refobjid FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
         WHERE ${classDepend('pg_rewrite')} AND w.ev_class IN (SELECT oid FROM chosen)
  UNION SELECT d.refobjid FROM pg_depend d
         WHERE ${classDepend('pg_class')} AND d.objid IN (SELECT oid FROM chosen) AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  UNION SELECT d.refobjid FROM pg_depend d JOIN pg_attrdef x ON x.oid = d.objid
         WHERE ${classDepend('pg_attrdef')} AND x.adrelid IN (SELECT oid FROM chosen)
  UNION SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_extension'::regclass AND deptype = 'e'
),`
