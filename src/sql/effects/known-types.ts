/** Types that are neither domains nor enums, so that a column of them behaves as the manual says. */

const builtin = new Set(
  (
    'bit bool box bpchar bytea char cidr circle date float4 float8 inet int2 int4 int8 interval json jsonb jsonpath line lseg ' +
    'macaddr macaddr8 money name numeric oid path point polygon pg_lsn regclass regproc regtype text tid time timestamp ' +
    'timestamptz timetz tsquery tsvector uuid varbit varchar xid xid8 xml int4range int8range numrange tsrange tstzrange ' +
    'daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange serial serial2 serial4 ' +
    'serial8 bigserial smallserial'
  ).split(' '),
)

const ofExtensions = new Set(
  'citext cube earth geography geometry halfvec hstore intbig isbn lo lquery ltree raster sparsevec vector'.split(' '),
)

/** Written without a schema it is PostgreSQL's, whoever made another of that name. */
export function isOfServer(name: string): boolean {
  return builtin.has(name)
}

export function isBaseType(name: string): boolean {
  return builtin.has(name) || ofExtensions.has(name.slice(name.indexOf('.') + 1))
}

/** Without the schema that its extension was put into. */
export function plainName(name: string): string {
  const last = name.slice(name.indexOf('.') + 1)
  return ofExtensions.has(last) ? last : name
}

const serials: ReadonlyMap<string, string> = new Map([
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
  ['smallserial', 'int2'],
  ['serial2', 'int2'],
])

/** The integer type beneath a serial; `undefined` for any other. */
export function serialBase(name: string): string | undefined {
  return serials.get(name)
}
