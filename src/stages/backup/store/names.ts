import type { Manifest } from '../manifest.ts'
import { parseManifest } from '../parse-manifest.ts'

/**
 * Which names in a store are ours. A manifest is only believed about files that carry its own name: one that was edited,
 * or written by somebody else, must not be able to have anything else read, sent or removed. Pure.
 */

/** As nameBackup makes them, see backup/decide.ts. */
const backupName = /^[A-Za-z0-9_-]+-\d{8}T\d{6}Z(?:-\d+)?$/
const ending = { manifest: '.manifest.json', removing: '.manifest.removing.json' } as const

export function manifestFile(name: string): string {
  return `${name}${ending.manifest}`
}

/** The manifest under another name, from the moment a removal begins until all files are gone. */
export function removingFile(name: string): string {
  return `${name}${ending.removing}`
}

export type FileKind =
  | { readonly kind: 'manifest'; readonly name: string }
  | { readonly kind: 'removing'; readonly name: string }
  | { readonly kind: 'part'; readonly name: string }
  | { readonly kind: 'stranger' }

export function kindOfFile(file: string): FileKind {
  for (const kind of ['manifest', 'removing'] as const) {
    const name = file.endsWith(ending[kind]) ? file.slice(0, -ending[kind].length) : ''
    if (backupName.test(name)) return { kind, name }
  }
  const at = file.indexOf('.dump')
  const name = file.slice(0, Math.max(at, 0))
  return backupName.test(name) && isPartOf(name, file.replace(/\/$/, ''))
    ? { kind: 'part', name }
    : { kind: 'stranger' }
}

/** NAME.dump, NAME.dump.age, NAME.dump/toc.dat: at most one folder, and no way out of it. */
export function isPartOf(name: string, file: string): boolean {
  if (!file.startsWith(`${name}.dump`)) return false
  const rest = file.slice(`${name}.dump`.length)
  return /^(?:\.[A-Za-z0-9]+)*(?:\/(?!\.+$)[^/\\\0]+)?$/.test(rest)
}

export type OwnManifest =
  | { readonly kind: 'ok'; readonly manifest: Manifest }
  | { readonly kind: 'unreadable'; readonly because: string }

/** `text` was read from the file of the backup `name`. */
export function readOwnManifest(text: string, name: string): OwnManifest {
  const parsed = parseManifest(text, manifestFile(name))
  if (parsed.kind === 'invalid') return { kind: 'unreadable', because: parsed.failure.why }
  return checkOwn(parsed.manifest, name)
}

export function checkOwn(manifest: Manifest, name: string): OwnManifest {
  if (!backupName.test(name)) return { kind: 'unreadable', because: `\`${name}\` is not the name of a backup` }
  if (manifest.name !== name) {
    return { kind: 'unreadable', because: `it describes the backup \`${manifest.name}\`` }
  }
  const foreign = manifest.files.find((file) => !isPartOf(name, file.name))
  if (foreign !== undefined) {
    return { kind: 'unreadable', because: `it names the file \`${foreign.name}\`, which does not belong to it` }
  }
  const names = manifest.files.map((file) => file.name)
  if (new Set(names).size !== names.length) return { kind: 'unreadable', because: 'it names a file twice' }
  return { kind: 'ok', manifest }
}
