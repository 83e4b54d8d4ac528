import { readFileSync } from 'node:fs'
import type { Observed } from '../sql/effects-truth/observe.ts'

/** What servers were seen to do with one statement: the majors that behaved alike stand together. */
export type Seen = { readonly majors: readonly number[] } & (Observed | { readonly error: string })

export interface TruthRow {
  readonly sql: string
  readonly seen: readonly Seen[]
}

export const matrixFile = new URL('matrix.json', import.meta.url)

export function readMatrix(): readonly TruthRow[] {
  return JSON.parse(readFileSync(matrixFile, 'utf8')) as readonly TruthRow[]
}

export type Answer = Observed | { readonly error: string }

/** By major, in the order in which they were asked. */
export function rowOf(sql: string, answers: readonly (readonly [major: number, answer: Answer])[]): TruthRow {
  const groups = new Map<string, { majors: number[]; answer: Answer }>()
  for (const [major, answer] of answers) {
    const key = JSON.stringify(answer)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { majors: [major], answer })
    else group.majors.push(major)
  }
  return { sql, seen: [...groups.values()].map(({ majors, answer }) => ({ majors, ...answer })) }
}

/** Sorted, with a line per statement and one per group of majors that behave alike: made to be read as a diff. */
export function matrixText(rows: readonly TruthRow[]): string {
  const lines = rows
    .toSorted((one, other) => (one.sql < other.sql ? -1 : 1))
    .map(({ sql, seen }) => {
      const observations = seen.map((one) => `    ${JSON.stringify(withoutEmpty(one))}`).join(',\n')
      return `  { "sql": ${JSON.stringify(sql)}, "seen": [\n${observations}\n  ] }`
    })
  return `[\n${lines.join(',\n')}\n]\n`
}

function withoutEmpty(seen: Seen): object {
  return Object.fromEntries(Object.entries(seen).filter(([, value]) => !Array.isArray(value) || value.length > 0))
}

/** With the empty lists that the file leaves out. */
export function observedIn(seen: Seen): Observed | undefined {
  if ('error' in seen) return undefined
  return {
    locks: seen.locks ?? [],
    rewrites: seen.rewrites ?? [],
    scans: seen.scans ?? [],
    tables: seen.tables ?? [],
    columns: seen.columns ?? [],
    rows: seen.rows ?? [],
  }
}
