import type { Failure } from '../errors.ts'
import { type Finding, type Severity, severities } from '../rules/finding.ts'

/**
 * Findings as workflow commands, which GitHub shows at the line of the pull request or commit. It keeps ten annotations
 * of each type per step, and the runner cuts a message at 4,096 characters (actions/runner 2.336, ExecutionContext.cs).
 */
const annotationsPerType = 10
const messageCharacters = 4_096
const titleCharacters = 255

export interface Annotation {
  readonly severity: Severity
  readonly title: string
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

export function toWorkflowCommand(annotation: Annotation): string {
  const { severity, title, message, ...place } = annotation
  const properties = { file: place.file, line: place.line, col: place.column, title: clip(title, titleCharacters) }
  const given = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}=${escapeProperty(String(value))}`],
  )
  return `::${severity}${given.length === 0 ? '' : ` ${given.join(',')}`}::${escapeData(clip(message, messageCharacters))}`
}

/** `file` of a finding must be relative to the repository's root, or GitHub shows it at no line. */
export function annotateFindings(findings: readonly Finding[]): readonly string[] {
  return severities.flatMap((severity) => {
    const all = findings.filter((finding) => finding.severity === severity)
    // One error is kept free: the refusal or failure that ends the step is an annotation too.
    const room = severity === 'error' ? annotationsPerType - 1 : annotationsPerType
    if (all.length <= room) return all.map((finding) => toWorkflowCommand(fromFinding(finding)))
    // GitHub drops what is above the limit without a word, so the last one says how many there are.
    const shown = all.slice(0, room - 1)
    const rest = all.length - shown.length
    return [
      ...shown.map((finding) => toWorkflowCommand(fromFinding(finding))),
      toWorkflowCommand({
        severity,
        title: `Airlock: ${rest} more`,
        message: `${rest} more of ${all.length} findings of severity "${severity}" are in the summary of this step.`,
      }),
    ]
  })
}

export function annotateFailure(failure: Omit<Failure, 'code'> & { readonly code: string }): string {
  const next = failure.next.map((step) => `- ${step}`).join('\n')
  return toWorkflowCommand({
    severity: 'error',
    title: `Airlock: ${failure.code}`,
    message: [failure.what, failure.why, next].filter((part) => part !== '').join('\n'),
  })
}

function fromFinding(finding: Finding): Annotation {
  return {
    severity: finding.severity,
    title: `Airlock: ${finding.rule}`,
    message: [finding.message, finding.why, `Instead:\n${finding.instead}`].join('\n\n'),
    file: finding.file,
    line: finding.line,
    column: finding.column,
  }
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
