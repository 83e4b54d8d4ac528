import { formatMs, plural } from '../report/words.ts'
import type { NotifyEvent, NotifyKind, RunFacts } from './event.ts'
import { clipEscaped, escapeText, inlineCode, joinLines, link } from './slack-text.ts'

/** Limits of Block Kit: https://docs.slack.dev/reference/block-kit/blocks, read in November 2026. */
export const slackLimits = { blocks: 50, section: 3_000, header: 150, context: 2_000, fallback: 3_000 } as const

const listedMigrations = 15
const listedSteps = 8

interface PlainText {
  readonly type: 'plain_text'
  readonly text: string
  readonly emoji: false
}
interface Markdown {
  readonly type: 'mrkdwn'
  readonly text: string
  /** Off: a table called `#general` or a URL in a message is text, not a link. */
  readonly verbatim: true
}

export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Markdown }
  | { readonly type: 'context'; readonly elements: readonly Markdown[] }

export interface SlackMessage {
  /** For notifications and for clients that show no blocks. */
  readonly text: string
  readonly blocks: readonly SlackBlock[]
  readonly unfurl_links: false
  readonly unfurl_media: false
}

const titles: Readonly<Record<NotifyKind, string>> = {
  started: 'Migration started',
  refused: 'Migration refused',
  applied: 'Migration applied',
  failed: 'Migration failed',
  recovered: 'Migration failed, database recovered',
  'needs-human': 'Migration stopped, a human is needed',
  unreported: 'Run ended without a report',
}

export function slackMessage(event: NotifyEvent): SlackMessage {
  const title = `${titles[event.kind]}: ${event.run.environment}`
  const lead = leadSentence(event)
  const blocks: readonly SlackBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: clipPlain(title, slackLimits.header), emoji: false } },
    section(clipEscaped(lead, slackLimits.section)),
    ...list('Migrations', migrationLines(event.migrations), listedMigrations, (count) => `and ${count} more`),
    ...list('What to do now', stepLines(event), listedSteps, (count) => `and ${count} more in the report`),
    ...facts(event.run),
  ]
  return {
    text: clipEscaped(`${title}. ${lead}`, slackLimits.fallback),
    blocks: blocks.slice(0, slackLimits.blocks),
    unfurl_links: false,
    unfurl_media: false,
  }
}

/** `sha256:` and twelve digits: enough to recognise, not enough to approve with. */
export function shortDigest(digest: string): string {
  return /^sha256:[0-9a-f]{13,}$/.test(digest) ? `${digest.slice(0, 19)}…` : digest
}

function leadSentence(event: NotifyEvent): string {
  switch (event.kind) {
    case 'started':
      return event.migrations.length === 0
        ? 'Looking for pending migrations.'
        : `${plural(event.migrations.length, 'migration')} to apply.`
    case 'applied': {
      const applied = `${plural(event.migrations.length, 'migration')} applied in ${formatMs(event.ms)}.`
      const backup = event.backup === undefined ? 'No backup was taken.' : `Backup: ${event.backup}.`
      const unchecked = event.notChecked.length === 0 ? '' : ` Not checked: ${event.notChecked.join(', ')}.`
      return `${applied} ${backup}${unchecked}`
    }
    default:
      return `${event.reason} (${event.reasonCode})`
  }
}

function migrationLines(names: readonly string[]): readonly string[] {
  return names.map((name) => `• ${inlineCode(name)}`)
}

function stepLines(event: NotifyEvent): readonly string[] {
  if (event.kind === 'started' || event.kind === 'applied') return []
  return event.next.map((step) => `• ${clipEscaped(step, 600)}`)
}

function list(
  title: string,
  lines: readonly string[],
  most: number,
  rest: (count: number) => string,
): readonly SlackBlock[] {
  if (lines.length === 0) return []
  const heading = `*${title}*\n`
  const room = { lines: most, characters: slackLimits.section - heading.length }
  return [section(`${heading}${joinLines(lines, room, rest)}`)]
}

function facts(run: RunFacts): readonly SlackBlock[] {
  const parts = [
    run.target === undefined
      ? undefined
      : `Database ${inlineCode(run.target.database)} on ${inlineCode(run.target.host)}`,
    run.digest === undefined ? undefined : `Plan ${inlineCode(shortDigest(run.digest))}`,
    run.repository === undefined ? undefined : escapeText(run.repository),
    run.ref === undefined ? undefined : inlineCode(run.ref.replace(/^refs\/(heads|tags)\//, '')),
    run.actor === undefined ? undefined : `by ${clipEscaped(run.actor, 100)}`,
    run.runUrl === undefined ? undefined : link(run.runUrl, 'Open the run'),
  ].filter((part) => part !== undefined)
  if (parts.length === 0) return []
  return [{ type: 'context', elements: [markdown(joinFacts(parts))] }]
}

/** Whole facts only: half a link would show its raw markup. */
function joinFacts(parts: readonly string[]): string {
  const kept: string[] = []
  for (const part of parts) {
    if ([...kept, part].join(' · ').length <= slackLimits.context) kept.push(part)
  }
  return kept.join(' · ')
}

function section(text: string): SlackBlock {
  return { type: 'section', text: markdown(text) }
}

function markdown(text: string): Markdown {
  return { type: 'mrkdwn', text, verbatim: true }
}

function clipPlain(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
