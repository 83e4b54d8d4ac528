import { oneLine } from '../../../report/markdown-text.ts'
import { formatMs } from '../../../report/words.ts'
import type { ApplyingSession, Blocker, WorkProgress } from './observation.ts'

/** What a line of the log says, and what of it has to change before there is another one. */
export interface ProgressLine {
  readonly key: string
  readonly text: string
}

const mostCharacters = 100

export function describeSession(session: ApplyingSession): ProgressLine {
  const { query, statementMs, waitingMs, blockers, queued, queuedMs, progress } = session
  const waiting =
    waitingMs === null
      ? ''
      : `; waits ${formatMs(waitingMs)} for ${blockers.map(describeBlocker).join(', ') || 'a lock'}`
  const behind =
    queued === 0
      ? ''
      : `; ${queued} ${queued === 1 ? 'session waits' : 'sessions wait'} behind it, up to ${formatMs(queuedMs)}`
  return {
    key: [
      waitingMs === null ? 'works' : `waits for ${blockers.map(({ pid }) => pid).join(',')}`,
      queued > 0,
      progress?.phase,
    ].join('|'),
    text: `${cut(statementIn(query))} ${formatMs(statementMs)}${progress === null ? '' : `, ${describeWork(progress)}`}${waiting}${behind}`,
  }
}

export function describeBlocker({ pid, name, state, transactionMs }: Blocker): string {
  const facts = [
    ...(name === '' ? [] : [name]),
    ...(state === '' ? [] : [state]),
    ...(transactionMs === null ? [] : [`in its transaction for ${formatMs(transactionMs)}`]),
  ]
  return `process ${pid}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`
}

function describeWork({ work, phase, done, total }: WorkProgress): string {
  const share = total > 0 ? `, ${Math.min(100, Math.floor((done / total) * 100))} %` : ''
  return `${work}: ${phase}${share}`
}

/** Of a file that is sent as one message nobody outside the server can tell which statement it has come to. */
function statementIn(query: string): string {
  return oneLine(query.replaceAll(/^\s*--.*$/gm, '').trim())
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
}
