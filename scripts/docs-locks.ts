import type { LockMode } from '../src/sql/model.ts'
import { observedIn, type Seen, type TruthRow } from '../test/truth/matrix.ts'
import { table } from './docs-tables.ts'

/** The lock table of the documentation, from what servers were seen to do. Pure: strings out. */

const allMajors = 5

export function lockPage(rows: readonly TruthRow[]): readonly string[] {
  const sections = new Map<string, TruthRow[]>()
  for (const row of rows) {
    const title = sectionOf(row.sql)
    sections.set(title, [...(sections.get(title) ?? []), row])
  }
  return [
    'Seen on real servers of PostgreSQL 14, 15, 16, 17 and 18, never copied from a manual: each statement ran in a transaction of its own on [these tables](../../test/sql/effects-truth/setup.sql), with rows in them, and was looked at through `pg_locks`, `pg_class` and the statistics before it was rolled back. `npm run truth` asks the servers again. The effect model is tested against every line.',
    'Where versions differ, there is a line for each behaviour with the versions it was seen on. Indexes are left out where the statement is about their table. What reads are planned for a query differs with the data and says little about yours.',
    `## What a lock keeps out\n\n${blockTable()}`,
    '## Where versions differ',
    differences(rows),
    ...[...sections].toSorted(byTitle).map(([title, list]) => `## ${title}\n\n${tableOf(list)}`),
  ]
}

function byTitle(one: readonly [string, unknown], other: readonly [string, unknown]): number {
  return one[0] < other[0] ? -1 : 1
}

const blocks: Readonly<Record<LockMode, string>> = {
  AccessShareLock: 'nothing',
  RowShareLock: 'nothing',
  RowExclusiveLock: 'nothing',
  ShareUpdateExclusiveLock: 'nothing',
  ShareLock: 'writes',
  ShareRowExclusiveLock: 'writes',
  ExclusiveLock: 'writes',
  AccessExclusiveLock: 'reads and writes',
}

const beside: Readonly<Record<LockMode, string>> = {
  AccessShareLock: 'Taken by every SELECT.',
  RowShareLock: 'Taken by SELECT … FOR UPDATE; waits for EXCLUSIVE and stronger.',
  RowExclusiveLock: 'Taken by INSERT, UPDATE and DELETE.',
  ShareUpdateExclusiveLock: 'Other changes to the table and VACUUM wait.',
  ShareLock: 'Other index builds of this kind go on.',
  ShareRowExclusiveLock: 'Only one at a time.',
  ExclusiveLock: 'Reads go on, SELECT … FOR UPDATE waits.',
  AccessExclusiveLock: 'Everything waits, and everything that comes later waits behind it.',
}

function blockTable(): string {
  const modes = Object.keys(blocks) as readonly LockMode[]
  return table(
    ['Lock', 'Blocks', ''],
    modes.map((mode) => [`\`${mode}\``, blocks[mode], beside[mode]]),
  )
}

function differences(rows: readonly TruthRow[]): string {
  const differing = rows.filter(({ seen }) => seen.length > 1)
  return differing.length === 0 ? 'Nowhere.' : tableOf(differing)
}

function tableOf(rows: readonly TruthRow[]): string {
  return table(
    ['Statement', 'Locks', 'Blocks', 'Rewrites', 'Reads all of', 'Loses', 'Versions'],
    rows.flatMap(({ sql, seen }) => seen.map((one) => lineOf(sql, one))),
  )
}

function lineOf(sql: string, seen: Seen): readonly string[] {
  const observed = observedIn(seen)
  const versions = seen.majors.length === allMajors ? 'all' : seen.majors.join(', ')
  if (observed === undefined) return [code(sql), 'not in the grammar', '', '', '', '', versions]
  const losses = [
    ...observed.tables.map((name) => `table ${code(short(name))}`),
    ...observed.columns.map((name) => `column ${code(short(name))}`),
    ...observed.rows.map((name) => `rows of ${code(short(name))}`),
  ]
  return [
    code(sql),
    observed.locks.map(lockText).join('<br>'),
    strongest(observed.locks),
    listed(observed.rewrites),
    listed(observed.scans),
    losses.join('<br>'),
    versions,
  ]
}

function lockText(lock: string): string {
  const [relation = '', mode = ''] = lock.split(' ')
  return `${code(short(relation))} ${mode}`
}

/** Who is kept out of which tables. */
function strongest(locks: readonly string[]): string {
  const blocked = new Map<string, string[]>()
  for (const lock of locks) {
    const [relation = '', mode = ''] = lock.split(' ')
    const what = blocks[mode as LockMode] ?? mode
    if (what !== 'nothing') blocked.set(what, [...(blocked.get(what) ?? []), code(short(relation))])
  }
  return [...blocked].map(([what, relations]) => `${what}: ${relations.join(', ')}`).join('<br>')
}

function listed(names: readonly string[]): string {
  return names.map((name) => code(short(name))).join('<br>')
}

function short(name: string): string {
  return name.replace(/^public\./, '')
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

const twoWords =
  /^(CREATE|ALTER|DROP|REFRESH) (UNIQUE |UNLOGGED |TEMP |OR REPLACE |MATERIALIZED |CONSTRAINT |DEFAULT |EVENT )*[A-Z]+/

/** `CREATE INDEX`, `ALTER TABLE … ADD COLUMN`, `UPDATE`: what somebody looks for. */
export function sectionOf(sql: string): string {
  const change = /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?\S+ ([A-Z]+)(?: (?:ONLY )?([A-Z]+))?/.exec(sql)
  if (change !== null) return alterSection(change[1] ?? '', change[2] ?? '')
  const words = twoWords.exec(sql)?.[0]
  if (words !== undefined) return words.replaceAll(/\b(UNIQUE|UNLOGGED|TEMP|OR REPLACE|CONSTRAINT|DEFAULT) /g, '')
  if (/^(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|COPY)\b/.test(sql)) return 'Reading and writing rows'
  if (/^(DO|CALL)\b/.test(sql)) return 'DO blocks and procedures'
  if (/^(GRANT|REVOKE|REASSIGN)\b/.test(sql)) return 'Grants and ownership'
  return /^(TRUNCATE|LOCK|COMMENT|REINDEX)\b/.exec(sql)?.[0] ?? 'Others'
}

function alterSection(verb: string, object: string): string {
  if (verb === 'ALTER' || (verb === 'ADD' && /^(COLUMN|CONSTRAINT)$/.test(object)) || /^(DROP|RENAME)$/.test(verb)) {
    return `ALTER TABLE … ${verb}${/^(COLUMN|CONSTRAINT)$/.test(object) ? ` ${object}` : ''}`
  }
  return verb === 'ADD' ? 'ALTER TABLE … ADD CONSTRAINT' : 'ALTER TABLE, other commands'
}
