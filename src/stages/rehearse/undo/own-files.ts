import { basename, dirname, join } from 'node:path'
import { FailureError, fail, messageOf } from '../../../errors.ts'
import { errnoOf } from '../../../migrations/errno.ts'
import { shownPath } from '../../../migrations/folder.ts'
import type { SourceKind } from '../../../migrations/source.ts'
import { readRegularText } from '../../../regular-file.ts'

export interface MigrationPlace {
  readonly kind: SourceKind
  readonly root: string
  readonly migrationsPath: string
  readonly migration: { readonly name: string; readonly path: string }
}

export interface OwnUndo {
  readonly path: string
  /** As reports name it. */
  readonly file: string
  readonly sql: string
}

/**
 * Where people keep the way back, the place of a generated one first: `down.sql` in the folder as Prisma's documentation has it,
 * `NAME.down.sql` beside the file, or a folder `rollbacks`. The Supabase CLI takes every `<number>_….sql` in its folder for a
 * migration, so there it can only be elsewhere.
 */
export function placesOf({ kind, root, migrationsPath, migration }: MigrationPlace): readonly string[] {
  const { name, path } = migration
  const base = name.replace(/\.up$/i, '')
  const beside =
    kind === 'prisma'
      ? ['down.sql', 'rollback.sql', 'undo.sql'].map((file) => join(path, file))
      : ['down', 'undo', 'rollback'].map((word) => join(path, `${base}.${word}.sql`))
  const folders = [...new Set([join(dirname(migrationsPath), 'rollbacks'), join(root, 'rollbacks')])]
  const apart = folders.flatMap((folder) => [`${base}_rollback.sql`, `${base}.sql`].map((file) => join(folder, file)))
  return kind === 'supabase' ? apart : [...beside, ...apart]
}

/** All there are, in that order: the first one counts. */
export async function findOwn(place: MigrationPlace): Promise<readonly OwnUndo[]> {
  const found: OwnUndo[] = []
  for (const path of placesOf(place)) {
    const file = shownPath(place.root, path)
    try {
      found.push({ path, file, sql: await readRegularText(path) })
    } catch (error) {
      if (error instanceof FailureError || (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR')) {
        throw unreadable(file, messageOf(error))
      }
    }
  }
  return found
}

function unreadable(file: string, why: string): FailureError {
  return fail('UNDO.UNREADABLE', {
    what: `\`${basename(file)}\`, the way back of a migration, cannot be read: \`${file}\`.`,
    why,
    next: [`Check what it is and who may read it: ls -ld ${file}`],
  })
}
