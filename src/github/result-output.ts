import type { RunResult } from '../result.ts'

/**
 * An output may be longer, but a step that takes it into its environment may not: Linux refuses a variable above
 * 128 KiB (MAX_ARG_STRLEN, `execve(2)`), and the step dies with "Argument list too long".
 */
const resultOutputBytes = 120 * 1024

type Cut = (result: RunResult) => RunResult

/** What goes first is what the report repeats in full: SQL, then effects, then findings beyond the first ten. */
const cuts: readonly (readonly [left: string, cut: Cut])[] = [
  ['migrations.statements.sql', (result) => mapStatements(result, (statement) => ({ ...statement, sql: '' }))],
  ['rehearsal', ({ rehearsal: _rehearsal, ...result }) => result],
  ['migrations.statements', (result) => ({ ...result, migrations: result.migrations.map(withoutStatements) })],
  ['stages.detail', (result) => ({ ...result, stages: result.stages.map((stage) => ({ ...stage, detail: {} })) })],
  ['findings', (result) => ({ ...result, findings: result.findings.slice(0, 10) })],
  ['findings', (result) => ({ ...result, findings: [] })],
  ['allowed', (result) => ({ ...result, allowed: [] })],
  ['migrations', (result) => ({ ...result, migrations: [] })],
]

/** The JSON result as an output can hold it. `truncated` names what was left out, so that empty never reads as none. */
export function resultOutput(result: RunResult, limit: number = resultOutputBytes): string {
  let cut = result
  const truncated = new Set<string>()
  let text = JSON.stringify(result)
  for (const [left, apply] of cuts) {
    if (Buffer.byteLength(text) <= limit) return text
    cut = apply(cut)
    truncated.add(left)
    text = JSON.stringify({ ...cut, truncated: [...truncated] })
  }
  if (Buffer.byteLength(text) <= limit) return text
  const { schemaVersion, command, outcome, reasonCode, digest } = result
  return JSON.stringify({ schemaVersion, command, outcome, reasonCode, digest, truncated: ['everything else'] })
}

type Migration = RunResult['migrations'][number]
type Statement = Migration['statements'][number]

function mapStatements(result: RunResult, change: (statement: Statement) => Statement): RunResult {
  return {
    ...result,
    migrations: result.migrations.map((each) => ({ ...each, statements: each.statements.map(change) })),
  }
}

function withoutStatements(migration: Migration): Migration {
  return { ...migration, statements: [] }
}
