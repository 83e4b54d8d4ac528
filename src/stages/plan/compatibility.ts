import { plural } from '../../report/words.ts'
import type { Finding } from '../../rules/finding.ts'
import type { Run, StageReport } from '../../run.ts'
import type { Base } from './running-release.ts'

/** Says in the report whether anybody asked what the running release still uses, and what came of it. */
export async function recordCompatibility(run: Run, base: Base, findings: readonly Finding[]): Promise<void> {
  if (base.kind === 'not-checked') run.skip('compatibility', base.because)
  else
    await run.stage(
      'compatibility',
      async () => compatibilityReport(base, findings),
      (report) => report,
    )
}

export function compatibilityReport(
  { running, commit }: Extract<Base, { kind: 'read' }>,
  findings: readonly Finding[],
): StageReport {
  const { ref, schema } = running
  const detail = { ref, commit, models: schema.models.length }
  const release = `the release at ${ref} (${commit.slice(0, 12)}, ${plural(schema.models.length, 'model')})`
  const [problem] = schema.problems
  if (problem !== undefined) {
    const place = `${problem.file}:${problem.line} ${problem.text}`
    return { outcome: 'unknown', summary: `the schema of ${release} could not be read to the end: ${place}`, detail }
  }
  const count = findings.filter(
    ({ rule, severity }) => rule === 'breaks-running-release' && severity !== 'notice',
  ).length
  return count === 0
    ? { outcome: 'pass', summary: `nothing that ${release} uses is taken away`, detail }
    : { outcome: 'fail', summary: `${plural(count, 'finding')} about what ${release} still uses`, detail }
}
