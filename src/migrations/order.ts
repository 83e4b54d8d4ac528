/**
 * The order in which Prisma applies. From 6.6 on the CLI reads the folder itself and sorts with `localeCompare`
 * (packages/migrate/src/utils/listMigrations.ts), so `_` comes before digits and letters ignore case; before that the
 * engine sorted by bytes. Names that begin with a full timestamp sort the same in both.
 */
export type MigrationOrder = 'locale' | 'bytes'

export function orderOf(prismaVersion: string | undefined): MigrationOrder {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(prismaVersion ?? '') ?? []
  return major === '6' && Number(minor) < 6 ? 'bytes' : 'locale'
}

export function compareNames(order: MigrationOrder): (a: string, b: string) => number {
  return order === 'locale' ? (a, b) => a.localeCompare(b) : compareBytes
}

/** UTF-8 sorts like its code points, which UTF-16 does not above U+FFFF. */
function compareBytes(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** The first pair of neighbours that another version of Prisma, or another locale, would apply the other way round. */
export function disputedPair(names: readonly string[]): readonly [string, string] | undefined {
  const byLocale = names.toSorted(compareNames('locale'))
  const byBytes = names.toSorted(compareNames('bytes'))
  const index = byLocale.findIndex((name, position) => name !== byBytes[position])
  const [first, second] = [byLocale[index], byBytes[index]]
  return first === undefined || second === undefined ? undefined : [first, second]
}
