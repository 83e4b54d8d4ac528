/** How much two names have in common, from 0 to 1: shared pairs of letters, whatever the case and the separators. */
export function similarity(one: string, other: string): number {
  const left = pairsOf(one)
  const right = pairsOf(other)
  if (left.length === 0 || right.length === 0) return 0
  const rest = [...right]
  let shared = 0
  for (const pair of left) {
    const at = rest.indexOf(pair)
    if (at === -1) continue
    rest.splice(at, 1)
    shared += 1
  }
  return (2 * shared) / (left.length + right.length)
}

function pairsOf(name: string): readonly string[] {
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) => letters.slice(index, index + 2))
}
