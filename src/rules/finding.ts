export const severities = ['notice', 'warning', 'error'] as const
export type Severity = (typeof severities)[number]

/** Something a rule has to say about a statement. A result, not an error. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly migration: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** What is blocked or lost, in one sentence with the user's own names. */
  readonly message: string
  readonly why: string
  /** SQL or a way that can be pasted. */
  readonly instead: string
  readonly docs: string
  /** The table whose size decides how long it takes, `schema.name`; absent where no single table does. */
  readonly relation?: string | undefined
}

/** A finding that a comment in the migration silenced: it stays in the report, with the reason. */
export interface AllowedFinding extends Pick<Finding, 'rule' | 'severity' | 'migration' | 'file' | 'line' | 'message'> {
  readonly reason: string
}
