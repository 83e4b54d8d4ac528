import type { Failure } from '../errors.ts'
import { shellWord } from '../postgres/quoting.ts'
import { withoutRowValues } from '../postgres/row-values.ts'
import { type EditedMigration, type History, type HistoryRow, sqlStateIn } from './history.ts'
import type { HistoryAbsent } from './history-table.ts'
import type { Migration } from './migration.ts'
import type { HistoryWords } from './source.ts'

/** Every problem of the history on its own, the one that stops Prisma itself first. */
export function historyFailures(history: History, words: HistoryWords): readonly Failure[] {
  return [
    failedMigrations(history, words),
    editedMigrations(history.edited, words),
    missingMigrations(history.missing, words),
  ].filter((failure) => failure !== undefined)
}

export function failedMigrations({ failed, applied }: History, words: HistoryWords): Failure | undefined {
  const [first] = failed
  if (first === undefined) return undefined
  const names = [...new Set(failed.map((row) => row.name))]
  const finished = new Set<string>(applied.map((migration) => migration.name))
  return {
    code: 'HISTORY.FAILED_MIGRATION',
    what:
      names.length === 1
        ? `\`${first.name}\` is recorded as failed.`
        : `${names.length} migrations are recorded as failed.`,
    why: `${failed.map((row) => whatHappened(row, words)).join('\n')}\n${words.blocked}`,
    next: [
      `Compare the database with the file: which of its statements are in force? Then say so to ${words.recorder}.`,
      ...names.flatMap((name) => waysOutOf(name, failed, finished, words)),
    ],
  }
}

function waysOutOf(
  name: string,
  failed: readonly HistoryRow[],
  finished: ReadonlySet<string>,
  words: HistoryWords,
): readonly string[] {
  const silent = failed.every((row) => row.name !== name || row.logs.trim() === '')
  const running = silent
    ? [
        'It may still be running. See who is at work before resolving anything:',
        "SELECT pid, application_name, state, xact_start, left(query, 100) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle';",
      ]
    : []
  const rolledBack = [
    `If nothing of \`${name}\` is in force, or after undoing what is: it will be applied again.`,
    words.setRolledBack(name),
  ]
  // Prisma refuses `--applied` for a name that has a finished row as well (P3008).
  const applied = finished.has(name)
    ? []
    : [`If all of \`${name}\` is in force, or after completing it by hand:`, words.setApplied(name)]
  return [...running, ...rolledBack, ...applied]
}

/** Of Prisma's log only the SQLSTATE and the first line, without the values of rows. */
function whatHappened(row: HistoryRow, words: HistoryWords): string {
  const why = row.notResumable === undefined ? '' : ` It cannot go on from there: ${row.notResumable}.`
  return `${withoutRowValues(errorIn(row, words))}${why}`
}

function errorIn(row: HistoryRow, { recorder }: HistoryWords): string {
  const started = `\`${row.name}\`, started at ${row.startedAt.toISOString()}`
  const sqlState = sqlStateIn(row.logs)
  const message = /Database error:\s*\n\s*([^\n]+)/.exec(row.logs)?.[1]?.trim()
  if (row.logs.trim() === '')
    return `${started}: ${recorder} recorded no error, so it was interrupted or is still running, or it is in force and only the record of that is missing.`
  if (message === undefined) return `${started}: ${row.logs.trim().split('\n')[0]}`
  return `${started}: ${message}${sqlState === undefined ? '' : ` (SQLSTATE ${sqlState})`}`
}

function editedMigrations(edited: readonly EditedMigration[], words: HistoryWords): Failure | undefined {
  const [first] = edited
  if (first === undefined) return undefined
  const names = edited.map(({ migration }) => `\`${migration.name}\``)
  return {
    code: 'HISTORY.EDITED',
    what: `${names.join(', ')} ${edited.length === 1 ? 'was' : 'were'} edited after being applied.`,
    why: `${edited.map(({ migration, recorded }) => `\`${migration.file}\` has the checksum ${migration.checksum}; applied was ${recorded}.`).join('\n')}\nWhat was changed will never run on this database, and ${words.reader} says nothing about it.`,
    next: [
      'Put the applied text back, and what was changed into a new migration:',
      ...edited.map(({ migration }) => `git log --oneline -- ${shellWord(migration.file)}`),
      'If only comments or spaces changed, accept the new text:',
      ...edited.map(words.acceptEdited),
    ],
  }
}

export function missingMigrations(missing: readonly string[], words: HistoryWords): Failure | undefined {
  if (missing.length === 0) return undefined
  const names = missing.map((name) => `\`${name}\``)
  return {
    code: 'HISTORY.MISSING_FROM_FOLDER',
    what: `The database is ahead of the folder: ${names.join(', ')} ${missing.length === 1 ? 'is' : 'are'} applied and not in it.`,
    why: 'Either this is an older commit or another branch than the one that was deployed last, or the folder was deleted or renamed. A plan made from it would be about another schema.',
    next: [
      'Find the commit that has it, and deploy that one or merge it:',
      ...missing.map(words.findInGit),
      'If it was squashed into another migration on purpose, take its row out of the history:',
      words.forget(missing),
    ],
  }
}

/** P3005: Prisma does not touch a database that has tables and no history. */
export function notBaselined(
  absent: HistoryAbsent,
  words: HistoryWords,
  schema: string,
  migrations: readonly Migration[],
): Failure {
  const { tables } = absent
  const stops = words.reader === 'Prisma' ? 'so Prisma applies nothing (P3005)' : 'so all of them would be applied'
  return {
    code: 'HISTORY.NOT_BASELINED',
    what: `The schema \`${schema}\` has ${tables === 1 ? 'a table' : `${tables} tables`} and no \`${words.name}\`.`,
    why: `Nothing says which migrations its tables come from, ${stops}.`,
    next: words.baseline(migrations[0], absent),
  }
}
