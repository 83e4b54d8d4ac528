import { appendFileSync, statSync } from 'node:fs'
import { messageOf } from '../errors.ts'

/** GitHub drops a summary above 1 MiB as a whole, with an error in the log: what is cut here stays readable. */
export const summaryBytes = 1024 * 1024

export type SummaryWritten =
  | { readonly kind: 'written' }
  | { readonly kind: 'cut'; readonly leftOutBytes: number }
  | { readonly kind: 'not-written'; readonly reason: string }

/** Cuts between lines and closes what the cut left open, so that the notice is not inside a code block. */
export function boundMarkdown(markdown: string, limit: number, wholeReport: string): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown
  const notice = `\n\n**The summary ends here: GitHub shows no more than 1 MiB.** The whole report: ${wholeReport}\n`
  const room = limit - Buffer.byteLength(notice) - closers.reserve
  const kept: string[] = []
  let used = 0
  for (const line of markdown.split('\n')) {
    used += Buffer.byteLength(line) + 1
    if (used > room) break
    kept.push(line)
  }
  return `${kept.join('\n')}${closers.of(kept)}${notice}`
}

const closers = {
  /** Room for the longest fence anyone writes and some nested `</details>`. */
  reserve: 512,
  of(lines: readonly string[]): string {
    let fence: string | undefined
    let details = 0
    for (const line of lines) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
      if (mark !== undefined) fence = closes(fence, mark) ? undefined : (fence ?? mark)
      if (fence === undefined) details += count(line, /<details\b/g) - count(line, /<\/details>/g)
    }
    return `${fence === undefined ? '' : `\n${fence.slice(0, 100)}`}${'\n</details>'.repeat(Math.min(20, Math.max(0, details)))}`
  },
}

function closes(open: string | undefined, mark: string): boolean {
  return open !== undefined && mark[0] === open[0] && mark.length >= open.length
}

function count(line: string, pattern: RegExp): number {
  return line.match(pattern)?.length ?? 0
}

export function writeSummary(path: string | undefined, markdown: string, wholeReport: string): SummaryWritten {
  if (path === undefined || path === '') return { kind: 'not-written', reason: 'GITHUB_STEP_SUMMARY is not set' }
  try {
    const used = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    const text = boundMarkdown(`${markdown}\n`, summaryBytes - used, wholeReport)
    if (Buffer.byteLength(text) > summaryBytes - used) {
      return { kind: 'not-written', reason: `the summary of this step holds ${used} bytes already` }
    }
    appendFileSync(path, text)
    const leftOutBytes = Buffer.byteLength(markdown) + 1 - Buffer.byteLength(text)
    return text === `${markdown}\n` ? { kind: 'written' } : { kind: 'cut', leftOutBytes }
  } catch (thrown) {
    return { kind: 'not-written', reason: messageOf(thrown) }
  }
}
