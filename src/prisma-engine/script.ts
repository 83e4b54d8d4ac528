import type { ExecutableModel, Piece } from '../migrations/execution-model.ts'
import { textField } from './failures.ts'

/** A migration.sql that the server refused, in the words for the user and for the `logs` column of the history table. */
export interface ScriptFailure {
  readonly sqlState: string | undefined
  readonly severity: string
  readonly message: string
  /** Message, place and details. */
  readonly report: string
}

/** Sends the pieces in order; the first that fails is the last that was sent. */
export async function runScript(
  model: ExecutableModel,
  script: string,
  send: (sql: string) => Promise<void>,
): Promise<ScriptFailure | undefined> {
  for (const piece of model.pieces) {
    try {
      await send(piece.sql)
    } catch (thrown) {
      return failureOf(thrown instanceof Error ? thrown : new Error(String(thrown)), script, piece)
    }
  }
  return undefined
}

export function failureOf(error: Error, script: string, piece: Piece): ScriptFailure {
  const severity = textField(error, 'severity') ?? 'ERROR'
  const position = Number(textField(error, 'position'))
  const parts = [`${severity}: ${error.message}`]
  if (Number.isInteger(position) && position > 0) parts.push(place(script, piece, position))
  for (const [name, label] of [
    ['detail', 'DETAIL'],
    ['hint', 'HINT'],
    ['where', 'CONTEXT'],
  ] as const) {
    const text = textField(error, name)
    if (text !== undefined) parts.push(`${label}: ${text}`)
  }
  return { sqlState: textField(error, 'code'), severity, message: error.message, report: parts.join('\n\n') }
}

const linesBefore = 5

/** The server counts characters in the text it was sent; a reader wants the line of the file and those above it. */
function place(script: string, piece: Piece, position: number): string {
  const file = Buffer.from(script)
  const before = Buffer.from([...piece.sql].slice(0, position - 1).join('')).length
  const line = countLines(file.subarray(0, piece.startByte + before))
  const lines = script.split('\n')
  const shown = lines.slice(Math.max(0, line - linesBefore), line + 1)
  const first = line - shown.length + 1
  const numbered = shown.map((text, index) => `${String(first + index + 1).padStart(3)} ${text}`.trimEnd())
  return `Position:\n${numbered.join('\n')}`
}

function countLines(bytes: Buffer): number {
  return bytes.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0)
}

/** Prisma's P3018 with the labels that people and programs look for. */
export function failedMigrationMessage(migration: string, failure: ScriptFailure): string {
  return [
    `The migration \`${migration}\` failed, and no further one is applied before that is resolved (https://pris.ly/d/migrate-resolve).`,
    `Migration name: ${migration}`,
    `Database error code: ${failure.sqlState ?? 'none'}`,
    `Database error:\n${failure.report}`,
  ].join('\n\n')
}
