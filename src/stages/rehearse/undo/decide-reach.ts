import { fileStatements } from '../../../migrations/execution-statements.ts'
import { reachesOut } from '../trace/decide-step.ts'

/**
 * Why somebody's own way back is not run on every deploy's copy: what it would do elsewhere no ROLLBACK takes back. Strings and
 * bodies are looked through as well; functions that it calls are not.
 */
export function whyReachesOut(sql: string): string | undefined {
  for (const statement of fileStatements(sql)) {
    const reaches = reachesOut(statement.words)
    if (reaches !== undefined) return reaches
    if (/\b(?:CREATE|ALTER|DROP)\s+SUBSCRIPTION\b/i.test(statement.sql))
      return 'a SUBSCRIPTION speaks to another server'
    if (/\bdblink\w*"?\s*\(/i.test(statement.sql)) return 'dblink() speaks to another server'
    // PROGRAM runs a command and TO writes a file, both of the machine that the copy is on (manual, COPY).
    if (/\bCOPY\b[\s\S]*\bPROGRAM\b/i.test(statement.sql)) return 'COPY … PROGRAM runs a command'
    if (/\bCOPY\b[\s\S]*\bTO\s+(?:E|U&)?'/i.test(statement.sql)) return 'COPY … TO writes a file'
  }
  return undefined
}
