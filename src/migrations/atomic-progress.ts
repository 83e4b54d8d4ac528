import type { Sha256 } from '../ports.ts'
import { type AtomicStep, fileInSteps } from './atomic-steps.ts'
import type { HistoryRow } from './history.ts'
import type { Migration } from './migration.ts'

/**
 * How far a file came that is not one transaction. It stands in `logs` of its row, the one column that Prisma only shows to
 * people (P3009) and never reads, and is committed together with the step that it speaks of.
 */
export interface AtomicProgress {
  /** The end of the last step that is in force, in bytes of the file. */
  readonly doneBytes: number
  /** SHA-256 of the file up to there: what comes behind may be corrected, what is in force may not be another text. */
  readonly doneChecksum: string
  /** A step that is no transaction was begun, and whether it is in force is for the catalog to say. */
  readonly begun: SeenBefore | undefined
}

/** What was there when the step began, so that what it left behind can be told from what others made. */
export interface SeenBefore {
  /** Of the table that gets an index: all its indexes, by their OID. */
  readonly indexes: readonly number[]
  /** Of the whole database. */
  readonly invalid: readonly number[]
  /** Whether there was what it takes away. */
  readonly there: boolean
  /** SHA-256 of its text: what is seen later says nothing about another statement. */
  readonly statement: string
}

const mark = 'airlock-progress: '

export function progressText(progress: AtomicProgress, forPeople: string): string {
  return `${forPeople}\n${mark}${JSON.stringify(progress)}`
}

/** Ours, whether it can be read or not: what Prisma’s own rows mean does not hold for it. */
export function hasProgress(logs: string): boolean {
  return logs.split('\n').some((one) => one.startsWith(mark))
}

export function progressIn(logs: string): AtomicProgress | undefined {
  const line = logs.split('\n').find((one) => one.startsWith(mark))
  if (line === undefined) return undefined
  try {
    return asProgress(JSON.parse(line.slice(mark.length)))
  } catch {
    return undefined
  }
}

function asProgress(value: unknown): AtomicProgress | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { doneBytes, doneChecksum, begun } = value as Readonly<Record<string, unknown>>
  if (typeof doneBytes !== 'number' || typeof doneChecksum !== 'string') return undefined
  if (begun === undefined) return { doneBytes, doneChecksum, begun: undefined }
  const { indexes, invalid, there, statement } = begun as Readonly<Record<string, unknown>>
  if (!isNumbers(indexes) || !isNumbers(invalid) || typeof there !== 'boolean' || typeof statement !== 'string')
    return undefined
  return { doneBytes, doneChecksum, begun: { indexes, invalid, there, statement } }
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number')
}

/** A migration of which a part is in force. */
export interface ResumePoint {
  /** Of its row in the history. */
  readonly rowId: string
  /** How many of its steps are in force. */
  readonly doneSteps: number
  readonly doneStatements: number
  readonly doneBytes: number
  readonly begun: SeenBefore | undefined
}

export type Resumption =
  | { readonly kind: 'resumable'; readonly point: ResumePoint; readonly steps: readonly AtomicStep[] }
  | { readonly kind: 'not-resumable'; readonly because: string }

/** Where the next run goes on; `undefined` for a row that is not of ours. */
export function resumptionOf(
  row: Pick<HistoryRow, 'id' | 'logs'>,
  migration: Pick<Migration, 'sql'> | undefined,
  sha256: Sha256,
): Resumption | undefined {
  const progress = progressIn(row.logs)
  if (progress === undefined)
    return hasProgress(row.logs) ? { kind: 'not-resumable', because: 'how far it came cannot be read' } : undefined
  if (migration === undefined) return { kind: 'not-resumable', because: 'the folder no longer has it' }
  const { doneBytes, doneChecksum, begun } = progress
  const doneText = Buffer.from(migration.sql).subarray(0, doneBytes)
  if (sha256(doneText.toString()) !== doneChecksum)
    return { kind: 'not-resumable', because: 'the part of the file that is in force was changed since' }
  const file = fileInSteps(migration.sql)
  if (file.kind === 'unsupported') return { kind: 'not-resumable', because: `it has ${file.what}` }
  const doneSteps = doneBytes === 0 ? 0 : file.steps.findIndex(({ endByte }) => endByte === doneBytes) + 1
  const done = file.steps.slice(0, doneSteps)
  if (doneBytes > 0 && doneSteps === 0)
    return { kind: 'not-resumable', because: 'what is in force ends in the middle of a statement of the file' }
  if (!file.resumable && doneSteps > 0)
    return { kind: 'not-resumable', because: 'it uses temporary tables or cursors, which ended with their session' }
  if (done.some(({ steers }) => steers))
    return { kind: 'not-resumable', because: 'what is in force may have said something to its session, which is gone' }
  const next = file.steps[doneSteps]
  if (begun !== undefined && (next?.kind !== 'alone' || !tellsItself(next.what)))
    return {
      kind: 'not-resumable',
      because: `whether ${next?.kind === 'alone' ? next.what : 'the statement that was begun'} is in force cannot be told`,
    }
  if (begun !== undefined && next?.kind === 'alone' && sha256(next.piece.sql) !== begun.statement)
    return { kind: 'not-resumable', because: 'the statement that was begun and not finished was changed since' }
  const doneStatements = done.reduce((sum, { count }) => sum + count, 0)
  return { kind: 'resumable', point: { rowId: row.id, doneSteps, doneStatements, doneBytes, begun }, steps: file.steps }
}

/** The catalog shows whether it is in force, or doing it again does no harm. */
export function tellsItself(what: string): boolean {
  return /^(CREATE INDEX|DROP INDEX|REINDEX|VACUUM|CLUSTER|ALTER SYSTEM|ALTER DATABASE|ALTER TABLE)/.test(what)
}

/** The file as it is still to be applied: what is in force is blank, and every line is where it was. */
export function withoutDone(sql: string, { doneBytes }: Pick<ResumePoint, 'doneBytes'>): string {
  const bytes = Buffer.from(sql)
  return blank(bytes.subarray(0, doneBytes)) + bytes.subarray(doneBytes).toString()
}

function blank(bytes: Uint8Array): string {
  return Buffer.from(bytes.map((byte) => (byte === 0x0a ? byte : 0x20))).toString()
}
