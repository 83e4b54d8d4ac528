import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Manifest } from './manifest.ts'

/**
 * SHA-256 over everything in a manifest but the checksum itself, keys sorted: a tool that lays out the JSON anew changes
 * nothing, anything else does. Against damage and edits by mistake; whoever wants to forge one computes it anew.
 */
export function checksumOf(manifest: Readonly<Record<string, unknown>>): string {
  const { checksum: _, ...rest } = manifest
  // Not node:crypto: the core reads manifests too. It is the package that age-encryption hashes with.
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(sorted(rest)))))
}

/** The last step of making a manifest: with its checksum. */
export function withChecksum(said: Omit<Manifest, 'checksum'>): Manifest {
  return { ...said, checksum: checksumOf({ ...said }) }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]).toSorted(byKey))
}

function byKey([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1
}
