import type { ReportedMigration, RunResult, StageRecord } from '../result.ts'
import { headlineOf, targetOf } from './headline.ts'
import { cell, code, codeCell, fenced, line, prose, quote, table } from './markdown-text.ts'
import { migrationState } from './migration-state.ts'
import { rehearsalMarkdown } from './rehearsal-markdown.ts'
import { sectionOf } from './rehearsal-section.ts'
import { formatBytes, formatMs, plural } from './words.ts'

/** The job summary and the report file: Markdown that reads well on GitHub and as plain text. */

const stageMarks = { pass: 'pass', fail: '**fail**', unknown: '**unknown**', skipped: 'not checked' } as const

/** A summary holds 1 MiB; findings beyond this many are counted instead of shown. */
const mostFindings = 100
const mostSqlCharacters = 2_000

export function markdownReport(result: RunResult): string {
  const target = targetOf(result)
  return [
    `## Airlock ${result.command}: ${headlineOf(result)}`,
    target === '' ? '' : `**${cell(target)}**`,
    ...reasonSection(result.reason),
    ...failureSection(result),
    ...nextSection(result),
    ...noticesSection(result),
    ...findingsSection(result),
    ...allowedSection(result),
    ...rehearsalSection(result),
    ...migrationsSection(result),
    ...stagesSection(result.stages),
    ...backupSection(result),
    result.digest === undefined ? '' : `Plan digest: \`${result.digest}\``,
    `<sub>${result.startedAt} · ${formatMs(result.ms)}</sub>`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

/** The first line is the reason, the others are what it consists of. */
function reasonSection(reason: string): string[] {
  const [first = '', ...details] = reason.split('\n').filter((line) => line.trim() !== '')
  if (first === '') return []
  return [line(first), ...(details.length === 0 ? [] : [fenced(details.join('\n'), 'text')])]
}

function failureSection({ failure }: RunResult): string[] {
  if (failure === undefined) return []
  return [`**\`${failure.code}\`** ${line(failure.what)}`, quote(failure.why)]
}

function nextSection({ next }: RunResult): string[] {
  if (next.length === 0) return []
  return ['### Next', ...paragraphs(next)]
}

function rehearsalSection(result: RunResult): string[] {
  const section = sectionOf(result)
  return section === undefined ? [] : [rehearsalMarkdown(section)]
}

function noticesSection({ notices }: RunResult): string[] {
  return notices.length === 0 ? [] : ['### Worth knowing', notices.map((notice) => `- ${line(notice)}`).join('\n')]
}

const command =
  /^(?:airlock|npx|npm|git|gh|sudo|export|pg_isready|pg_restore|psql|node|echo|printf|prisma:) |^[A-Z]+ .*;|^[A-Z]+;|^--/

/** Sentences are set as text and what is to be pasted as code, in the order in which they were said. */
function paragraphs(lines: readonly string[]): readonly string[] {
  const parts: { readonly code: boolean; readonly lines: string[] }[] = []
  for (const line of lines) {
    const code = command.test(line)
    const last = parts.at(-1)
    if (code && last?.code === true) last.lines.push(line)
    else parts.push({ code, lines: [line] })
  }
  return parts.map((part) => (part.code ? fenced(part.lines.join('\n'), 'sh') : prose(part.lines.join('\n'))))
}

function findingsSection({ findings }: RunResult): string[] {
  if (findings.length === 0) return []
  const shown = findings
    .slice(0, mostFindings)
    .map((finding) =>
      [
        `#### ${finding.severity}: ${line(finding.message)}`,
        `${code(`${finding.file}:${finding.line}`)} · [${finding.rule}](${finding.docs})`,
        prose(finding.why),
        'Instead:',
        insteadOf(finding.instead),
      ].join('\n\n'),
    )
  const left = findings.length - shown.length
  return ['### Findings', ...shown, ...(left > 0 ? [`${plural(left, 'more finding')} in the JSON report.`] : [])]
}

/** Mostly SQL; a sentence where no SQL would say it, or a command. */
function insteadOf(instead: string): string {
  if (/^[A-Z][^;\n]*\.$/.test(instead)) return prose(instead)
  return fenced(instead, /^(?:git|sed) /.test(instead) ? 'sh' : 'sql')
}

/** What a comment in a migration silenced, with the reason that it gives. */
function allowedSection({ allowed }: RunResult): string[] {
  if (allowed.length === 0) return []
  const shown = allowed
    .slice(0, mostFindings)
    .map(
      (one) =>
        `- allowed: ${line(one.message)} (${one.rule}, ${code(`${one.file}:${one.line}`)}) because ${line(one.reason)}`,
    )
  const left = allowed.length - shown.length
  const rest = left > 0 ? [`${plural(left, 'more permission')} in the JSON report.`] : []
  return ['### Allowed', shown.join('\n'), ...rest]
}

function migrationsSection(result: RunResult): string[] {
  const { migrations } = result
  if (migrations.length === 0) return []
  const rows = migrations.map((migration) => {
    const effects = migration.statements.map((statement) => statement.effects)
    const locks = new Set(effects.flatMap((effect) => effect.locks.map((lock) => `${lock.relation}: ${lock.mode}`)))
    const loses = effects.flatMap((effect) => effect.loses.map((loss) => `${loss.kind} ${loss.name}`))
    const unknown = effects.some((effect) => effect.unknown) ? ['something that cannot be told'] : []
    return [
      codeCell(migration.name),
      migrationState(result, migration.name),
      migration.stage,
      migration.atomic ? 'all or nothing' : 'statement by statement',
      cell(list([...locks])),
      cell(list([...loses, ...unknown])),
    ]
  })
  return [
    '### Migrations',
    table(['migration', 'state', 'stage', 'if it fails', 'locks', 'loses'], rows),
    ...migrations.map(sqlDetails),
  ]
}

function sqlDetails(migration: ReportedMigration): string {
  const sql = migration.statements.map((statement) => `${statement.sql};`).join('\n')
  const cut = sql.length > mostSqlCharacters ? `${sql.slice(0, mostSqlCharacters)}\n-- … cut here` : sql
  return `<details><summary>SQL of ${line(migration.name)}</summary>\n\n${fenced(cut, 'sql')}\n\n</details>`
}

function stagesSection(stages: readonly StageRecord[]): string[] {
  if (stages.length === 0) return []
  const rows = stages.map((stage) => [
    stage.name,
    stageMarks[stage.outcome],
    stage.outcome === 'skipped' ? '' : formatMs(stage.ms),
    cell(stage.summary),
  ])
  return ['### Stages', table(['stage', 'result', 'time', ''], rows)]
}

function backupSection({ backup }: RunResult): string[] {
  if (backup === undefined) return []
  return [`Backup: ${code(backup.manifest)} (${formatBytes(backup.bytes)}, proven to the tier **${backup.tier}**)`]
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 5)
  const left = items.length - shown.length
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('; ')
}
