import type { Manifest } from '../manifest.ts'

/** A place where backups are kept: a backup is there once its manifest is, and the manifest comes last and goes first. */
export interface BackupStore {
  /** For messages: no credentials. */
  readonly describe: string
  put(backup: LocalBackup): Promise<void>
  list(): Promise<StoreListing>
  /** Into a folder of this machine; gives the path of the manifest there. Every byte was compared with the manifest. */
  fetch(name: string, into: string): Promise<string>
  remove(backup: StoredBackup): Promise<void>
}

export interface LocalBackup {
  /** NAME.manifest.json; its files lie beside it. */
  readonly manifestPath: string
  readonly manifest: Manifest
}

export interface StoredBackup {
  readonly name: string
  readonly manifest: Manifest
}

export interface StoreListing {
  readonly backups: readonly StoredBackup[]
  /** Named like manifests of ours, and not to be understood: nobody removes them. */
  readonly unreadable: readonly { readonly file: string; readonly because: string }[]
  /** A file of theirs is gone or has another size: nothing to rely on, and nothing to remove without being asked. */
  readonly damaged: readonly { readonly file: string; readonly because: string }[]
  /** Removals that were begun and not finished: their manifests are gone already. */
  readonly halfRemoved: readonly StoredBackup[]
  /** Named like files of ours, without a manifest: an upload that is under way or was cut off. */
  readonly withoutManifest: readonly string[]
  /** Everything else that lies there. Not ours, so not looked into. */
  readonly strangers: number
}

export interface StoreAccess {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}
