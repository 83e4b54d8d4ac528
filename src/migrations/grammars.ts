/** The two grammars that read a file: PostgreSQL's own, and the one that Prisma splits files with. Neither needs to know the database. */

import { loadParser, type Parser } from '../sql/parse.ts'
import { atomicModel } from './atomic-model.ts'
import { asksParser, type ExecutionModel, executionModel, type SqlParser } from './execution-model.ts'
import { loadSqlParser } from './execution-parser.ts'

/** A file that is about to be judged. */
export interface ReadFile {
  /** Knows the tree of the file already, where that was read ahead. */
  readonly parser: Parser
  readonly execution: () => ExecutionModel
}

export async function readHere(sql: string, prismaVersion: string | undefined): Promise<ReadFile> {
  const splitter = await loadSplitter(prismaVersion, sql)
  return { parser: await loadParser(), execution: () => executionOf(sql, prismaVersion, splitter) }
}

/** For all of `texts`; only where one of them needs it. */
export async function loadSplitter(prismaVersion: string | undefined, ...texts: readonly string[]): Promise<SqlParser> {
  const isAsked = prismaVersion !== undefined && texts.some((sql) => asksParser(prismaVersion, sql))
  return isAsked ? await loadSqlParser() : neverAsked
}

/** What it says is kept for every migration; the pieces are for those who execute one. */
export function executionOf(sql: string, prismaVersion: string | undefined, splitter: SqlParser): ExecutionModel {
  if (prismaVersion === undefined) return atomicModel(sql)
  const { pieces: _, ...execution } = executionModel(prismaVersion, sql, splitter)
  return execution
}

const neverAsked: SqlParser = {
  countStatements() {
    throw new Error('nobody splits these files')
  },
}
