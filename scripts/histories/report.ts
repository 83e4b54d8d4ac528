import type { JudgedHistory, JudgedStatement } from './judge.ts'

const aspects = ['locks', 'rewrites', 'scans', 'tables', 'columns', 'rows'] as const
type Aspect = (typeof aspects)[number]

export interface Totals {
  readonly histories: number
  readonly migrations: number
  readonly statements: number
  readonly unknown: number
  readonly refused: number
  readonly aboutNewTables: number
  /** Statements in which that aspect was told wrongly. */
  readonly wrong: Readonly<Record<Aspect, number>>
  /** Tables and columns that were lost, and not by what the model said. */
  readonly lossesUnsaid: number
}

export function totalsOf(histories: readonly JudgedHistory[]): Totals {
  const judged = histories.flatMap((history) => history.judged)
  const count = (matches: (one: JudgedStatement) => boolean) => judged.filter(matches).length
  const sum = (of: (history: JudgedHistory) => number) => histories.reduce((total, history) => total + of(history), 0)
  return {
    histories: histories.length,
    migrations: sum(({ migrations }) => migrations),
    statements: judged.length,
    unknown: count(({ verdict }) => verdict.kind === 'unknown'),
    refused: sum(({ refused }) => refused.length),
    aboutNewTables: sum(({ aboutNewTables }) => aboutNewTables.length),
    wrong: Object.fromEntries(aspects.map((aspect) => [aspect, count((one) => differsIn(one, aspect))])) as Record<
      Aspect,
      number
    >,
    lossesUnsaid: count(losesUnsaid),
  }
}

function differsIn({ verdict }: JudgedStatement, aspect: Aspect): boolean {
  return verdict.kind === 'differs' && JSON.stringify(verdict.said[aspect]) !== JSON.stringify(verdict.seen[aspect])
}

function losesUnsaid({ verdict }: JudgedStatement): boolean {
  if (verdict.kind !== 'differs') return false
  const { said, seen } = verdict
  return (
    seen.tables.some((name) => !said.tables.includes(name)) || seen.columns.some((name) => !said.columns.includes(name))
  )
}

/** Of the statements about which the model says something. */
export function agreement(totals: Totals, aspect: Aspect): number {
  const known = totals.statements - totals.unknown
  return known === 0 ? 0 : (100 * (known - totals.wrong[aspect])) / known
}

const leastAgreement = 99.5

export function stands(totals: Totals): boolean {
  return agreement(totals, 'locks') >= leastAgreement && totals.lossesUnsaid === 0 && totals.aboutNewTables === 0
}

export function summary(totals: Totals): string {
  const { histories, migrations, statements, unknown, refused, aboutNewTables, lossesUnsaid } = totals
  const known = statements - unknown
  return [
    `${statements} statements of ${migrations} migrations of ${histories} histories were applied; the server refused ${refused} more`,
    `unknown to the model: ${unknown} (${((100 * unknown) / statements).toFixed(2)} %)`,
    ...aspects.map(
      (aspect) =>
        `${aspect}: ${known - totals.wrong[aspect]} of ${known} agree (${agreement(totals, aspect).toFixed(2)} %)`,
    ),
    `lost tables and columns that were not reported: ${lossesUnsaid}`,
    `findings about the size of a table that the same file creates: ${aboutNewTables}`,
  ].join('\n')
}

/** Everything in which the two differ, by history, then what was unknown and what the server refused. */
export function details(histories: readonly JudgedHistory[]): string {
  return histories.flatMap((history) => [`# ${history.name}`, ...detailsOf(history), '']).join('\n')
}

function detailsOf({ judged, refused, aboutNewTables }: JudgedHistory): readonly string[] {
  return [
    ...judged.flatMap(({ migration, line, sql, verdict }) => {
      const where = `${migration}:${line}`
      const text = sql.replaceAll(/\s+/g, ' ').slice(0, 400)
      if (verdict.kind === 'agrees') return []
      if (verdict.kind === 'unknown') return [`unknown ${where} ${verdict.because}\n    ${text}`]
      const differences = aspects
        .filter((aspect) => differsIn({ migration, line, sql, verdict }, aspect))
        .map(
          (aspect) =>
            `    ${aspect}: said ${JSON.stringify(verdict.said[aspect])}, seen ${JSON.stringify(verdict.seen[aspect])}`,
        )
      return [`differs ${where}\n    ${text}`, ...differences]
    }),
    ...refused.map((one) => `refused ${one}`),
    ...aboutNewTables.map((one) => `about a new table ${one}`),
  ]
}
