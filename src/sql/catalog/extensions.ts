/** What belongs to an extension, and is dropped with it. */

import type { ChangeOf, ExtensionMember } from './change.ts'
import type { CatalogDraft } from './draft.ts'
import type { Extension } from './model.ts'

export function changeMembers(
  draft: CatalogDraft,
  { kind, extension: name, member }: ChangeOf<'join-extension' | 'leave-extension'>,
): void {
  const known = draft.extensions.get(name) ?? unseenExtension(name, undefined)
  const others = known[member.kind].filter((one) => one !== member.name)
  const members = kind === 'join-extension' ? [...others, member.name] : others
  draft.extensions.set(name, { ...known, [member.kind]: members })
}

export function renameMember(draft: CatalogDraft, kind: ExtensionMember['kind'], from: string, to: string): void {
  for (const [name, extension] of draft.extensions) {
    const schema = kind === 'schemas' && extension.schema === from ? to : extension.schema
    const members = extension[kind].map((one) => (one === from ? to : one))
    draft.extensions.set(name, { ...extension, schema, [kind]: members })
  }
}

/** What it brings, nobody has seen. */
export function unseenExtension(name: string, schema: string | undefined): Extension {
  return { name, schema, requires: [], relations: [], types: [], schemas: [], complete: false }
}
