import type { Session } from '../../../ports.ts'

/** A column, a type, a view or a function whose dependents have to step aside while it changes. */
export interface Changing {
  readonly kind: 'relation' | 'type' | 'function'
  readonly oid: string
  /** 0 for the whole. */
  readonly column: number
}

interface Edge {
  /** Of the object: `pg_rewrite` stands for its view. */
  readonly kind: 'view' | 'rule' | 'constraint' | 'index' | 'policy' | 'trigger' | 'function' | 'default'
  readonly oid: string
}

const rowType = '(SELECT r.reltype FROM pg_catalog.pg_class r WHERE r.oid = w.oid)'

const catalogs = { relation: 'pg_class', type: 'pg_type', function: 'pg_proc' } as const

/** The oids of everything that depends on them, through views of views as well. */
export async function readDependents(session: Session, changing: readonly Changing[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  let next = changing
  while (next.length > 0) {
    const edges: Edge[] = []
    for (const kind of ['relation', 'type', 'function'] as const) {
      const some = next.filter((one) => one.kind === kind)
      if (some.length > 0) edges.push(...(await dependentsOf(session, kind, some)))
    }
    const rows = next.filter(({ kind, column }) => kind === 'relation' && column === 0)
    // A function that returns rows of a view depends on the type of those.
    if (rows.length > 0) edges.push(...(await dependentsOf(session, 'type', rows, rowType)))
    const fresh = edges.filter(({ oid }) => !found.has(oid))
    for (const { oid } of fresh) found.add(oid)
    next = fresh.flatMap(({ kind, oid }): Changing[] => {
      if (kind === 'view') return [{ kind: 'relation', oid, column: 0 }]
      return kind === 'function' ? [{ kind: 'function', oid, column: 0 }] : []
    })
  }
  return found
}

/** A view depends on what its rule `_RETURN` reads. `unnest` of two arrays is a form of FROM and takes no schema (manual, 7.2.1.4). */
async function dependentsOf(
  session: Session,
  kind: Changing['kind'],
  changing: readonly Changing[],
  refers = 'w.oid',
): Promise<readonly Edge[]> {
  return session.query<Edge>(
    `SELECT DISTINCT CASE WHEN u.rulename = '_RETURN' THEN 'view' WHEN u.oid IS NOT NULL THEN 'rule' WHEN k.oid IS NOT NULL THEN 'constraint'
              WHEN d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass THEN 'index' WHEN d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass THEN 'policy'
              WHEN d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass THEN 'trigger' WHEN d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass THEN 'function'
              ELSE 'default' END AS kind,
            (CASE WHEN u.rulename = '_RETURN' THEN u.ev_class ELSE d.objid END)::text AS oid
       FROM unnest($1::pg_catalog.oid[], $2::int[]) AS w (oid, sub)
       JOIN pg_catalog.pg_depend d ON d.refclassid = $3::pg_catalog.regclass AND d.refobjid = ${refers} AND (w.sub = 0 OR d.refobjsubid = w.sub)
       LEFT JOIN pg_catalog.pg_rewrite u ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND u.oid = d.objid
       LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid
       LEFT JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = d.objid
      WHERE d.deptype IN ('n', 'a') AND d.objid >= 16384
        AND d.classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass, 'pg_catalog.pg_constraint'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass,
                          'pg_catalog.pg_trigger'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_class'::pg_catalog.regclass)
        AND (c.oid IS NULL OR c.relkind IN ('i', 'I'))
        -- A view is not its own dependent, and a unique key follows the type of its column.
        AND (u.oid IS NULL OR u.ev_class <> d.refobjid) AND (k.oid IS NULL OR k.contype IN ('c', 'x', 'f'))`,
    [changing.map(({ oid }) => oid), changing.map(({ column }) => column), `pg_catalog.${catalogs[kind]}`],
  )
}
