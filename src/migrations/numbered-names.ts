/** Which files of a folder of plain SQL are migrations, by their names alone, and in which order they go. */

export interface NumberedFile {
  /** Without `.sql`. */
  readonly name: string
  readonly fileName: string
  /** What comes first in the name: `0007`, `20240131120000`, `2024-01-31`. */
  readonly number: readonly bigint[]
}

export type JudgedName =
  | { readonly kind: 'migration'; readonly file: NumberedFile }
  /** Takes something back, or belongs to nobody; never applied, and said. */
  | { readonly kind: 'left-out'; readonly because: string }
  | { readonly kind: 'other' }

export function judgeName(fileName: string): JudgedName {
  if (!/\.sql$/i.test(fileName)) return { kind: 'other' }
  if (/\.(?:down|undo|rollback)\.sql$/i.test(fileName))
    return { kind: 'left-out', because: 'takes a migration back, so it is not applied' }
  const digits = /^\d+(?:[-_.]\d+(?=[-_.]))*/.exec(fileName)?.[0]
  if (digits === undefined) return { kind: 'left-out', because: 'does not begin with a number, so it is not applied' }
  const number = digits.split(/[-_.]/).map(BigInt)
  return { kind: 'migration', file: { name: fileName.slice(0, -'.sql'.length), fileName, number } }
}

export function compareNumbers({ number: a }: NumberedFile, { number: b }: NumberedFile): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left = -1n, right = -1n] = [a[index], b[index]]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

const supabaseName = /^([0-9]+)_(.*)\.sql$/
/** What the CLI wrote before December 2021 and does not apply (supabase/cli, pkg/migration/list.go). */
const oldInit = /^([0-9]{14})_init\.sql$/

/** As the Supabase CLI reads its folder: by name, and what does not fit is passed over. `version` is what it records. */
export function judgeSupabaseName(fileName: string, isFirst: boolean): JudgedName & { readonly version?: string } {
  const version = supabaseName.exec(fileName)?.[1]
  if (version === undefined) {
    if (!/\.sql$/i.test(fileName)) return { kind: 'other' }
    return { kind: 'left-out', because: 'is not called `<timestamp>_name.sql`, so the Supabase CLI does not apply it' }
  }
  const old = oldInit.exec(fileName)?.[1]
  if (isFirst && old !== undefined && BigInt(old) < 20211209000000n)
    return { kind: 'left-out', because: 'is the first of an old project, which the Supabase CLI does not apply' }
  const name = fileName.slice(0, -'.sql'.length)
  return { kind: 'migration', file: { name, fileName, number: [BigInt(version)] }, version }
}
