/** The two grammars that read a file: PostgreSQL's own, and the one that Prisma splits files with. Neither needs to know the database. */

import { loadParser, type Parser } from '../sql/parse.ts'
import { type SqlParser, splitsFiles } from './execution-model.ts'
import { loadSqlParser } from './execution-parser.ts'

export interface Grammars {
  readonly parser: Parser
  readonly splitter: SqlParser
}

export async function loadGrammars(prismaVersion: string): Promise<Grammars> {
  const splitter = splitsFiles(prismaVersion) ? await loadSqlParser() : neverAsked
  return { parser: await loadParser(), splitter }
}

const neverAsked: SqlParser = {
  countStatements() {
    throw new Error('this version of Prisma does not split files')
  },
}
