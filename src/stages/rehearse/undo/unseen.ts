import type { Statement } from '../../../sql/model.ts'

/** Statements about what the compared catalog leaves out: two equal catalogs say nothing of them. */
const kinds: ReadonlyMap<string, string> = new Map([
  ['GrantStmt', 'privileges'],
  ['GrantRoleStmt', 'memberships of roles'],
  ['AlterDefaultPrivilegesStmt', 'default privileges'],
  ['AlterOwnerStmt', 'an owner'],
  ['CommentStmt', 'a comment'],
  ['SecLabelStmt', 'a security label'],
  ['CreateRoleStmt', 'roles'],
  ['AlterRoleStmt', 'roles'],
  ['AlterRoleSetStmt', 'settings of a role'],
  ['DropRoleStmt', 'roles'],
  ['DropOwnedStmt', 'what a role owns'],
  ['ReassignOwnedStmt', 'what a role owns'],
  ['AlterDatabaseStmt', 'the database itself'],
  ['AlterDatabaseSetStmt', 'settings of the database'],
  ['AlterSystemStmt', 'settings of the server'],
  ['CreatePublicationStmt', 'a publication'],
  ['AlterPublicationStmt', 'a publication'],
  ['CreateSubscriptionStmt', 'a subscription'],
  ['AlterSubscriptionStmt', 'a subscription'],
  ['DropSubscriptionStmt', 'a subscription'],
  ['CreateEventTrigStmt', 'an event trigger'],
  ['AlterEventTrigStmt', 'an event trigger'],
  ['AlterExtensionStmt', 'the version of an extension'],
  ['CreateRangeStmt', 'a range type'],
  ['CreateForeignServerStmt', 'a foreign server'],
  ['CreateUserMappingStmt', 'a user mapping'],
])

/** Parts of statements of which the rest is seen. */
const parts: readonly (readonly [RegExp, string])[] = [
  [/\bOWNER\s+TO\b/i, 'an owner'],
  [/\b(?:NO\s+)?INHERIT\b/i, 'inheritance'],
  [/\bsecurity_(?:invoker|barrier)\b/i, 'options of a view'],
  [/\bDROP\s+(?:PUBLICATION|EVENT\s+TRIGGER)\b/i, 'a publication or an event trigger'],
]

/** Why an undo of these statements cannot be proven by comparing catalogs. */
export function notInTheCatalog(
  statements: readonly Pick<Statement, 'kind' | 'sql' | 'range' | 'effects'>[],
): string | undefined {
  for (const { kind, sql, range, effects } of statements) {
    const what = kinds.get(kind) ?? parts.find(([pattern]) => pattern.test(sql))?.[1]
    if (what !== undefined) return `Line ${range.line} changes ${what}, which the catalogs that are compared leave out.`
    // Sequences, and sessions of their own.
    if (effects.beyond.length > 0)
      return `Line ${range.line} calls ${effects.beyond.join(', ')}, and what that does is not compared.`
  }
  return undefined
}
