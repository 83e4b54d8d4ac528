import type { Failure } from '../errors.ts'
import type { Session } from '../ports.ts'
import { quoteIdentifier, quoteLiteral } from '../postgres/quoting.ts'
import type { History, HistoryRow } from './history.ts'
import { createHistorySql, type HistoryRecord, recordsIn } from './history-record.ts'
import { type HistoryTable, readRecords, readTable } from './history-table.ts'
import type { Migration } from './migration.ts'
import { blockedByFailure, ownTable, ownTableIn } from './own-records.ts'
import type { HistoryWords, MigrationHistory } from './source.ts'

/**
 * The table of another tool, which that tool goes on using: it gets a row when a migration is finished and never another one.
 * It has no place for a file that is applied in part, so such a one has its row in a table of ours beside it until it is finished.
 */
export interface ForeignTable {
  readonly schema: string
  readonly table: string
  /** Where the tables of the application are. */
  readonly dataSchema: string
  readonly reader: HistoryWords['reader']
  /** The column by which the tool knows a migration. */
  readonly key: string
  /** The expression for what it recorded of its content; '' where it recorded nothing. */
  readonly content: (rows: string) => string
  /** As the tool makes it. */
  readonly create: readonly string[]
  /** Columns and values of a finished migration; the texts are quoted here. */
  readonly row: (record: HistoryRecord) => Readonly<Record<string, string>>
  readonly checksumOf: (content: string) => string
  /** The names of the folder, by what the tool calls them. */
  readonly names: () => ReadonlyMap<string, string>
  /** Refuses a table of a shape that this release does not know. */
  readonly look: (session: Session) => Promise<void>
  readonly problems: (history: History) => readonly Failure[]
  readonly acceptEdited: HistoryWords['acceptEdited']
  /** Records a migration of which only `own`, a table with a row of it, has the checksum. */
  readonly insertFrom: (key: string, own: string) => string
  readonly findInGit: (key: string) => string
}

interface Row {
  readonly key: string | null
  readonly content: string
}

export function foreignHistory(foreign: ForeignTable): MigrationHistory {
  const { schema, table, dataSchema, reader } = foreign
  const quoted = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
  const own = recordsIn(schema, ownTable)
  const insert = (record: HistoryRecord) => insertInto(foreign, quoted, record)
  return {
    schema,
    words: wordsOf(foreign, quoted),
    problems: foreign.problems,
    create: (schemaExists) =>
      schemaExists ? foreign.create : [`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`, ...foreign.create],
    insertFinished: insert,
    insertStarted: (record, logs) => `${createHistorySql(ownTableIn(schema), true)} ${own.insertStarted(record, logs)}`,
    progress: own.progress,
    finish: (record) => `${own.forget(record)}; ${insert(record)}`,
    forget: own.forget,
    async read(session) {
      const found = await readTable<Row>(
        session,
        { schema, table, reader, dataSchema },
        {
          columns: `m.${foreign.key}::text AS key, ${foreign.content('m')} AS content`,
          key: foreign.key === 'created_at' ? 'id' : foreign.key,
          order: `m.${foreign.key}`,
        },
      )
      if (found.kind === 'absent') return found
      await foreign.look(session)
      const names = foreign.names()
      const finished = found.rows.map((row) => asRow(row, names, foreign.checksumOf))
      return { kind: 'present', rows: [...finished, ...(await readBegun(session, foreign))] }
    },
  }
}

function insertInto({ row: rowOf }: ForeignTable, quoted: string, record: HistoryRecord): string {
  const row = rowOf(record)
  return `INSERT INTO ${quoted} (${Object.keys(row).map(quoteIdentifier).join(', ')}) VALUES (${Object.values(row).join(', ')})`
}

function asRow(
  { key, content }: Row,
  names: ReadonlyMap<string, string>,
  checksumOf: (content: string) => string,
): HistoryRow {
  const known = key ?? 'NULL'
  // When it was applied is not recorded, only that it was.
  const at = new Date(0)
  return {
    id: known,
    name: names.get(known) ?? known,
    checksum: checksumOf(content),
    startedAt: at,
    finishedAt: at,
    rolledBackAt: undefined,
    logs: '',
    appliedSteps: 1,
  }
}

/** What is applied in part, and by whom it was begun is known: only Airlock writes there. */
async function readBegun(session: Session, { schema, dataSchema }: ForeignTable): Promise<readonly HistoryRow[]> {
  const [there] = await session.query<{ there: boolean }>('SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there', [
    ownTableIn(schema),
  ])
  if (there?.there !== true) return []
  const found: HistoryTable = await readRecords(session, { schema, table: ownTable, reader: 'Airlock', dataSchema })
  return found.kind === 'present' ? found.rows : []
}

function wordsOf(foreign: ForeignTable, quoted: string): HistoryWords {
  const own = ownTableIn(foreign.schema)
  const unfinished = (name: string) => `migration_name = ${quoteLiteral(name)} AND finished_at IS NULL`
  return {
    name: foreign.table,
    reader: foreign.reader,
    recorder: 'Airlock',
    blocked: blockedByFailure,
    setApplied: (name) => {
      const key = [...foreign.names()].find(([, one]) => one === name)?.[0] ?? name
      return `${foreign.insertFrom(key, `${own} WHERE ${unfinished(name)}`)}; DELETE FROM ${own} WHERE ${unfinished(name)};`
    },
    setRolledBack: (name) => `DELETE FROM ${own} WHERE ${unfinished(name)};`,
    acceptEdited: foreign.acceptEdited,
    forget: (keys) => `DELETE FROM ${quoted} WHERE ${foreign.key} IN (${keys.map(quoteLiteral).join(', ')});`,
    findInGit: foreign.findInGit,
    baseline: (first: Migration | undefined, { schemaExists }) => [
      'Make the history. As it is then, every migration is pending:',
      ...[
        ...(schemaExists ? [] : [`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(foreign.schema)}`]),
        ...foreign.create,
      ].map((sql) => `${sql.replaceAll(/\s+/g, ' ').trim()};`),
      ...(first === undefined
        ? []
        : [
            'Record every migration that this database already contains, beginning with:',
            `${insertInto(foreign, quoted, { id: '', ...first })};`,
          ]),
    ],
  }
}
