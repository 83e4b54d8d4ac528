import { stageNames } from '../result.ts'
import type { RunEvent } from '../run.ts'
import { printable } from './findings-width.ts'
import { formatMs } from './words.ts'

/** How a run is shown while it goes on. Three places to show it, one line a stage in each. */

const nameWidth = Math.max(...stageNames.map((name) => name.length))

const marks = { pass: 'ok', fail: 'FAILED', unknown: 'UNKNOWN', skipped: 'skipped' } as const

/** Plain lines: a pipe, a file, a CI that is not GitHub. */
export function plainLines(write: (line: string) => void): (event: RunEvent) => void {
  return (event) => {
    if (event.kind === 'progress') write(`    ${printable(event.text)}`)
    if (event.kind === 'stage-ended') write(stageLine(event))
  }
}

/** `foreign` keeps text that others wrote from being read as a workflow command. GitHub folds a group; the line that says what the stage came to stands outside it, where it is read. */
export function githubGroups(
  write: (line: string) => void,
  foreign: (text: string) => string,
): (event: RunEvent) => void {
  let open = false
  return (event) => {
    if (event.kind === 'stage-started') {
      write(`::group::${event.stage}`)
      open = true
    }
    if (event.kind === 'progress') write(foreign(event.text))
    if (event.kind === 'stage-ended') {
      if (open) write('::endgroup::')
      open = false
      write(foreign(stageLine(event)))
    }
  }
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const clearLine = '\r\u001b[2K'

/** A terminal: one line that moves while a stage runs, with the time it has taken and the last thing that happened. */
export function spinner(terminal: {
  readonly write: (text: string) => void
  readonly columns: () => number
  readonly everyMs: (ms: number, work: () => void) => () => void
  readonly now: () => number
}): (event: RunEvent) => void {
  let frame = 0
  let stop: (() => void) | undefined
  let last = ''
  return (event) => {
    if (event.kind === 'stage-started') {
      const startedAt = terminal.now()
      last = ''
      const draw = () => {
        frame = (frame + 1) % frames.length
        const line = `${frames[frame]} ${event.stage.padEnd(nameWidth)} ${formatMs(terminal.now() - startedAt).padStart(7)}  ${last}`
        terminal.write(clearLine + line.slice(0, terminal.columns() - 1))
      }
      draw()
      stop = terminal.everyMs(100, draw)
    }
    if (event.kind === 'progress') last = printable(event.text)
    if (event.kind === 'stage-ended') {
      stop?.()
      stop = undefined
      terminal.write(`${clearLine}${stageLine(event)}\n`)
    }
  }
}

function stageLine({ record }: Extract<RunEvent, { kind: 'stage-ended' }>): string {
  const time = record.outcome === 'skipped' ? '' : formatMs(record.ms)
  return `  ${record.name.padEnd(nameWidth)} ${marks[record.outcome].padEnd(8)} ${time.padStart(7)}  ${printable(record.summary)}`
}
