import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const rulesFolder = fileURLToPath(new URL('../../src/rules/', import.meta.url))

export interface RuleCase {
  readonly rule: string
  readonly file: string
  readonly sql: string
  /** The lines the rule has to speak about, in order; a line twice for two findings. */
  readonly lines: readonly number[]
  /** What was migrated before: one earlier migration. */
  readonly before: string
  /** What is judged with it and comes later: one more migration. */
  readonly after: string
  /** The migration that is applied and newer. */
  readonly lateBehind: string | undefined
  readonly execution: 'batch' | 'split' | undefined
  /** The Prisma schema of the release that is running; empty where there is none. */
  readonly running: string
}

export function ruleFolders(): readonly string[] {
  return readdirSync(rulesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

export function ruleCases(rule: string): readonly RuleCase[] {
  const folder = `${rulesFolder}${rule}/cases/`
  return readdirSync(folder)
    .toSorted()
    .map((file) => parseCase(rule, file, readFileSync(`${folder}${file}`, 'utf8')))
}

/** A file whose first line does not say what is expected is an error, so that none is skipped by a slip. */
export function parseCase(rule: string, file: string, sql: string): RuleCase {
  const [first = '', ...rest] = sql.replace(/^\uFEFF/, '').split('\n')
  const said = (name: string) =>
    rest.flatMap((line) => (line.startsWith(`-- ${name}: `) ? [line.slice(name.length + 5)] : []))
  const [execution] = said('execution')
  if (execution !== undefined && execution !== 'batch' && execution !== 'split') {
    throw new Error(`${rule}/cases/${file}: execution is batch or split, not ${execution}`)
  }
  return {
    rule,
    file,
    sql,
    lines: expectedLines(rule, file, first.trim()),
    before: said('before').join('\n'),
    after: said('after').join('\n'),
    lateBehind: said('late behind')[0],
    running: said('running').join('\n'),
    execution,
  }
}

function expectedLines(rule: string, file: string, first: string): readonly number[] {
  if (first === '-- expect: none') return []
  const match = /^-- expect: (\d+) findings? at lines? (\d+(?:, \d+)*)$/.exec(first)
  const lines = match?.[2]?.split(', ').map(Number) ?? []
  if (match === null || lines.length !== Number(match[1])) {
    throw new Error(
      `${rule}/cases/${file}: the first line must be "-- expect: none" or "-- expect: 2 findings at lines 3, 5"`,
    )
  }
  return lines
}
