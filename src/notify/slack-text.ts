import { printable } from '../report/findings-width.ts'

/** Slack's text rules: https://docs.slack.dev/messaging/formatting-message-text, read in November 2026. */

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Escaping `<` is also what keeps `<!channel>` in a migration's name from waking everybody up. */
export function escapeText(text: string): string {
  return printable(text).replace(/[&<>]/g, (character) => entities[character] ?? character)
}

/** Escapes and cuts so that the escaped text fits, never in the middle of an entity or of a surrogate pair. */
export function clipEscaped(text: string, limit: number): string {
  const whole = escapeText(text)
  if (whole.length <= limit) return whole
  let cut = ''
  for (const character of printable(text)) {
    const escaped = entities[character] ?? character
    if (cut.length + escaped.length > limit - 1) break
    cut += escaped
  }
  return `${cut}…`
}

/** One line of code; a backtick inside would end it early and Slack has no way to escape one. */
export function inlineCode(text: string, limit = 300): string {
  return `\`${clipEscaped(oneLine(text).replaceAll('`', "'"), limit)}\``
}

export function link(url: string, label: string): string {
  const safe = url.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll(/\s/g, '')
  return /^https?:\/\//.test(safe)
    ? `<${safe.replaceAll('&', '&amp;')}|${clipEscaped(oneLine(label), 200)}>`
    : escapeText(label)
}

export interface Room {
  readonly lines: number
  readonly characters: number
}

/** Lines joined as far as there is room; the rest is counted, never silently gone. */
export function joinLines(lines: readonly string[], room: Room, rest: (count: number) => string): string {
  const kept: string[] = []
  let used = 0
  for (const [index, line] of lines.entries()) {
    const left = lines.length - index
    const reserve = left > 1 ? rest(left - 1).length + 1 : 0
    if (index >= room.lines || used + line.length + 1 + reserve > room.characters)
      return [...kept, rest(left)].join('\n')
    kept.push(line)
    used += line.length + 1
  }
  return kept.join('\n')
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
