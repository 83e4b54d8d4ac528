/** Extensions: what is known of them without a server, and what is made a part of them. */

import type { ExtensionMember } from '../catalog/change.ts'
import { unseenExtension } from '../catalog/extensions.ts'
import type { EffectSink, Handler } from './sink.ts'
import { allOf, as, nameParts } from './tree.ts'

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

export const createExtension: Handler = (node, sink) => {
  const { extname: name = '', options } = as(node, 'CreateExtensionStmt') ?? {}
  if (name === '') sink.unknown('which extension is created is not known')
  else if (!sink.catalog.extensions.has(name)) {
    const schema = allOf(options, 'DefElem').find(({ defname }) => defname === 'schema')?.arg
    const extension = unseenExtension(name, as(schema, 'String')?.sval ?? sink.context.path?.[0])
    sink.change({ kind: 'create-extension', extension })
  }
}

export function moveExtension(name: string, schema: string, sink: EffectSink): void {
  const known = sink.catalog.extensions.get(name) ?? unseenExtension(name, undefined)
  sink.change({ kind: 'create-extension', extension: { ...known, schema } })
}

/** What is made a member belongs to the extension from then on: it is dropped with it, and is in no dump. */
export const alterExtensionContents: Handler = (node, sink) => {
  const { extname: extension = '', action, objtype, object } = as(node, 'AlterExtensionContentsStmt') ?? {}
  const parts = nameParts(object)
  const kind = memberKinds[objtype ?? '']
  sink.unknown('what belongs to an extension is dropped with it, and is in no dump')
  if (kind === undefined) return
  const name = kind === 'schemas' ? (parts.at(-1) ?? '') : sink.name(parts)
  sink.change({ kind: action === 1 ? 'join-extension' : 'leave-extension', extension, member: { kind, name } })
}

/** Functions, operators and the like hold no data. */
const memberKinds: Readonly<Record<string, ExtensionMember['kind']>> = {
  OBJECT_TABLE: 'relations',
  OBJECT_FOREIGN_TABLE: 'relations',
  OBJECT_VIEW: 'relations',
  OBJECT_MATVIEW: 'relations',
  OBJECT_SEQUENCE: 'relations',
  OBJECT_TYPE: 'types',
  OBJECT_DOMAIN: 'types',
  OBJECT_SCHEMA: 'schemas',
}
