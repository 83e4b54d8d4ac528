import { fail } from '../errors.ts'
import { type FileStatement, fileStatements } from './execution-statements.ts'
import {
  type RefusedStatement,
  type StrayStatement,
  type TransactionWalk,
  walkTransactions,
} from './execution-transactions.ts'

/** The parser that Prisma's engine splits files with; see execution-parser.ts for the real one. */
export interface SqlParser {
  /** How many statements it reads in the text; `undefined` where it cannot read the text, `unknown` where it broke on it. */
  countStatements(sql: string): number | undefined | 'unknown'
}

/** A part of the file that goes to the server as one message. */
export interface Piece {
  readonly sql: string
  readonly startByte: number
  readonly endByte: number
}

/** How Prisma is going to execute one migration.sql, and what that means when it fails half-way. */
export interface ExecutionModel {
  /** `batch`: the whole file in one message. `split`: every statement in a message of its own. */
  readonly kind: 'batch' | 'split'
  /** A file that fails leaves nothing of itself behind. */
  readonly atomic: boolean
  readonly statements: number
  /** Why, in a sentence for the report. */
  readonly because: string
  /** A statement that cannot succeed in this file, because it must not run in a transaction and is going to. */
  readonly refused: RefusedStatement | undefined
  /** `SET LOCAL`, `LOCK TABLE` and the like where no transaction is open: without effect, or refused. */
  readonly stray: readonly StrayStatement[]
  /** The file opens a transaction and does not end it: Prisma reports success and everything is rolled back. */
  readonly leftOpen: boolean
}

/** With what it is to be executed by. */
export interface ExecutableModel extends ExecutionModel {
  readonly pieces: readonly Piece[]
}

/**
 * Up to 7.3 the file is one simple query; from 7.4 on it is split with sqlparser, or sent whole where that parser
 * cannot read it (prisma-engines #5767 and #5847).
 */
export function executionModel(prismaVersion: string, sql: string, parser: SqlParser): ExecutableModel {
  const statements = fileStatements(sql)
  if (!splitsFiles(prismaVersion)) {
    return modelOf('batch', sql, statements, `Prisma ${prismaVersion} sends the file in one message`)
  }
  const asPrismaReadsIt = hasNothingToSplit(sql) ? statements.length : parser.countStatements(sql)
  if (asPrismaReadsIt === undefined) {
    const how = `Prisma ${prismaVersion} cannot split the file, because its SQL parser does not read it, and sends it in one message`
    return modelOf('batch', sql, statements, how)
  }
  if (asPrismaReadsIt !== statements.length) {
    // Two readings of one file: nothing about it may be promised.
    const how =
      asPrismaReadsIt === 'unknown'
        ? `How Prisma ${prismaVersion} reads the file is not known, because its SQL parser breaks on an expression as deep as one here`
        : `Prisma ${prismaVersion} reads ${asPrismaReadsIt} statements where PostgreSQL reads ${statements.length}`
    return {
      ...modelOf('split', sql, statements, how),
      atomic: false,
      because: `${how}: what a failure leaves behind is unknown.`,
    }
  }
  return modelOf('split', sql, statements, `Prisma ${prismaVersion} sends every statement in a message of its own`)
}

/** The parser takes as long to come up as a small plan to be made. */
export function asksParser(prismaVersion: string, sql: string): boolean {
  return splitsFiles(prismaVersion) && !hasNothingToSplit(sql)
}

/**
 * Whoever reads it: no semicolon but the last, no blank at which a comment ends for one reader and not for another, and none
 * that is a blank for one of them only, such as a byte order mark.
 */
function hasNothingToSplit(sql: string): boolean {
  const end = sql.search(/;|[^\S \t\r\n]|\r(?!\n)/)
  return end === -1 || /^;[ \t\r\n]*$/.test(sql.slice(end))
}

/** Whether this version splits files at all. */
export function splitsFiles(prismaVersion: string): boolean {
  const { major, minor } = parseVersion(prismaVersion)
  return major > 7 || (major === 7 && minor >= 4)
}

function parseVersion(version: string): { readonly major: number; readonly minor: number } {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? []
  if (major === undefined || minor === undefined || Number(major) >= 8) {
    throw fail('PRISMA.UNSUPPORTED', {
      what: `How Prisma ${version} executes a migration is not known.`,
      why:
        major === undefined
          ? `\`${version}\` is not a version number.`
          : 'From version 8 on Prisma compiles its migrations and has no `migrate deploy`.',
      next: ['Use Prisma 6 or 7: npm install --save-dev --save-exact prisma@7.10.1'],
    })
  }
  return { major: Number(major), minor: Number(minor) }
}

export function modelOf(
  kind: ExecutionModel['kind'],
  sql: string,
  statements: readonly FileStatement[],
  how: string,
): ExecutableModel {
  const walk = walkTransactions(statements, kind === 'batch')
  const whole: Piece = { sql, startByte: 0, endByte: Buffer.byteLength(sql) }
  const atomic =
    walk.committing <= 1 && walk.leavesBehind === undefined && walk.afterCommit === undefined && !walk.leftOpen
  return {
    kind,
    atomic,
    pieces:
      kind === 'batch' || statements.length === 0
        ? [whole]
        : statements.map(({ sql: text, startByte, endByte }) => ({ sql: text, startByte, endByte })),
    statements: statements.length,
    because: `${how}: ${consequence(walk, statements.length, kind)}.`,
    refused: walk.refused,
    stray: walk.stray,
    leftOpen: walk.leftOpen,
  }
}

function consequence(walk: TransactionWalk, count: number, kind: ExecutionModel['kind']): string {
  if (walk.leftOpen) return 'it opens a transaction and never commits it, so everything in it is rolled back at the end'
  if (walk.refused !== undefined) {
    return `${walk.refused.what} cannot run inside a transaction, so the file fails at statement ${walk.refused.statement + 1} of ${count}`
  }
  if (walk.committing > 1)
    return `a failure leaves the ${walk.explicit ? 'transactions' : 'statements'} before it applied`
  const failing = walk.stray.find(({ fails }) => fails)
  if (failing !== undefined) {
    return `${failing.what} can only be used inside a transaction, so the file fails at statement ${failing.statement + 1} of ${count}`
  }
  if (walk.leavesBehind !== undefined) return walk.leavesBehind
  if (walk.afterCommit !== undefined)
    return `what comes before statement ${walk.afterCommit + 1} of ${count} is committed when that fails`
  if (count <= 1) return 'a single statement is applied as a whole or not at all'
  if (kind === 'batch' && !walk.explicit)
    return 'PostgreSQL runs them in one transaction, and a failure leaves nothing behind'
  return 'all its changes are in one transaction, and a failure leaves nothing behind'
}
