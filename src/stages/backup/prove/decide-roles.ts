import type { Parser } from '../../../sql/parse.ts'
import { splitEntries } from './decide-entries.ts'

export interface NeededRole {
  readonly name: string
  /** The owner of an event trigger, a foreign-data wrapper or a publication FOR ALL TABLES has to be a superuser. */
  readonly superuser: boolean
}

/** Every role that the definitions name: owners, grantees and grantors, policies, default privileges, user mappings. */
export function rolesOf(parser: Parser, schemaText: string): readonly NeededRole[] {
  const roles = new Map<string, boolean>()
  const distinct = new Set(
    splitEntries(schemaText).entries.map(({ text }) =>
      // There may be a million large objects, each with the same owner.
      text.replaceAll(/LARGE OBJECT \d+/g, 'LARGE OBJECT 1'),
    ),
  )
  for (const text of distinct) {
    for (const { stmt } of statementsOf(parser, text)) {
      for (const name of namesIn(stmt)) roles.set(name, (roles.get(name) ?? false) || ownsSuperusersThing(stmt))
    }
  }
  return [...roles].map(([name, superuser]) => ({ name, superuser }))
}

function statementsOf(parser: Parser, text: string): readonly { readonly stmt?: unknown }[] {
  try {
    return parser.parse(text).stmts ?? []
  } catch {
    // A role that is named there is then missed, and pg_restore stops at it and says so.
    return []
  }
}

function ownsSuperusersThing(stmt: unknown): boolean {
  const owned = field(field(stmt, 'AlterOwnerStmt'), 'objectType')
  return owned === 'OBJECT_EVENT_TRIGGER' || owned === 'OBJECT_FDW' || owned === 'OBJECT_PUBLICATION'
}

function field(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined
}

function namesIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(namesIn)
  if (typeof node !== 'object' || node === null) return []
  const role = field(node, 'rolename')
  if (field(node, 'roletype') === 'ROLESPEC_CSTRING' && typeof role === 'string') return [role]
  const setting = field(node, 'VariableSetStmt')
  if (field(setting, 'name') === 'session_authorization') return textsIn(field(setting, 'args'))
  return Object.values(node).flatMap(namesIn)
}

function textsIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(textsIn)
  if (typeof node !== 'object' || node === null) return []
  const text = field(field(node, 'sval'), 'sval')
  return typeof text === 'string' ? [text] : Object.values(node).flatMap(textsIn)
}
